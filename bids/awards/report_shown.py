"""The recommendation report in the reader's words: the same sections for page and document."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from bids.awards.models import RecommendationReport
from bids.awards.report import content_of
from bids.compliance.models import CORRECTION_ENDS, FAULTS, CorrectionEnd, Fault
from bids.evaluation.models import SEAT_STATES, SeatState
from bids.evaluation.vocabulary import ANSWERS, LEFT_BECAUSE, Answer, LeftBecause
from bids.models import BID_STATES, SET_ASIDE_GROUNDS, BidState, SetAsideGround
from bids.writing.documents import begun, lines, printable, written
from lots.together.queries import rule_in_words
from lots.vocabulary import PRICE_BASES, ROUTES, TIE_RULES, PriceBasis, Route, TieRule
from marketplace.web.filters import shown_datetime, shown_pounds


@dataclass
class Section:
    """One heading with paragraphs, then a table where there is one: heads, and rows of text."""

    heading: str
    lines: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def sections(report: RecommendationReport) -> list[Section]:
    """The whole report in order."""
    said = content_of(report)
    names = {each["bid"]: each["name"] for each in said["bids"]}
    return [
        _recommendation(said, names),
        _lot(said["lot"], said),
        _panel(said["panel"]),
        _check(said["bids"]),
        *(_scores(each) for each in said["bids"] if each["scores"]),
        *_prices(said),
        *_ranking(said, names),
        _figures(said["figures"]),
    ]


def document(report: RecommendationReport) -> bytes:
    """The report for a word processor, with the hash of what was recommended."""
    said = content_of(report)
    made = begun(_("Recommendation report: %(title)s", title=said["lot"]["title"]))
    lines(made, [f"SHA-256: {report.sha256}"])
    for section in sections(report):
        made.add_heading(printable(section.heading), level=1)
        lines(made, section.lines)
        if section.rows:
            _table(made, section)
    return written(made)


def _table(made: Any, section: Section) -> None:
    table = made.add_table(rows=1, cols=len(section.heads), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, section.heads, strict=True):
        cell.paragraphs[0].add_run(printable(text)).bold = True
    for row in section.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = printable(text)


def _moment(text: str | None) -> str:
    return shown_datetime(datetime.fromisoformat(text)) if text else ""


def _recommendation(said: dict[str, Any], names: dict[str, str]) -> Section:
    winner = names[said["recommended"]] if said["recommended"] else _("No award")
    return Section(
        _("Recommendation"),
        [
            _("Recommended: %(name)s", name=winner),
            _("Reasons: %(reasons)s", reasons=said["reasons"]),
            _("Recommended by %(name)s on %(moment)s", name=said["by"], moment=_moment(said["at"])),
        ],
    )


def _lot(lot: dict[str, Any], said: dict[str, Any]) -> Section:
    told = [
        f"{lot['title']} ({lot['reference']})",
        _("Buyer: %(name)s", name=lot["buyer"]),
        str(ROUTES[Route(lot["route"])]),
        _("Net value: %(pounds)s", pounds=shown_pounds(lot["value_net_pence"])),
        _("Closed: %(moment)s", moment=_moment(lot["closed_at"])),
        _("Opened: %(moment)s", moment=_moment(said["opened_at"])),
        _(
            "First among bids with the same total: %(rule)s",
            rule=TIE_RULES[TieRule(lot["tie_rule"])],
        ),
    ]
    if lot["competition"]:
        title, reference = lot["competition"]["title"], lot["competition"]["reference"]
        told.append(_("Competed for together: %(title)s", title=f"{title} ({reference})"))
        told.append(rule_in_words(lot["competition"]["most_lots"]))
    weights = [[each["name"], str(each["weight"])] for each in lot["criteria"]]
    weights.append([_("Price"), str(lot["price_weight"])])
    return Section(_("The lot"), told, [_("Criterion"), _("Weight, of 100")], weights)


def _panel(panel: list[dict[str, Any]]) -> Section:
    heads = [_("Evaluator"), _("For"), _("Criteria"), _("Declared"), _("Seat")]
    rows = [
        [
            each["name"],
            each["organisation"],
            ", ".join(each["criteria"]),
            "\n".join(_declared(one) for one in each["declared"]) or _("Nothing yet"),
            _seat(each),
        ]
        for each in panel
    ]
    return Section(_("Panel and declarations"), [] if rows else [_("Nobody")], heads, rows)


def _declared(one: dict[str, Any]) -> str:
    said = str(ANSWERS[Answer(one["answer"])])
    if one["kept"] is None:
        return said
    kept = _("Kept on the panel: %(reason)s") if one["kept"] else _("Taken off: %(reason)s")
    return f"{said}. {kept % {'reason': one['reason']}}"


def _seat(each: dict[str, Any]) -> str:
    state = str(SEAT_STATES[SeatState(each["state"])])
    because = each["left_because"]
    return f"{state}: {LEFT_BECAUSE[LeftBecause(because)]}" if because else state


def _check(bids: list[dict[str, Any]]) -> Section:
    rows = [
        [
            each["name"],
            str(BID_STATES[BidState(each["state"])]),
            "\n".join([*_ground(each), *(_corrected(one) for one in each["corrections"])])
            or _("None"),
        ]
        for each in bids
    ]
    heads = [_("Bidder"), _("State"), _("Grounds and corrections")]
    heading = _("Check against the requirements")
    return Section(heading, [] if rows else [_("Nobody submitted a bid.")], heads, rows)


def _ground(each: dict[str, Any]) -> list[str]:
    if not each["ground"]:
        return []
    return [str(SET_ASIDE_GROUNDS[SetAsideGround(each["ground"])]), each["ground_reason"]]


def _corrected(one: dict[str, Any]) -> str:
    fault = f"{FAULTS[Fault(one['fault'])]}: {one['what']}"
    if not one["ended_as"]:
        return fault
    ended = CORRECTION_ENDS[CorrectionEnd(one["ended_as"])]
    return " ".join([f"{fault} {ended}.", one["answer"], ", ".join(one["files"])]).strip()


def _scores(each: dict[str, Any]) -> Section:
    heads = [_("Criterion"), _("Score, of 4"), _("Reason")]
    rows = [[one["criterion"], str(one["score"]), one["reason"]] for one in each["scores"]]
    return Section(_("Agreed scores: %(name)s", name=each["name"]), [], heads, rows)


def _prices(said: dict[str, Any]) -> list[Section]:
    priced = [each for each in said["bids"] if each["price_pence"] is not None]
    if not priced:
        return []
    basis = str(PRICE_BASES[PriceBasis(said["lot"]["price_basis"])])
    heads = [_("Bidder"), basis, _("Over the initial term")]
    rows = [
        [each["name"], shown_pounds(each["price_pence"]), shown_pounds(each["whole_pence"])]
        for each in priced
    ]
    return [Section(_("Prices"), [], heads, rows)]


def _ranking(said: dict[str, Any], names: dict[str, str]) -> list[Section]:
    ranking = said["ranking"]
    if ranking is None:
        return []
    heads = [_("Place"), _("Bidder"), _("Quality"), _("Price"), _("Total"), _("Notes")]
    rows = [
        [
            str(each["place"]),
            names[each["bid"]],
            each["quality"],
            each["price"],
            each["total"],
            "; ".join(_notes(each)),
        ]
        for each in ranking["rows"]
    ]
    told = [
        _(
            "Quality points are score ÷ 4 × weight. Price points are lowest price ÷ own price × "
            "price weight."
        ),
        _(
            "Computed %(moment)s, SHA-256 %(sha256)s",
            moment=_moment(ranking["computed_at"]),
            sha256=ranking["sha256"],
        ),
    ]
    return [Section(_("Ranking"), told, heads, rows)]


def _notes(each: dict[str, Any]) -> list[str]:
    notes = [_("shares this place")] if each["tied"] else []
    if each["lots_won"]:
        notes.append(_("has won its limit: %(lots)s", lots=", ".join(each["lots_won"])))
    return notes


def _figures(counted: dict[str, int]) -> Section:
    return Section(
        _("Figures"),
        [
            ngettext("%(num)s bid received", "%(num)s bids received", counted["bids"]),
            ngettext("%(num)s bid ranked", "%(num)s bids ranked", counted["final_stage_bids"]),
            _("From small and medium-sized bidders: %(number)s", number=counted["sme_bids"]),
            _("From the voluntary sector: %(number)s", number=counted["vcse_bids"]),
        ],
    )
