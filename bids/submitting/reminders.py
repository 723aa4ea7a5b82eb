"""Reminders of a deadline, 7 days, 2 days and 24 hours ahead: what a bid still lacks.

At each mark every bid of the lot is looked at once; its people are written to only where it would
be lost, or would count otherwise than they think. A bid that is begun after a mark waits for the
next one. Of several marks that passed unseen only the nearest to the deadline counts.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import exists, func, select

from bids.changes.actions import outstanding
from bids.checklist import tasks
from bids.models import WRITABLE, Bid, BidState
from bids.queries import bidders_of
from bids.submitting.models import AHEAD, BidReminder, Mark
from bids.tasks import Task
from bids.working import is_open, lot_held_open
from bids.writing.queries import given_people, writers_of
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import clock, jobs, outbox
from marketplace.accounts.models import Person
from marketplace.database import db, insert_into, write

BATCH = 200
_MAY_CHANGE = (
    Lot.state == LotState.OPEN,
    exists().where(Bid.lot_id == Lot.id, Bid.state.in_(WRITABLE)),
)
MAIL = "bids/submitting/mail/reminder.txt"


def remind_bidders(now: datetime) -> int:
    """The job: look at each bid whose mark has come, each in a transaction of its own."""
    done = 0
    for lot_id, closes_at in _closings(now, now + AHEAD[Mark.WEEK]):
        mark = nearest_mark(closes_at, now)
        while bid_ids := _not_looked_at(lot_id, closes_at, mark):
            claimed = sum(_look_at(bid_id, closes_at, mark) for bid_id in bid_ids)
            done += claimed
            if not claimed:
                break
    return done


def nearest_mark(closes_at: datetime, now: datetime) -> Mark:
    """Of the marks that have passed the one nearest to the deadline."""
    return next(mark for mark in reversed(Mark) if now >= closes_at - AHEAD[mark])


def _closings(after: datetime, until: datetime) -> list[tuple[UUID, datetime]]:
    """Lots that close in this time and have bids that may still change, first to close first."""
    found = (
        select(Lot.id, Lot.closes_at)
        .where(*_MAY_CHANGE, Lot.closes_at > after, Lot.closes_at <= until)
        .order_by(Lot.closes_at, Lot.id)
    )
    return [(lot_id, closes_at) for lot_id, closes_at in db.session.execute(found) if closes_at]


def _not_looked_at(lot_id: UUID, closes_at: datetime, mark: Mark) -> list[UUID]:
    """Bids begun before the mark, a batch at a time."""
    looked_at = exists().where(
        BidReminder.bid_id == Bid.id,
        BidReminder.mark == mark,
        BidReminder.closes_at == closes_at,
    )
    begun = Bid.created_at <= closes_at - AHEAD[mark]
    found = select(Bid.id).where(Bid.lot_id == lot_id, Bid.state.in_(WRITABLE), begun, ~looked_at)
    return list(db.session.scalars(found.order_by(Bid.id).limit(BATCH)))


def _look_at(bid_id: UUID, closes_at: datetime, mark: Mark) -> bool:
    """Claim the reminder and write, where there is need; False where all that is done or void."""
    with write():
        # Both held, so that neither a later closing nor a submission comes in between.
        lot = lot_held_open(db.session.get_one(Bid, bid_id).lot_id)
        bid = db.session.get_one(Bid, bid_id, with_for_update=True, populate_existing=True)
        moved = lot.state != LotState.OPEN or lot.closes_at != closes_at
        left = closes_at - clock.judged_now()
        if moved or left <= timedelta(0) or bid.state not in WRITABLE:
            return False
        if not _claimed(bid_id, closes_at, mark):
            return False
        owes = bool(outstanding(bid))
        if would_be_lost(bid) or owes:
            _remind(bid, mark, left, owes)
    return True


def _claimed(bid_id: UUID, closes_at: datetime, mark: Mark) -> bool:
    row = {"bid_id": bid_id, "mark": mark, "closes_at": closes_at, "judged_at": clock.judged_now()}
    put = insert_into(BidReminder).values(row).on_conflict_do_nothing()
    return db.session.scalar(put.returning(BidReminder.bid_id)) is not None


def would_be_lost(bid: Bid) -> bool:
    """Whether the bid, or what was changed in it, would not count at the deadline."""
    return bid.state == BidState.DRAFT or bid.edited


def _remind(bid: Bid, mark: Mark, left: timedelta, owes: bool) -> None:
    unit = timedelta(hours=1) if mark is Mark.DAY else timedelta(days=1)
    lacking = [task for task in tasks(bid, bid.bidder_id) if task.problem]
    facts = {
        "bid_id": str(bid.id),
        "in_hours": mark is Mark.DAY,
        "left": -(-left // unit),
        "submitted": bid.state == BidState.SUBMITTED,
        "edited": bid.edited,
        "owes": owes,
        "missing": [str(task.problem) for task in lacking],
    }
    for person in _concerned(bid, lacking):
        # Neither lot nor organisation is named: a mail, too, would tie them together.
        outbox.post(MAIL, to=person.email, subject_id=bid.id, facts=facts)


def _concerned(bid: Bid, lacking: list[Task]) -> list[Person]:
    """Whoever answers for the bid, and whoever was given a part that lacks something."""
    held = given_people(bid.id)
    asked = {held.get(task.part) for task in lacking}
    writers = [each for each in writers_of(bid.bidder_id) if str(each.id) in asked]
    people = {person.id: person for person in [*bidders_of(bid.bidder_id), *writers]}
    return list(people.values())


def _still_needed(bid_id: UUID | None) -> bool:
    bid = db.session.get(Bid, bid_id) if bid_id else None
    if bid is None or not is_open(bid.lot):
        return False
    return would_be_lost(bid) or bool(outstanding(bid))


def next_mark(after: datetime) -> datetime | None:
    """The next moment at which a bid is to be looked at."""
    marks = [_first_closing(after + ahead, ahead) for ahead in AHEAD.values()]
    return min((mark for mark in marks if mark is not None), default=None)


def _first_closing(after: datetime, ahead: timedelta) -> datetime | None:
    """So far ahead of the first lot with bids that closes after a moment."""
    closes_at = db.session.scalar(
        select(func.min(Lot.closes_at)).where(*_MAY_CHANGE, Lot.closes_at > after)
    )
    return None if closes_at is None else closes_at - ahead


def register(app: Flask) -> None:
    """Remind with every round of jobs; a mail that is no longer true is not sent."""
    outbox.still_wanted(app, MAIL, _still_needed)
    jobs.register(app, "remind bidders", remind_bidders, next_mark)
