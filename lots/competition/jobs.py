"""What happens in a competition by itself: waiting for answers, and telling buyers of questions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select, update

from lots.competition import closing, queries
from lots.competition.models import Clarification
from lots.competition.vocabulary import ClarificationState
from lots.models import Lot
from lots.permissions import DRAFTERS
from lots.vocabulary import LotState
from marketplace import calendar, clock, jobs, outbox
from marketplace.accounts.queries import people_with
from marketplace.database import changed, db

MORNING = time(8, 0)
UNTOLD = (Clarification.state == ClarificationState.ASKED, Clarification.told_on.is_(None))


def wait_due(now: datetime) -> int:
    """Move the closing of every lot whose bidders would have too little time with an answer."""
    return jobs.each_alone(queries.lots_owing_answers(), closing.wait_for_answers)


def tell_buyers(now: datetime) -> int:
    """Each morning tell a lot's drafters of the questions of the days before, all together.

    A mail at the moment of the question would tell when it was asked, and so perhaps by whom.
    """
    day = calendar.day_of(now)
    if now < _morning_of(day):
        day -= timedelta(days=1)
    asked = select(Clarification.lot_id).where(*UNTOLD, Clarification.asked_on < day).distinct()
    lots = db.session.scalars(asked).all()
    return jobs.each_alone(lots, lambda lot_id: _tell_buyer(lot_id, day))


def _tell_buyer(lot_id: UUID, day: date) -> bool:
    told = update(Clarification).where(
        Clarification.lot_id == lot_id, *UNTOLD, Clarification.asked_on < day
    )
    number = changed(told.values(told_on=day))
    lot = db.session.get_one(Lot, lot_id)
    if not number or lot.state != LotState.OPEN:
        return False
    for person in people_with(lot.lead_buyer_id, DRAFTERS):
        outbox.post(
            "lots/competition/mail/asked.txt",
            to=person.email,
            subject_id=lot.id,
            facts={"lot_id": str(lot.id), "title": lot.title, "number": number},
        )
    return True


def _morning_of(day: date) -> datetime:
    return datetime.combine(day, MORNING, clock.LONDON)


def next_morning(after: datetime) -> datetime | None:
    """The morning on which buyers hear of what was asked."""
    first = db.session.scalar(select(func.min(Clarification.asked_on)).where(*UNTOLD))
    if first is None:
        return None
    day = max(first, calendar.day_of(after))
    moments = [_morning_of(day + timedelta(days=ahead)) for ahead in (0, 1)]
    return next(moment for moment in moments if moment > max(after, calendar.end_of(first)))


def register(app: Flask) -> None:
    """Wait for answers before lots close, and tell buyers in the morning."""
    jobs.register(app, "wait for answers", wait_due, queries.next_wait)
    jobs.register(app, "tell buyers of questions", tell_buyers, next_morning)
