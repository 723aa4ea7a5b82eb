"""What is due by when on a case: computed in working days, paused while a question is open.

Clocks start when the person has a place. An overdue clock is shown to both sides, stands in the
overdue lists, and is escalated once; nothing is ever accepted by itself (domain, section 8).
What counts as in time, and what in neither figure, is decision 0035.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Update, and_, func, insert, select, update

from marketplace import calendar
from marketplace.database import db, new_id, tables
from referrals.models import ClockKind, Referral, ReferralClock

# Policy: working days of England and Wales, except the first contact, which counts every day.
# What came of a session is due on the session's own day.
WORKING_DAYS = {
    ClockKind.RESPONSE: 2,
    ClockKind.ASSESSMENT: 10,
    ClockKind.FEEDBACK: 0,
    ClockKind.PLAN: 5,
    ClockKind.REPORT: 5,
}
CONTACT_DAYS = 10


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
            "lapsed": False,
        }
        for kind in kinds
    ]


def start(referral_id: UUID, kinds: tuple[ClockKind, ...], today: date) -> None:
    """Start these clocks today."""
    insert_clocks(referral_id, kinds, today)
    note_next(referral_id)


def insert_clocks(referral_id: UUID, kinds: tuple[ClockKind, ...], today: date) -> None:
    """Start these clocks of a referral whose row says already what is due next."""
    tables().execute(insert(ReferralClock.__table__), rows(referral_id, kinds, today))


def note_next(*referral_ids: UUID) -> None:
    """Write in these referrals' rows what is due next; lists and counts go by it."""
    table = Referral.__table__
    due_next = (
        select(func.min(ReferralClock.due_on))
        .where(
            ReferralClock.referral_id == table.c.id,
            ReferralClock.stopped_on.is_(None),
            ReferralClock.paused_on.is_(None),
        )
        .scalar_subquery()
    )
    noted = update(table).where(table.c.id.in_(referral_ids)).values(next_due_on=due_next)
    tables().execute(noted)


def stop(referral_id: UUID, today: date, *kinds: ClockKind) -> None:
    """Stop these clocks: what they ask for was done on that day."""
    these = _running().where(ReferralClock.referral_id == referral_id)
    db.session.execute(these.where(ReferralClock.kind.in_(kinds)).values(stopped_on=today))
    note_next(referral_id)


def end(referral_id: UUID, today: date, *done: ClockKind) -> None:
    """The case is over: every clock that still runs stops.

    What is not `done` by that lapses, so that it counts in no figure, unless it had run out before.
    """
    in_time = func.coalesce(ReferralClock.paused_on, today) <= ReferralClock.due_on
    lapsed = and_(ReferralClock.kind.not_in(done), in_time)
    running = _running().where(ReferralClock.referral_id == referral_id)
    db.session.execute(running.values(stopped_on=today, lapsed=lapsed))
    note_next(referral_id)


def sessions_arranged(sessions: Sequence[tuple[UUID, UUID, date]], today: date) -> None:
    """Sessions (case, session, its day in London) were arranged: the first contact is made.

    What comes of each is due on its own day. As many statements for many as for one.
    """
    fed_back = [
        {
            "id": new_id(),
            "referral_id": referral_id,
            "session_id": session_id,
            "kind": ClockKind.FEEDBACK,
            "started_on": day,
            "due_on": due(ClockKind.FEEDBACK, day),
            "lapsed": False,
        }
        for referral_id, session_id, day in sessions
    ]
    tables().execute(insert(ReferralClock.__table__), fed_back)
    cases = {referral_id for referral_id, _session_id, _day in sessions}
    contact = ReferralClock.kind == ClockKind.CONTACT
    first = _running().where(ReferralClock.referral_id.in_(cases), contact)
    db.session.execute(first.values(stopped_on=today))
    note_next(*cases)


def stop_feedback(session_id: UUID, today: date) -> None:
    """What came of the session has been recorded."""
    _of_sessions([session_id], stopped_on=today)


def lapse_feedback(today: date, *session_ids: UUID) -> None:
    """These sessions were called off or moved: nothing is due, and they count in no figure."""
    _of_sessions(session_ids, stopped_on=today, lapsed=True)


def _of_sessions(session_ids: Sequence[UUID], **values: Any) -> None:
    of_sessions = ReferralClock.session_id.in_(session_ids)
    db.session.execute(_running().where(of_sessions).values(values))
    of_referrals = select(ReferralClock.referral_id).where(of_sessions).distinct()
    note_next(*db.session.scalars(of_referrals))


def _running() -> Update:
    still = update(ReferralClock).where(ReferralClock.stopped_on.is_(None))
    return still.execution_options(synchronize_session=False)


def pause(referral_id: UUID, today: date) -> None:
    """Stop counting while the practitioner has a question to answer."""
    running = _running().where(ReferralClock.referral_id == referral_id)
    db.session.execute(running.values(paused_on=today))
    note_next(referral_id)


def resume(referral_id: UUID, today: date) -> None:
    """Count on; what is due moves by as many days as the question was open."""
    paused = select(ReferralClock).where(
        ReferralClock.referral_id == referral_id, ReferralClock.paused_on.is_not(None)
    )
    for clock in db.session.scalars(paused):
        clock.due_on = moved(clock, clock.paused_on or today, today)
        clock.paused_on = None
    note_next(referral_id)


def moved(clock: ReferralClock, paused_on: date, today: date) -> date:
    """When a clock is due that stood still from `paused_on` until `today`.

    Somebody in custody: a clock that starts at release stands still anyway until then.
    """
    paused_on = max(paused_on, clock.started_on)
    if today <= paused_on:
        return clock.due_on
    if clock.kind == ClockKind.CONTACT:
        return clock.due_on + (today - paused_on)
    days = calendar.working_days_between(paused_on, today, calendar.ENGLAND_AND_WALES)
    return calendar.add_working_days(clock.due_on, days, calendar.ENGLAND_AND_WALES)


def is_overdue(clock: ReferralClock, today: date) -> bool:
    """Whether a running clock has passed its last day."""
    return clock.stopped_on is None and clock.paused_on is None and clock.due_on < today


def overdue(today: date) -> ColumnElement[bool]:
    """The condition on `Referral` that any of its clocks is overdue."""
    return Referral.next_due_on < today


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
