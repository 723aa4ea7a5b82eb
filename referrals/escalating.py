"""A clock that runs out is told once: to who answers for the service, and to the practitioner.

Nothing else follows from it: no referral is ever accepted, declined or ended by a clock.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from marketplace import audit, calendar, clock, jobs
from marketplace.database import db
from referrals import notices
from referrals.models import Referral, ReferralClock

# A round tells of so many cases at most; the next goes on.
BATCH = 200


def escalate(now: datetime) -> int:
    """The job: tell of every case on which a clock has run out since; returns of how many."""
    late = (
        select(ReferralClock.referral_id)
        .where(_untold(calendar.day_of(now)))
        .group_by(ReferralClock.referral_id)
        .order_by(func.min(ReferralClock.due_on))
        .limit(BATCH)
    )
    return jobs.each_alone(db.session.scalars(late).all(), _tell)


def next_expiry(after: datetime) -> datetime | None:
    """When the next running clock runs out: the end of its last day."""
    due_on = db.session.scalar(
        select(func.min(ReferralClock.due_on)).where(
            _running(), ReferralClock.due_on >= calendar.day_of(after)
        )
    )
    return calendar.end_of(due_on) if due_on else None


def _running() -> ColumnElement[bool]:
    return and_(
        ReferralClock.stopped_on.is_(None),
        ReferralClock.paused_on.is_(None),
        ReferralClock.escalated_at.is_(None),
    )


def _untold(today: date) -> ColumnElement[bool]:
    return _running() & (ReferralClock.due_on < today)


def _tell(referral_id: UUID) -> bool:
    referral = db.session.get_one(
        Referral, referral_id, with_for_update=True, populate_existing=True
    )
    late = db.session.scalars(
        select(ReferralClock)
        .where(ReferralClock.referral_id == referral.id, _untold(clock.today()))
        .order_by(ReferralClock.due_on, ReferralClock.kind)
        .execution_options(populate_existing=True)
    ).all()
    for each in late:
        each.escalated_at = clock.now()
        audit.record("referral_clock:escalate", subject=each, by=None, facts={"kind": each.kind})
    if late:
        notices.tell_overdue(referral, [each.kind for each in late])
    return bool(late)
