"""The working copy of a bid: whether it may still be changed, and by whom it just was."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from bids.models import WRITABLE, Bid, BidState
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


def changed(bid: Bid, what: str, fields: list[str]) -> None:
    """The working copy was changed: say so in the trail, and that the last version is behind it.

    Like every event of a sealed bid it names nobody (bids/sealing.py).
    """
    bid.edited = bid.state == BidState.SUBMITTED
    audit.record(f"bid:{what}", subject=bid, by=None, fields=fields)


def longest(question: LotQuestion) -> int:
    """How many characters an answer may have, so that the word limit is what counts."""
    return max(LEAST_LETTERS, LETTERS_A_WORD * question.word_limit)


def edition_of(form: Any, name: str = "edition") -> int:
    """Which edition the page showed in this field; 0 where it was tampered with."""
    typed = form[name].data or "0"
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
