"""Recording the work: each function is one verb of the provider's caseworker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import or_, select

from marketplace import audit, calendar, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check
from referrals import clocks, notices
from referrals.codes import IN_DELIVERY, ReferralState
from referrals.delivery.models import (
    CAME,
    Assessment,
    Attendance,
    CaseSession,
    Method,
)
from referrals.lifecycle import REFERRAL, START
from referrals.models import ClockKind, Referral
from referrals.outcomes.actions import NOT_SAID, Positions, add_positions
from referrals.outcomes.models import Moment
from referrals.permissions import ReferralPermission
from referrals.queries import locked, locked_with_place
from referrals.stopped import refuse_where_stopped

# Sessions are arranged for at most six months ahead.
FARTHEST = timedelta(days=183)


def record_assessment(
    referral_id: UUID,
    held_on: date,
    method: Method,
    notes: str,
    positions: Positions,
    by: Acting,
    own: Positions = NOT_SAID,
) -> Assessment:
    """Record the initial assessment with a start position on every outcome; the work begins.

    The action plan is due from that day on; `own` are the person's positions, where they said.

    Raises NotYours, Refused, Refusal for a day in the future or before the referral had a place,
    or once the service has been stopped.
    """
    referral = locked_with_place(referral_id, by)
    today = clock.today()
    if held_on > today:
        raise Refusal(_("The day of the assessment must be today or in the past."))
    if referral.placed_at and held_on < calendar.day_of(referral.placed_at):
        raise Refusal(_("The day of the assessment must not be before the referral was sent."))
    check(by, ReferralPermission.DELIVER, referral)
    REFERRAL.expect(START, referral)
    refuse_where_stopped(referral.contract_area_id)
    held_at = clock.now() if held_on == today else calendar.start_of(held_on)
    REFERRAL.take(START, referral, by, facts={"started_at": referral.started_at or held_at})
    assessment = Assessment(
        id=new_id(),
        referral_id=referral.id,
        held_on=held_on,
        method=method,
        notes=notes,
        by_id=by.person_id,
        recorded_at=clock.now(),
    )
    db.session.add(assessment)
    add_positions(referral, Moment.START, positions, by, own)
    clocks.stop(referral.id, held_on, ClockKind.CONTACT, ClockKind.ASSESSMENT)
    clocks.start(referral.id, (ClockKind.PLAN,), held_on)
    notices.tell_practitioner("assessed", referral)
    return assessment


def arrange_session(
    referral_id: UUID, starts_at: datetime, method: Method, by: Acting
) -> CaseSession:
    """Arrange a session. Raises NotYours, Refused, Refusal for a moment out of bounds or taken."""
    referral = locked_with_place(referral_id, by)
    check(by, ReferralPermission.DELIVER, referral)
    if referral.state not in IN_DELIVERY or referral.state == ReferralState.CONCLUDING:
        raise Refusal(_("Sessions can be arranged after the referral is accepted, until it ends."))
    refuse_where_stopped(referral.contract_area_id)
    if starts_at > clock.now() + FARTHEST:
        raise Refusal(_("A session can be arranged for at most six months ahead."))
    if calendar.day_of(starts_at) < calendar.day_of(referral.sent_at):
        raise Refusal(_("A session cannot be before the referral was sent."))
    if _is_arranged(referral.id, starts_at):
        raise Refusal(_("A session is already arranged for this day and time. Choose another."))
    session = CaseSession(
        id=new_id(),
        referral_id=referral.id,
        starts_at=starts_at,
        method=method,
        arranged_by_id=by.person_id,
        arranged_at=clock.now(),
    )
    db.session.add(session)
    clocks.stop(referral.id, clock.today(), ClockKind.CONTACT)
    audit.record("referral_session:arrange", subject=session, by=by)
    return session


def _is_arranged(referral_id: UUID, starts_at: datetime) -> bool:
    same = select(CaseSession.id).where(
        CaseSession.referral_id == referral_id,
        CaseSession.starts_at == starts_at,
        or_(CaseSession.attendance.is_(None), CaseSession.attendance != Attendance.NOT_HELD),
    )
    return db.session.scalar(same.limit(1)) is not None


@dataclass(frozen=True)
class Feedback:
    """What came of a session; `concern` None where there is nothing to tell the practitioner."""

    attendance: Attendance
    text: str
    concern: str | None


def record_session(referral_id: UUID, session_id: UUID, said: Feedback, by: Acting) -> CaseSession:
    """Record attendance and feedback, once; a concern is told to the practitioner at once.

    Raises NotYours, Refused, Refusal before the session's time or a second time.
    """
    referral = locked(referral_id, by)
    check(by, ReferralPermission.DELIVER, referral)
    session = db.session.get(CaseSession, session_id, with_for_update=True)
    if session is None or session.referral_id != referral.id:
        raise NotYours()
    _refuse_feedback(referral, session)
    session.attendance, session.feedback = said.attendance, said.text
    session.concern, session.has_concern = said.concern, said.concern is not None
    session.recorded_by_id, session.recorded_at = by.person_id, clock.now()
    if said.attendance in CAME and referral.started_at is None:
        referral.started_at = session.starts_at
    facts = {"concern": session.has_concern}
    audit.record("referral_session:record", subject=session, by=by, facts=facts)
    if session.has_concern:
        notices.tell_practitioner("concern", referral)
    elif said.attendance == Attendance.ABSENT:
        notices.tell_practitioner("absent", referral)
    return session


def _refuse_feedback(referral: Referral, session: CaseSession) -> None:
    if session.recorded_at is not None:
        raise Refusal(_("What came of this session has been recorded already."))
    if session.starts_at > clock.now():
        raise Refusal(_("This session has not taken place yet. Record it afterwards."))
    if referral.state not in IN_DELIVERY:
        raise Refusal(_("This case has ended. Nothing more can be recorded."))
