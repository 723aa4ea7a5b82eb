"""Starting a bid and saving its answers."""

from __future__ import annotations

from uuid import UUID

from bids import sealing
from bids.models import Bid
from bids.permissions import BidPermission
from bids.queries import bid_for
from bids.working import (
    TooLate,
    TypedMeanwhile,
    answers_held,
    changed,
    is_open,
    lot_held_open,
    put_answer,
    question_of,
    writable,
)
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, insert_into, new_id
from marketplace.permissions import Refused, allowed


def start_bid(lot_id: UUID, by: Acting) -> Bid:
    """The organisation's bid for this lot, made if there is none. Raises TooLate, Refused."""
    if not allowed(by, BidPermission.WRITE):
        raise Refused(BidPermission.WRITE)
    lot = lot_held_open(lot_id)
    if (bid := bid_for(lot_id, by)) is not None:
        return bid
    if not is_open(lot):
        raise TooLate(None)
    made = _put_bid(lot_id, by)
    bid = bid_for(lot_id, by)
    assert bid is not None  # its row is this transaction's, or a colleague's committed one
    if made:
        audit.record("bid:start", subject=bid, by=None)
    return bid


def _put_bid(lot_id: UUID, by: Acting) -> bool:
    """Says whether the row is new; False where a colleague started the bid at the same moment."""
    row = insert_into(Bid).values(
        id=new_id(),
        lot_id=lot_id,
        bidder_key=sealing.bidder_key(lot_id, by.organisation_id),
        organisation=str(by.organisation_id),
        created_at=clock.now(),
    )
    put = row.on_conflict_do_nothing(index_elements=["bidder_key"]).returning(Bid.id)
    return db.session.scalar(put) is not None


def save_answer(
    bid_id: UUID, question_id: UUID, text: str, seen: int, by: Acting, *, read: bool = True
) -> None:
    """Keep the working copy of one answer, in whatever words; `seen` is the edition read.

    `read` says that somebody pressed the button, and so has read an answer that was taken over; a
    page that saves by itself says nothing of the kind. Raises TypedMeanwhile where a colleague
    saved in between, NotYours for a question of another lot, and TooLong.
    """
    bid = writable(bid_id, by)
    question = question_of(bid, question_id)
    answer = answers_held(bid).get(question_id)
    stands, edition = (answer.text, answer.edition) if answer else ("", 0)
    if answer is not None and read and answer.unreviewed and seen == edition:
        answer.unreviewed = False
        changed(bid, "answer_read", ["unreviewed"])
    if stands == text:
        return
    if edition != seen:
        raise TypedMeanwhile(stands, edition)
    put_answer(bid, question, answer, text)
    changed(bid, "answer_saved", ["text"])
