"""A bid as a document for word processors, in the bidder's own words and order."""

from __future__ import annotations

import re
from io import BytesIO

from docx import Document
from docx.document import Document as OpenDocument
from flask_babel import gettext as _

from bids.attachments import checklist as attachments
from bids.models import BID_STATES, Bid
from bids.partners import checklist as partners
from bids.price.arithmetic import costs_of
from bids.price.words import in_words
from lots.models import LotQuestion
from lots.vocabulary import PRICE_BASES
from marketplace.web.filters import shown_datetime, shown_pounds
from marketplace.web.words import count_words

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What XML 1.0 can not carry, however it is written (its section 2.2).
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_document(bid: Bid) -> bytes:
    """The working copy: each question with its answer, then files, partners, price, versions."""
    document = begun(bid.lot.title)
    _facts(document, bid)
    answers = {answer.question_id: answer.text for answer in bid.answers}
    for question in bid.lot.questions:
        _question(document, question, answers.get(question.id, ""))
    for heading, texts in (*attachments.document_of(bid), *partners.document_of(bid), _price(bid)):
        document.add_heading(printable(heading), level=1)
        lines(document, texts)
    _versions(document, bid)
    return written(document)


def begun(title: str) -> OpenDocument:
    """A document with its title, and nobody named as its author."""
    document = Document()
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.title = printable(title)
    document.add_heading(printable(title), level=0)
    return document


def written(document: OpenDocument) -> bytes:
    """The document as a file's content."""
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def printable(text: str) -> str:
    """The text without what no document can hold."""
    return _FORBIDDEN.sub("", text)


def lines(document: OpenDocument, texts: list[str]) -> None:
    """A paragraph for each line of each text."""
    for line in texts:
        for each in line.split("\n"):
            document.add_paragraph(printable(each))


def _facts(document: OpenDocument, bid: Bid) -> None:
    buyer = bid.lot.lead_buyer.name
    lines(
        document,
        [
            _("Lot: %(reference)s", reference=bid.lot.reference),
            _("Buyer: %(name)s", name=buyer),
            _("Closes: %(moment)s", moment=shown_datetime(bid.lot.closes_at)),
            _("State: %(state)s", state=BID_STATES[bid.state]),
        ],
    )


def _question(document: OpenDocument, question: LotQuestion, text: str) -> None:
    asked = _("Question %(number)s: %(text)s", number=question.position, text=question.text)
    document.add_heading(printable(asked), level=1)
    words = _("%(words)s of %(limit)s words", words=count_words(text), limit=question.word_limit)
    document.add_paragraph().add_run(words).italic = True
    lines(document, [text or _("Not answered yet")])


def _price(bid: Bid) -> tuple[str, list[str]]:
    pence = shown_pounds(int(bid.price_pence)) if bid.price_pence else _("Not given yet")
    amount = f"{PRICE_BASES[bid.lot.price_basis]}: {pence}"
    return _("Price and costs"), [amount, *in_words(costs_of(bid.costs))]


def _versions(document: OpenDocument, bid: Bid) -> None:
    if not bid.versions:
        return
    document.add_heading(_("Versions submitted"), level=1)
    lines(
        document,
        [
            _(
                "Version %(number)s submitted at %(moment)s, SHA-256 %(sha256)s",
                number=version.number,
                moment=f"{version.submitted_at:%Y-%m-%d %H:%M:%S} UTC",
                sha256=version.sha256,
            )
            for version in bid.versions
        ],
    )
