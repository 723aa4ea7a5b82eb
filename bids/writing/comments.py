"""Talking beside an answer, among the bidder's own people."""

from __future__ import annotations

from uuid import UUID

from bids.tasks import part_of
from bids.working import question_of, writable
from bids.writing.models import BidComment
from bids.writing.queries import given, writers_of
from bids.writing.sharing import tell
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.permissions import NotYours


def add_comment(bid_id: UUID, question_id: UUID, text: str, by: Acting) -> BidComment:
    """Say something beside an answer; whoever was given the question gets a mail without it.

    Raises NotYours for a question of another lot.
    """
    bid = writable(bid_id, by)
    question_of(bid, question_id)
    comment = BidComment(id=new_id(), bid=bid, question_id=question_id, written_at=clock.now())
    comment.author, comment.text = str(by.person_id), text
    db.session.add(comment)
    # Like every event of a sealed bid it names nobody (bids/sealing.py).
    audit.record("bid:comment_added", subject=bid, by=None)
    held = given(bid.id).get(part_of(question_id))
    if held is not None:
        for person in writers_of(by.organisation_id):
            if str(person.id) == held.person:
                tell(bid, person, "comment", by)
    return comment


def remove_comment(bid_id: UUID, comment_id: UUID, by: Acting) -> None:
    """Take one's own comment away; gone already is as good. Raises NotYours for another's."""
    bid = writable(bid_id, by)
    comment = db.session.get(BidComment, comment_id)
    if comment is None:
        return
    if comment.bid_id != bid.id or comment.author != str(by.person_id):
        raise NotYours(comment_id)
    db.session.delete(comment)
    audit.record("bid:comment_removed", subject=bid, by=None)
