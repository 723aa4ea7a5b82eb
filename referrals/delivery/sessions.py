"""Arranging sessions with a person, and moving one to another time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace import audit, calendar, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import check
from referrals import clocks, notices
from referrals.codes import IN_HAND
from referrals.delivery.feedback import Feedback, put_feedback, session_for_update
from referrals.delivery.models import STANDS, AskedBy, Attendance, CaseSession
from referrals.delivery.venues import Venue
from referrals.models import Referral
from referrals.permissions import ReferralPermission
from referrals.queries import locked_with_place
from referrals.stopped import refuse_where_stopped

# Sessions are arranged for at most six months ahead.
FARTHEST = timedelta(days=183)


def arrange_session(
    referral_id: UUID,
    starts_at: datetime,
    venue: Venue,
    by: Acting,
    said: Feedback | None = None,
) -> CaseSession:
    """Arrange a session; one of an earlier day is written down with what came of it, `said`.

    Raises NotYours, Refused, Refusal for a moment out of bounds or taken.
    """
    referral = locked_with_place(referral_id, by)
    check(by, ReferralPermission.DELIVER, referral)
    refuse_where_stopped(referral.contract_area_id)
    _refuse_arranging(referral, starts_at, venue)
    if (said is None) == is_of_earlier_day(starts_at):
        raise Refusal(_("Record what came of a session that has already taken place."))
    session = _put_session(referral, starts_at, venue, by)
    audit.record("referral_session:arrange", subject=session, by=by)
    if said is not None:
        put_feedback(referral, session, said, by)
    return session


def is_of_earlier_day(starts_at: datetime) -> bool:
    """Whether this moment is on a day before today, in London."""
    return calendar.day_of(starts_at) < clock.today()


def _put_session(referral: Referral, starts_at: datetime, venue: Venue, by: Acting) -> CaseSession:
    session = new_session(referral.id, starts_at, venue, by)
    put_sessions([session])
    return session


def new_session(
    referral_id: UUID,
    starts_at: datetime,
    venue: Venue,
    by: Acting,
    meeting_id: UUID | None = None,
) -> CaseSession:
    """A session to be put; `meeting_id` is the group's meeting that it belongs to."""
    return CaseSession(
        id=new_id(),
        referral_id=referral_id,
        meeting_id=meeting_id,
        starts_at=starts_at,
        minutes=venue.minutes,
        method=venue.method,
        office_code=venue.office_code,
        address=venue.address,
        arranged_by_id=by.person_id,
        arranged_at=clock.now(),
    )


def put_sessions(sessions: Sequence[CaseSession]) -> None:
    """Write new sessions of locked cases, with their clocks; the caller has judged them."""
    db.session.add_all(sessions)
    db.session.flush()
    days = [(each.referral_id, each.id, calendar.day_of(each.starts_at)) for each in sessions]
    clocks.sessions_arranged(days, clock.today())


def _refuse_arranging(referral: Referral, starts_at: datetime, venue: Venue) -> None:
    if referral.state not in IN_HAND:
        raise Refusal(_("Sessions can be arranged after the referral is accepted, until it ends."))
    if starts_at > clock.now() + FARTHEST:
        raise Refusal(_("A session can be arranged for at most six months ahead."))
    if calendar.day_of(starts_at) < calendar.day_of(referral.sent_at):
        raise Refusal(_("A session cannot be before the referral was sent."))
    venue.refuse_impossible()
    if _is_arranged(referral.id, starts_at):
        raise Refusal(_("A session is already arranged for this day and time. Choose another."))


def _is_arranged(referral_id: UUID, starts_at: datetime) -> bool:
    same = select(CaseSession.id).where(
        CaseSession.referral_id == referral_id,
        CaseSession.starts_at == starts_at,
        STANDS,
    )
    return db.session.scalar(same.limit(1)) is not None


def move_session(
    referral_id: UUID,
    session_id: UUID,
    starts_at: datetime,
    venue: Venue,
    asked_by: AskedBy,
    reason: str,
    by: Acting,
) -> CaseSession:
    """Arrange a session anew; the old one stays, points to the new one and says who asked, why.

    Raises NotYours, Refused, Refusal once its time has come, and for a new moment that is past,
    out of bounds or taken.
    """
    referral = locked_with_place(referral_id, by)
    check(by, ReferralPermission.DELIVER, referral)
    refuse_where_stopped(referral.contract_area_id)
    old = session_for_update(referral, session_id)
    if not old.is_ahead:
        raise Refusal(_("This session has been recorded, moved or cancelled. Arrange a new one."))
    if old.meeting_id is not None:
        raise Refusal(_("This is a meeting of a group. Its timetable is changed with the group."))
    if old.starts_at <= clock.now():
        raise Refusal(_("The time of this session has come. Record what came of it."))
    if starts_at <= clock.now():
        raise Refusal(_("The new time must be in the future."))
    # First off the old moment: the new one may be the same, somewhere else.
    old.attendance, old.recorded_at = Attendance.NOT_HELD, clock.now()
    db.session.flush()
    _refuse_arranging(referral, starts_at, venue)
    new = _put_session(referral, starts_at, venue, by)
    old.moved_at, old.moved_by_id, old.moved_to_id = old.recorded_at, by.person_id, new.id
    old.asked_by, old.move_reason = asked_by, reason
    clocks.lapse_feedback(clock.today(), old.id)
    audit.record("referral_session:move", subject=old, by=by, facts={"asked_by": asked_by})
    notices.tell_practitioner("session_moved", referral)
    return new
