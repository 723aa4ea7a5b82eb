"""The working copy of a bid: whether it may still be changed, and by whom it just was."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from bids.models import WRITABLE, Bid, BidAnswer, BidState
from bids.permissions import BidPermission
from bids.queries import own_bid
from lots.competition.waiting import awaits_answers
from lots.gate import pass_together
from lots.models import Lot, LotQuestion
from lots.vocabulary import BEFORE_OPENING, LotState
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check

LETTERS_A_WORD = 15
LEAST_LETTERS = 50_000


class TooLate(Refusal):
    """The deadline had passed when it was judged, at `judged_at`; the draft is kept."""

    def __init__(
        self,
        bid_id: UUID | None,
        judged_at: datetime | None = None,
        closes_at: datetime | None = None,
    ):
        super().__init__(
            _("This lot has closed. Your draft is kept, but it can no longer be submitted.")
        )
        self.bid_id = bid_id
        self.judged_at = judged_at
        self.closes_at = closes_at


class TypedMeanwhile(Refusal):
    """The same part was saved after the page was opened, by a colleague or by the same person
    in another page; `theirs` is what stands now.
    """

    def __init__(self, theirs: str, edition: int):
        super().__init__(_("This was saved since you opened the page."))
        self.theirs = theirs
        self.edition = edition


class TooLong(Refusal):
    """A text without end is no answer any more, whatever its word limit."""

    def __init__(self) -> None:
        super().__init__(_("Not saved: the answer is far too long. Shorten it first."))


def is_open(lot: Lot) -> bool:
    """Whether a bid could still be submitted at this moment."""
    return accepts(lot, clock.judged_now())


def accepts(lot: Lot, moment: datetime) -> bool:
    """Whether a bid is in time at this moment.

    Equal to the deadline is late; it is not reached while a question has no answer.
    """
    if lot.state != LotState.OPEN or lot.closes_at is None:
        return False
    return moment < lot.closes_at or awaits_answers(lot.id)


def is_changeable(bid: Bid) -> bool:
    """Whether the bidder can still change the bid at this moment."""
    return bid.state in WRITABLE and is_open(bid.lot)


def lot_held_open(lot_id: UUID) -> Lot:
    """The lot under a shared lock: bids do not wait for one another, closing waits for them."""
    pass_together(lot_id)
    held = select(Lot).where(Lot.id == lot_id).with_for_update(read=True)
    lot = db.session.scalar(held)
    if lot is None or lot.state in BEFORE_OPENING:
        raise Refusal(_("This lot is not open for bids."))
    return lot


def writable(bid_id: UUID, by: Acting) -> Bid:
    """The organisation's own bid, locked for a change. Raises NotYours, Refused, Refusal."""
    bid = own_bid(bid_id, by, locked=True)
    check(by, BidPermission.WRITE, bid)
    if bid.state not in WRITABLE:
        raise Refusal(_("This bid has been opened. It can no longer be changed."))
    return bid


def question_of(bid: Bid, question_id: UUID) -> LotQuestion:
    """A question of the bid's lot. Raises NotYours for one of another lot, as for none."""
    for question in bid.lot.questions:
        if question.id == question_id:
            return question
    raise NotYours(question_id)


def answer_to(bid: Bid, question_id: UUID) -> BidAnswer | None:
    """The working copy of one answer, where there is one."""
    return next((each for each in bid.answers if each.question_id == question_id), None)


def answers_held(bid: Bid) -> dict[UUID, BidAnswer]:
    """The answers by question as they stand under the bid's lock."""
    found = select(BidAnswer).where(BidAnswer.bid_id == bid.id)
    fresh = found.execution_options(populate_existing=True)
    return {answer.question_id: answer for answer in db.session.scalars(fresh)}


def put_answer(bid: Bid, question: LotQuestion, held: BidAnswer | None, text: str) -> BidAnswer:
    """Make a text the next edition of an answer of this locked bid. Raises TooLong."""
    if not fits(question, text):
        raise TooLong()
    if held is None:
        held = BidAnswer(bid=bid, question_id=question.id, text="", edition=0)
        db.session.add(held)
    held.text = text
    held.edition += 1
    return held


def changed(bid: Bid, what: str, fields: list[str]) -> None:
    """The working copy was changed: say so in the trail, and that the last version is behind it.

    Like every event of a sealed bid it names nobody (bids/sealing.py).
    """
    bid.edited = bid.state == BidState.SUBMITTED
    audit.record(f"bid:{what}", subject=bid, by=None, fields=fields)


def longest(question: LotQuestion) -> int:
    """How many characters an answer may have, so that the word limit is what counts."""
    return max(LEAST_LETTERS, LETTERS_A_WORD * question.word_limit)


def fits(question: LotQuestion, text: str) -> bool:
    """Whether a text can be kept as an answer at all, whatever it is worth."""
    return len(text) <= longest(question)


def edition_of(form: Any, name: str = "edition") -> int:
    """Which edition the page showed in this field; 0 where it was tampered with."""
    return edition_in(form[name].data or "")


def edition_in(typed: str) -> int:
    """The edition that a page sent; 0 where it sent none."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
