"""What is due by when on a case: computed in working days, paused while a question is open.

Clocks start when the person has a place. An overdue clock is shown to both sides and stands in
the overdue lists; nothing is ever accepted by itself (domain, section 8).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, insert, select, update

from marketplace import calendar
from marketplace.database import db, new_id, tables
from referrals.models import ClockKind, Referral, ReferralClock

# Policy: working days of England and Wales, except the first contact, which counts every day.
WORKING_DAYS = {ClockKind.RESPONSE: 2, ClockKind.ASSESSMENT: 10, ClockKind.REPORT: 5}
CONTACT_DAYS = 10
AT_PLACING = (ClockKind.RESPONSE, ClockKind.CONTACT, ClockKind.ASSESSMENT)


def due(kind: ClockKind, started_on: date) -> date:
    """The last day in time for a clock that starts on `started_on`, that day not counted."""
    if kind == ClockKind.CONTACT:
        return started_on + timedelta(days=CONTACT_DAYS)
    return calendar.add_working_days(started_on, WORKING_DAYS[kind], calendar.ENGLAND_AND_WALES)


def rows(referral_id: UUID, kinds: tuple[ClockKind, ...], today: date) -> list[dict[str, Any]]:
    """The rows of clocks that start today, for inserting."""
    return [
        {
            "id": new_id(),
            "referral_id": referral_id,
            "kind": kind,
            "started_on": today,
            "due_on": due(kind, today),
        }
        for kind in kinds
    ]


def start(referral_id: UUID, kinds: tuple[ClockKind, ...], today: date) -> None:
    """Start these clocks today."""
    tables().execute(insert(ReferralClock.__table__), rows(referral_id, kinds, today))


def stop(referral_id: UUID, today: date, *kinds: ClockKind) -> None:
    """Stop these clocks, or with none named every one that still runs."""
    running = update(ReferralClock).where(
        ReferralClock.referral_id == referral_id, ReferralClock.stopped_on.is_(None)
    )
    if kinds:
        running = running.where(ReferralClock.kind.in_(kinds))
    db.session.execute(
        running.values(stopped_on=today).execution_options(synchronize_session=False)
    )


def pause(referral_id: UUID, today: date) -> None:
    """Stop counting while the practitioner has a question to answer."""
    db.session.execute(
        update(ReferralClock)
        .where(ReferralClock.referral_id == referral_id, ReferralClock.stopped_on.is_(None))
        .values(paused_on=today)
        .execution_options(synchronize_session=False)
    )


def resume(referral_id: UUID, today: date) -> None:
    """Count on; what is due moves by as many days as the question was open."""
    paused = select(ReferralClock).where(
        ReferralClock.referral_id == referral_id, ReferralClock.paused_on.is_not(None)
    )
    for clock in db.session.scalars(paused):
        clock.due_on = _moved(clock, today)
        clock.paused_on = None


def _moved(clock: ReferralClock, today: date) -> date:
    paused_on = clock.paused_on or today
    if clock.kind == ClockKind.CONTACT:
        return clock.due_on + (today - paused_on)
    days = calendar.working_days_between(paused_on, today, calendar.ENGLAND_AND_WALES)
    return calendar.add_working_days(clock.due_on, days, calendar.ENGLAND_AND_WALES)


def is_overdue(clock: ReferralClock, today: date) -> bool:
    """Whether a running clock has passed its last day."""
    return clock.stopped_on is None and clock.paused_on is None and clock.due_on < today


def overdue(today: date) -> ColumnElement[bool]:
    """The condition on `Referral` that any of its clocks is overdue."""
    return exists().where(
        ReferralClock.referral_id == Referral.id,
        ReferralClock.stopped_on.is_(None),
        ReferralClock.paused_on.is_(None),
        ReferralClock.due_on < today,
    )


def next_due(referral_ids: list[UUID]) -> dict[UUID, ReferralClock]:
    """For each of these referrals the running clock that is due first; one statement."""
    running = (
        select(ReferralClock)
        .where(
            ReferralClock.referral_id.in_(referral_ids),
            ReferralClock.stopped_on.is_(None),
            ReferralClock.paused_on.is_(None),
        )
        .order_by(ReferralClock.due_on.desc(), ReferralClock.kind.desc())
    )
    return {clock.referral_id: clock for clock in db.session.scalars(running)}


def clocks_of(referral_id: UUID) -> list[ReferralClock]:
    """Every clock of one referral, in the order they are due."""
    return list(
        db.session.scalars(
            select(ReferralClock)
            .where(ReferralClock.referral_id == referral_id)
            .order_by(ReferralClock.due_on, ReferralClock.kind)
        )
    )
