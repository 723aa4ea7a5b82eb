"""A lot as papers to take away: all of it as text, as a document to write in, and as JSON."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

from flask_babel import gettext as _
from flask_babel import ngettext

from lots.competition import queries
from lots.competition.vocabulary import CHANGE_KINDS
from lots.models import Lot
from lots.prices.models import PriceTerms
from lots.prices.wording import paid_when, terms_of
from lots.shown import Names, public_state
from lots.together.queries import public_lots, rule_of
from marketplace.files.actions import content_of
from marketplace.files.downloads import WITHHELD
from marketplace.lifecycle import Refusal
from marketplace.web.filters import shown_date, shown_datetime, shown_pounds

MOST_ZIPPED_BYTES = 60_000_000
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
}

# A line of a paper: ("heading" | "text", words).
Line = tuple[str, str]


def lines_of(lot: Lot, names: Names) -> list[Line]:
    """Everything a bidder reads of a lot, in order."""
    found: list[Line] = [("heading", lot.title), ("text", lot.summary)]
    found += [("text", f"{label}: {value}") for label, value in _facts(lot, names) if value]
    found += _questions(lot)
    found += _answers(lot)
    found += _changes(lot)
    return [(kind, words) for kind, words in found if words]


def _facts(lot: Lot, names: Names) -> Iterator[tuple[str, str]]:
    yield _("Reference"), lot.reference
    yield _("Buyer"), lot.lead_buyer.name
    yield _("Service"), names.services.get(lot.service_code, lot.service_code)
    yield _("For whom"), names.who(lot)
    yield _("Where"), names.where_all(lot)
    yield _("Grant or contract"), str(names.routes[lot.route])
    yield _("Why a contract and not a grant"), lot.contract_reason
    yield _("Worth"), names.worth(lot)
    yield _("Whole-life value, with VAT and options"), shown_pounds(lot.value_gross_pence)
    yield _("For how long"), names.term(lot)
    yield _("Price asked for"), str(names.price_bases[lot.price_basis])
    yield from terms_of(lot)
    yield _("When you are paid"), paid_when(lot)
    yield _("What you write"), names.effort(lot)
    yield _("Questions to the buyer until"), _moment(lot.questions_until)
    yield _("Bids close"), _moment(lot.closes_at)
    yield _("Service starts"), shown_date(lot.starts_on) if lot.starts_on else ""
    for criterion in lot.criteria:
        yield _("Criterion and weight"), f"{criterion.name}, {criterion.weight}"
    yield _("Weight of the price"), str(lot.price_weight or "")
    yield _("First among bids with the same total"), str(names.tie_rules[lot.tie_rule])
    if lot.competition:
        title, reference = lot.competition.title, lot.competition.reference
        lots = ", ".join(f"{each.title} ({each.reference})" for each in public_lots(lot))
        yield _("Competed for together"), f"{title} ({reference}): {lots}"
        yield _("Limit for one bidder"), rule_of(lot.competition)
    for demand in lot.demands:
        asked = shown_pounds(demand.least_pence) if demand.least_pence else demand.text
        yield str(names.demands[demand.kind]), asked
    if lot.transfer:
        yield _("Staff who may move (TUPE)"), str(names.transfers[lot.transfer])
    yield _("Who bears the costs of staff who move"), lot.transfer_liabilities
    yield _("In public"), lot.publicity_terms
    yield _("People’s data"), lot.data_terms


def _moment(moment: datetime | None) -> str:
    return shown_datetime(moment) if moment else ""


def _questions(lot: Lot) -> Iterator[Line]:
    for question in lot.questions:
        yield "heading", _("Question %(number)s", number=question.position)
        yield "text", question.text
        yield "text", question.guidance
        yield (
            "text",
            ngettext("At most %(num)s word", "At most %(num)s words", question.word_limit),
        )


def _answers(lot: Lot) -> Iterator[Line]:
    for each in queries.all_published(lot.id):
        yield "heading", _("Asked by a bidder, question %(number)s", number=each.number)
        yield "text", each.wording
        yield "text", _("Answer: %(answer)s", answer=each.answer)


def _changes(lot: Lot) -> Iterator[Line]:
    for each in queries.changes_made(lot.id):
        day = shown_date(each.made_at) if each.made_at else ""
        yield "heading", f"{CHANGE_KINDS[each.kind]}, {day}"
        yield "text", each.what
        yield "text", _("Why: %(why)s", why=each.why) if each.why else ""
        if each.closing_after and each.closing_before:
            old, new = shown_datetime(each.closing_before), shown_datetime(each.closing_after)
            yield "text", _("Closing moved from %(old)s to %(new)s.", old=old, new=new)


def as_text(lot: Lot, names: Names) -> str:
    """The lot as plain text."""
    parts = [
        f"{words}\n{'=' * min(len(words), 70)}" if kind == "heading" else words
        for kind, words in lines_of(lot, names)
    ]
    return "\n\n".join(parts) + "\n"


def as_docx(lot: Lot, names: Names) -> bytes:
    """The lot as a document for a word processor, to write the answers in."""
    body = "".join(_paragraph(kind, words) for kind, words in lines_of(lot, names))
    document = f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**_PARTS, "word/document.xml": document}.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return packed.getvalue()


def _paragraph(kind: str, words: str) -> str:
    style = '<w:rPr><w:b/><w:sz w:val="28"/></w:rPr>' if kind == "heading" else ""
    texts = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(NOT_IN_XML.sub("", line))}</w:t>'
        for line in words.splitlines()
    )
    return f"<w:p><w:r>{style}{texts}</w:r></w:p>"


def as_json(lot: Lot) -> str:
    """The lot as data, by the names of its columns; amounts in pence, moments in UTC."""
    said = {
        name: _plain(getattr(lot, name))
        for name in (
            *("id", "reference", "title", "summary", "service_code", "cohort", "min_age"),
            *("max_age", "statuses", "custody_days", "custody_clocks", "eligibility_note"),
            *("route", "contract_reason"),
            *("value_net_pence", "value_gross_pence", "term_months", "extension_months"),
            *("extension_times", "price_basis", "guaranteed_pence", "payment_profile"),
            *PriceTerms.PRICE_COLUMNS.split(),
            *("expected_starts", "starts_low", "starts_medium", "starts_high", "starts_on"),
            *("mobilisation_weeks", "transfer", "transfer_liabilities", "publicity_terms"),
            *("data_terms", "opens_on", "published_at", "questions_until", "closes_at"),
            *("price_weight", "tie_rule", "whole_region_reason", "end_reason"),
        )
    }
    said["state"] = public_state(lot)
    said["buyer"] = lot.lead_buyer.name
    said["competition"] = _competition(lot)
    said["areas"] = _rows(lot.areas, "region_code", "area_code", "places")
    said["bands"] = _rows(lot.bands, "above", "percent")
    said["outcomes"] = _rows(lot.outcomes, "outcome_code", "paid_number", "factor")
    said["criteria"] = _rows(lot.criteria, "name", "weight")
    said["questions"] = _rows(lot.questions, "position", "text", "guidance", "word_limit", "why")
    said["demands"] = _rows(lot.demands, "kind", "text", "least_pence", "or_equivalent")
    answers = queries.all_published(lot.id)
    said["answers"] = _rows(answers, "number", "wording", "answer", "answered_at")
    made = queries.changes_made(lot.id)
    said["changes"] = _rows(made, "kind", "what", "why", "made_at", "closing_after", "fields")
    return json.dumps(said, ensure_ascii=False, indent=1)


def _competition(lot: Lot) -> dict[str, Any] | None:
    if lot.competition is None:
        return None
    said = {name: getattr(lot.competition, name) for name in ("reference", "title", "most_lots")}
    lots = _rows(public_lots(lot), "id", "reference", "title")
    return said | {"rule": rule_of(lot.competition), "lots": lots}


def _rows(things: Any, *names: str) -> list[dict[str, Any]]:
    return [{name: _plain(getattr(each, name)) for name in names} for each in things]


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value if isinstance(value, (bool, int, list, dict, type(None))) else str(value)


def as_zip(lot: Lot, names: Names) -> bytes:
    """Everything of a lot in one archive: its papers, and every document that may be had.

    Raises Refusal where it would be too large to be sent at once.
    """
    ready = [each for each in lot.documents if each.file.state not in WITHHELD]
    if sum(each.file.size_bytes for each in ready) > MOST_ZIPPED_BYTES:
        raise Refusal(_("These documents are too large for one download. Save them one by one."))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{lot.reference}.txt", as_text(lot, names))
        archive.writestr(f"{lot.reference}.docx", as_docx(lot, names))
        archive.writestr(f"{lot.reference}.json", as_json(lot))
        for number, each in enumerate(ready, 1):
            content = content_of(each.file)
            if content is not None:
                archive.writestr(f"{number:02d}-{each.file.name}", content)
    return packed.getvalue()
