"""Reminders of a deadline, 7 days, 2 days and 24 hours ahead: what a bid still lacks.

At each mark every bid of the lot is looked at once; its people are written to only where it would
be lost, or would count otherwise than they think. A bid that is begun after a mark waits for the
next one. Of several marks that passed unseen only the nearest to the deadline counts.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import exists, select
from sqlalchemy.dialects import postgresql, sqlite

from bids.changes.actions import outstanding
from bids.checklist import missing, tasks
from bids.models import WRITABLE, Bid, BidState
from bids.queries import bid_managers
from bids.submitting.models import AHEAD, BidReminder, Mark
from bids.working import is_open, lot_held_open
from bids.writing.queries import given, writers_of
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import clock, jobs, outbox
from marketplace.accounts.models import Person
from marketplace.database import db, write

BATCH = 200
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
        .where(Lot.state == LotState.OPEN, Lot.closes_at > after, Lot.closes_at <= until)
        .where(exists().where(Bid.lot_id == Lot.id, Bid.state.in_(WRITABLE)))
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
        if needs_reminder(bid):
            _remind(bid, mark, left)
    return True


def _claimed(bid_id: UUID, closes_at: datetime, mark: Mark) -> bool:
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"bid_id": bid_id, "mark": mark, "closes_at": closes_at, "judged_at": clock.judged_now()}
    put = dialect.insert(BidReminder).values(row).on_conflict_do_nothing()
    return db.session.scalar(put.returning(BidReminder.bid_id)) is not None


def needs_reminder(bid: Bid) -> bool:
    """Whether the bid would be lost as it stands, or its changes, or a confirmation is owed."""
    return bid.state == BidState.DRAFT or bid.edited or bool(outstanding(bid))


def _remind(bid: Bid, mark: Mark, left: timedelta) -> None:
    unit = timedelta(hours=1) if mark is Mark.DAY else timedelta(days=1)
    facts = {
        "bid_id": str(bid.id),
        "in_hours": mark is Mark.DAY,
        "left": -(-left // unit),
        "submitted": bid.state == BidState.SUBMITTED,
        "edited": bid.edited,
        "owes": bool(outstanding(bid)),
        "missing": [str(point) for point in missing(bid, bid.bidder_id)],
    }
    for person in _concerned(bid):
        # Neither lot nor organisation is named: a mail, too, would tie them together.
        outbox.post(MAIL, to=person.email, subject_id=bid.id, facts=facts)


def _concerned(bid: Bid) -> list[Person]:
    """The bid managers, and whoever was given a part that lacks something."""
    held = {part: each.person for part, each in given(bid.id).items()}
    lacking = {held.get(task.part) for task in tasks(bid, bid.bidder_id) if task.problem}
    writers = [each for each in writers_of(bid.bidder_id) if str(each.id) in lacking]
    people = {person.id: person for person in [*bid_managers(bid), *writers]}
    return list(people.values())


def _still_needed(bid_id: UUID | None) -> bool:
    bid = db.session.get(Bid, bid_id) if bid_id else None
    return bid is not None and is_open(bid.lot) and needs_reminder(bid)


def next_mark(after: datetime) -> datetime | None:
    """The next moment at which a bid is to be looked at."""
    closings = _closings(after, datetime.max.replace(tzinfo=UTC))
    marks = [closes_at - ahead for _lot, closes_at in closings for ahead in AHEAD.values()]
    return min((mark for mark in marks if mark > after), default=None)


def register(app: Flask) -> None:
    """Remind with every round of jobs; a mail that is no longer true is not sent."""
    outbox.still_wanted(app, MAIL, _still_needed)
    jobs.register(app, "remind bidders", remind_bidders, next_mark)
