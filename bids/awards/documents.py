"""A bidder's summary as a document for word processors, in the reader's language."""

from __future__ import annotations

from typing import Any

from docx.document import Document as OpenDocument
from flask_babel import gettext as _

from bids.awards.models import BidSummary
from bids.awards.shown import corrections, weekday
from bids.awards.standstill import Standstill
from bids.models import SET_ASIDE_GROUNDS, Bid, SetAsideGround
from bids.writing.documents import begun, lines, printable, written
from marketplace.web.filters import shown_datetime


def summary_document(
    bid: Bid, summary: BidSummary, told: dict[str, Any], standstill: Standstill | None
) -> bytes:
    """What the page tells, in its order."""
    document = begun(_("The outcome of your bid"))
    _facts(document, bid, summary, told)
    won = summary.award.bid_id == bid.id
    best = told["winner"]["criteria"] if told["winner"] and not won else []
    for number, own in enumerate(told["own"]):
        winners = best[number] if number < len(best) else None
        _criterion(document, own, winners)
    if not told["own"] and not told["winner"] and not told["ground"]:
        lines(document, [_("No scores had been agreed for your bid when the lot ended.")])
    if not told["own"]:
        for each in best:
            document.add_heading(printable(each["criterion"]), level=1)
            _winner(document, each)
    if standstill is not None:
        _days(document, standstill)
    return written(document)


def _facts(document: OpenDocument, bid: Bid, summary: BidSummary, told: dict[str, Any]) -> None:
    lines(
        document,
        [
            _("Lot: %(reference)s", reference=f"{bid.lot.title} ({bid.lot.reference})"),
            _("Sent to every bidder: %(moment)s", moment=shown_datetime(summary.sent_at)),
            _("Bids received: %(number)s", number=told["bids"]),
        ],
    )
    if told["ground"]:
        ground = SET_ASIDE_GROUNDS[SetAsideGround(told["ground"])]
        lines(document, [_("Your bid was set aside: %(ground)s.", ground=ground)])
        lines(document, [told["ground_reason"] or _unsent()])
    if corrected := corrections(told):
        lines(document, [_("What you were asked to put right"), *corrected])
    if told["points"]:
        lines(document, [_("Your place: %(place)s", place=told["points"]["place"])])
        lines(document, [_("Your points: %(points)s", points=_points(told["points"]))])
    name = told["winner"]["name"] if told["winner"] else _("nobody")
    lines(document, [_("Awarded to: %(name)s", name=name)])
    if told["winner"] and told["winner"]["points"]:
        points = _points(told["winner"]["points"])
        lines(document, [_("The winner’s points: %(points)s", points=points)])
    if told["published_reason"]:
        lines(document, [_("Published reason: %(reason)s", reason=told["published_reason"])])


def _points(points: dict[str, Any]) -> str:
    return _("%(total)s: %(quality)s for quality, %(price)s for price", **points)


def _criterion(document: OpenDocument, own: dict[str, Any], winners: Any) -> None:
    document.add_heading(printable(own["criterion"]), level=1)
    document.add_heading(_("Your bid: %(score)s of 4", score=own["score"]), level=2)
    lines(document, [own["reason"] or _unsent()])
    if own["needed"]:
        document.add_heading(_("What a higher score needed"), level=2)
        lines(document, [own["needed"]])
    if winners is not None:
        _winner(document, winners)


def _unsent() -> str:
    return _("The lot was cancelled before the reason had been reviewed, so it was not sent.")


def _winner(document: OpenDocument, told: dict[str, Any]) -> None:
    document.add_heading(_("The winner: %(score)s of 4", score=told["score"]), level=2)
    lines(document, [told["reason"]])


def _days(document: OpenDocument, standstill: Standstill) -> None:
    document.add_heading(_("Standstill"), level=1)
    if standstill.ends_on is None:
        lines(document, [_("Paused. Working days left: %(days)s", days=standstill.days_left)])
    else:
        lines(document, [_("Until the end of %(day)s", day=weekday(standstill.ends_on))])
    counted = enumerate(standstill.counted, 1)
    lines(document, [f"{number}. {weekday(day)}" for number, day in counted])
