"""The job that reminds people the day before, and tells of what was moved or called off.

What is due is found from the sessions themselves, so that nothing is forgotten however a session
came to be moved or cancelled; each message claims itself with a row that there can be once.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from marketplace import calendar, clock, jobs, outbox
from marketplace.clock import LONDON
from marketplace.database import db, insert_into, new_id
from marketplace.outbox import Channel
from referrals.codes import IN_DELIVERY
from referrals.delivery.models import CaseSession
from referrals.models import Referral
from referrals.reminders.actions import consent_of
from referrals.reminders.models import Languages, Reminder, ReminderConsent, ReminderKind

# Nobody's phone rings at night: the day before, from ten to eight.
FROM, UNTIL = time(10), time(20)
BATCH = 200
Old = aliased(CaseSession)
# Once a case has ended, nothing but what was called off is told.
GOES_ON = Referral.state.in_(IN_DELIVERY)


def remind(now: datetime) -> int:
    """Post what is due; how many messages. Run twice, it posts nothing twice."""
    done = jobs.each_alone(_found(_moved(now)), lambda each: _post(each, ReminderKind.MOVED))
    done += jobs.each_alone(
        _found(_cancelled(now)), lambda each: _post(each, ReminderKind.CANCELLED)
    )
    if FROM <= now.astimezone(LONDON).time() < UNTIL:
        done += jobs.each_alone(_found(_ahead(now)), lambda each: _post(each, ReminderKind.AHEAD))
    return done


def next_reminder(after: datetime) -> datetime | None:
    """The next ten o'clock on a day before a session of somebody who agreed to reminders."""
    days = 1 if after.astimezone(LONDON).time() < FROM else 2
    first = calendar.start_of(calendar.day_of(after) + timedelta(days=days))
    starts_at = db.session.scalar(
        _with_consent(select(func.min(CaseSession.starts_at))).where(
            GOES_ON, CaseSession.starts_at >= first, CaseSession.recorded_at.is_(None)
        )
    )
    if starts_at is None:
        return None
    day_before = calendar.day_of(starts_at) - timedelta(days=1)
    return datetime.combine(day_before, FROM, LONDON).astimezone(after.tzinfo)


def _with_consent(found: Select[Any]) -> Select[Any]:
    return (
        found.select_from(CaseSession)
        .join(Referral, Referral.id == CaseSession.referral_id)
        .join(ReminderConsent, ReminderConsent.referral_id == Referral.id)
        .where(ReminderConsent.withdrawn_at.is_(None))
    )


def _untold(kind: ReminderKind, now: datetime) -> Select[Any]:
    told = exists().where(Reminder.session_id == CaseSession.id, Reminder.kind == kind)
    return _with_consent(select(CaseSession.id)).where(~told, CaseSession.starts_at > now)


def _ahead(now: datetime) -> Select[Any]:
    tomorrow = calendar.day_of(now) + timedelta(days=1)
    return _untold(ReminderKind.AHEAD, now).where(
        GOES_ON,
        CaseSession.starts_at >= calendar.start_of(tomorrow),
        CaseSession.starts_at < calendar.end_of(tomorrow),
        CaseSession.recorded_at.is_(None),
    )


def _moved(now: datetime) -> Select[Any]:
    """New sessions that stand for a moved one and were arranged since the consent was recorded."""
    return (
        _untold(ReminderKind.MOVED, now)
        .join(Old, Old.moved_to_id == CaseSession.id)
        .where(
            GOES_ON,
            CaseSession.recorded_at.is_(None),
            CaseSession.arranged_at >= ReminderConsent.recorded_at,
        )
    )


def _cancelled(now: datetime) -> Select[Any]:
    return _untold(ReminderKind.CANCELLED, now).where(
        CaseSession.cancelled_at >= ReminderConsent.recorded_at
    )


def _found(statement: Select[Any]) -> list[UUID]:
    ordered = statement.order_by(CaseSession.starts_at, CaseSession.id).limit(BATCH)
    return list(db.session.scalars(ordered))


def _post(session_id: UUID, kind: ReminderKind) -> bool:
    session = db.session.get_one(CaseSession, session_id, with_for_update=True)
    consent = consent_of(session.referral_id)
    if consent is None:
        return False
    reminder_id = _claimed(session_id, consent.id, kind)
    if reminder_id is None:
        return False
    earlier = db.session.scalar(select(Old.starts_at).where(Old.moved_to_id == session_id))
    outbox.post(
        template_of(consent, kind),
        to=consent.address,
        subject_id=reminder_id,
        facts={
            "starts_at": session.starts_at.isoformat(),
            "earlier": earlier.isoformat() if earlier else None,
            "call": consent.call,
        },
        language=consent.language,
        channel=consent.channel,
    )
    return True


def _claimed(session_id: UUID, consent_id: UUID, kind: ReminderKind) -> UUID | None:
    row = insert_into(Reminder).values(
        id=new_id(),
        session_id=session_id,
        consent_id=consent_id,
        kind=kind,
        posted_at=clock.now(),
    )
    return db.session.scalar(row.on_conflict_do_nothing().returning(Reminder.id))


def template_of(consent: ReminderConsent, kind: ReminderKind) -> str:
    """The template of a message: by channel, what it tells, and the person's language."""
    return f"referrals/reminders/{consent.channel}/{kind}_{consent.language}.txt"


def every_template() -> list[str]:
    """All of them, in both languages."""
    return [
        f"referrals/reminders/{channel}/{kind}_{language}.txt"
        for channel in Channel
        for kind in ReminderKind
        for language in Languages
    ]


def still_wanted(reminder_id: UUID | None) -> bool:
    """Asked at the moment of sending: the session stands as it is told, and the person agrees."""
    found = db.session.execute(
        select(Reminder.kind, CaseSession)
        .join(CaseSession, CaseSession.id == Reminder.session_id)
        .join(ReminderConsent, ReminderConsent.id == Reminder.consent_id)
        .join(Referral, Referral.id == CaseSession.referral_id)
        .where(
            Reminder.id == reminder_id,
            ReminderConsent.withdrawn_at.is_(None),
            or_(GOES_ON, Reminder.kind == ReminderKind.CANCELLED),
        )
    ).one_or_none()
    if found is None or found[1].starts_at <= clock.now():
        return False
    kind, session = found
    return (
        (session.cancelled_at is not None) if kind == ReminderKind.CANCELLED else session.is_ahead
    )
