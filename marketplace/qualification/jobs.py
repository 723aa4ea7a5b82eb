"""What dates bring about by themselves; each effect claims itself, so running twice adds none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import Select, func, or_, select, update

from marketplace import audit, calendar, jobs
from marketplace.database import changed, db
from marketplace.organisations.models import Organisation
from marketplace.qualification import assessing, mails
from marketplace.qualification.held import actions as held_actions
from marketplace.qualification.held.lifecycle import HELD, LAPSE, QUALIFICATION
from marketplace.qualification.models import (
    WITH_ASSESSORS,
    Application,
    ApplicationState,
    Correction,
    Qualification,
    QualificationState,
)
from marketplace.web.filters import shown_date

# Reminders go out this many days before a reconfirmation is due (domain, section 3).
REMINDERS = (30, 7)
BATCH = 200


def end_corrections(now: datetime) -> int:
    """Return applications to assessment whose window for corrections has ended."""
    due = (
        select(Application.id)
        .join(Correction, Correction.application_id == Application.id)
        .where(
            Application.state == ApplicationState.CORRECTION_REQUESTED,
            Correction.closed_at.is_(None),
            Correction.until < calendar.day_of(now),
        )
        .order_by(Application.id)
    )
    return _each(due, assessing.end_correction)


def escalate(now: datetime) -> int:
    """Tell the framework managers of applications that have waited too long."""
    due = (
        select(Application.id)
        .where(
            Application.escalate_on <= calendar.day_of(now),
            Application.escalated_at.is_(None),
            Application.state.in_(WITH_ASSESSORS),
        )
        .order_by(Application.id)
    )
    return _each(due, assessing.escalate)


def end_suspensions(now: datetime) -> int:
    """Let suspended qualifications return whose day has come."""
    due = (
        select(Qualification.id)
        .where(
            Qualification.state == QualificationState.SUSPENDED,
            Qualification.suspended_until <= calendar.day_of(now),
        )
        .order_by(Qualification.id)
    )
    return _each(due, lambda found: held_actions.end_suspension(found, None))


def lapse(now: datetime) -> int:
    """Let qualifications lapse that nobody reconfirmed before the grace ended.

    One that is suspended lapses once its suspension has ended.
    """
    today = calendar.day_of(now)
    due = (
        select(Qualification.id)
        .where(Qualification.state == QualificationState.QUALIFIED, Qualification.lapses_on < today)
        .order_by(Qualification.id)
    )
    return _each(due, lambda found: _lapse(found, today))


def _lapse(qualification_id: UUID, today: date) -> None:
    held = db.session.get_one(Qualification, qualification_id, with_for_update=True)
    if held.lapses_on >= today:
        return  # reconfirmed a moment before
    QUALIFICATION.take(LAPSE, held, None)
    mails.tell_applicants(held.organisation_id, "lapsed", held.id, qualification_id=str(held.id))


def remind(now: datetime) -> int:
    """Remind organisations of reconfirmations due in 30 and in 7 days: one mail for all of one's.

    Where the job was away past both, only the nearer reminder is sent.
    """
    today = calendar.day_of(now)
    sent = 0
    for days in sorted(REMINDERS):
        due = (
            select(Qualification.organisation_id)
            .where(*_to_remind(today, days))
            .distinct()
            .order_by(Qualification.organisation_id)
        )
        sent += _each(due, partial(_remind, today=today, days=days))
    return sent


def _remind(organisation_id: UUID, today: date, days: int) -> None:
    of_one = (Qualification.organisation_id == organisation_id, *_to_remind(today, days))
    soonest = db.session.scalar(select(func.min(Qualification.reconfirm_by)).where(*of_one))
    claimed = (
        update(Qualification)
        .where(*of_one)
        .values(reminded_days=days)
        .execution_options(synchronize_session=False)
    )
    number = changed(claimed)
    if number == 0:
        return
    organisation = db.session.get_one(Organisation, organisation_id)
    audit.record(
        "qualification:remind", subject=organisation, by=None, facts={"days": days, "of": number}
    )
    by_day = shown_date(soonest)
    mails.tell_applicants(organisation_id, "reminder", organisation_id, reconfirm_by=by_day)


def _to_remind(today: date, days: int) -> tuple[Any, ...]:
    return (
        Qualification.state.in_(HELD),
        Qualification.reconfirm_by <= today + timedelta(days=days),
        or_(Qualification.reminded_days.is_(None), Qualification.reminded_days > days),
    )


def _each(due: Select, act: Callable[[UUID], Any]) -> int:
    """Act on each once, in a transaction of its own; one refusal stops no other."""
    done, seen = 0, set[UUID]()
    while found := [each for each in _batch(due) if each not in seen]:
        seen.update(found)
        done += jobs.each_alone(found, act)
    return done


def _batch(due: Select) -> Sequence[UUID]:
    return db.session.scalars(due.limit(BATCH)).all()


def next_correction_end(after: datetime) -> datetime | None:
    """The first moment after the next window for corrections."""
    return _soonest(Correction.until, after, 1, Correction.closed_at.is_(None))


def next_escalation(after: datetime) -> datetime | None:
    """The next day on which an application has waited too long."""
    waiting = Application.state.in_(WITH_ASSESSORS)
    return _soonest(Application.escalate_on, after, 0, waiting, Application.escalated_at.is_(None))


def next_return(after: datetime) -> datetime | None:
    """The next day on which a suspension ends."""
    suspended = Qualification.state == QualificationState.SUSPENDED
    return _soonest(Qualification.suspended_until, after, 0, suspended)


def next_reminder(after: datetime) -> datetime | None:
    """The next day on which a reminder goes out."""
    held = Qualification.state.in_(HELD)
    moments = [_soonest(Qualification.reconfirm_by, after, -days, held) for days in REMINDERS]
    return min((each for each in moments if each), default=None)


def next_lapse(after: datetime) -> datetime | None:
    """The first moment after the next grace ends."""
    qualified = Qualification.state == QualificationState.QUALIFIED
    return _soonest(Qualification.lapses_on, after, 1, qualified)


def _soonest(column: Any, after: datetime, days: int, *conditions: Any) -> datetime | None:
    """The start of the first day, so many days after one in `column`, that lies after `after`."""
    offset = timedelta(days=days)
    later = column > calendar.day_of(after) - offset
    day = db.session.scalar(select(func.min(column)).where(later, *conditions))
    return calendar.start_of(day + offset) if day else None


def register(app: Flask) -> None:
    """Add the jobs of qualification to the round."""
    jobs.register(app, "end corrections", end_corrections, next_correction_end)
    jobs.register(app, "escalate applications", escalate, next_escalation)
    jobs.register(app, "end suspensions", end_suspensions, next_return)
    jobs.register(app, "remind to reconfirm", remind, next_reminder)
    jobs.register(app, "lapse qualifications", lapse, next_lapse)
