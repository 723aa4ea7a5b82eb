"""What came of a session, recorded once; what is added later stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import gettext as _

from marketplace import audit, clock, events
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check
from referrals import clocks, notices
from referrals.codes import IN_DELIVERY
from referrals.delivery import concerns
from referrals.delivery.models import (
    ATTENDANCE_RECORDED,
    CAME,
    Attendance,
    CaseSession,
    ConcernKind,
    Heard,
    NotHeld,
    Response,
    SessionAddition,
)
from referrals.models import Referral
from referrals.permissions import ReferralPermission
from referrals.queries import locked


@dataclass(frozen=True)
class Feedback:
    """What came of a session; `text` is what was done, why it was not held, or what is known."""

    attendance: Attendance
    text: str
    not_held: NotHeld | None = None
    heard: Heard | None = None
    response: Response | None = None
    responded: str | None = None
    next_steps: str | None = None
    late_reason: str | None = None
    concerns: Mapping[ConcernKind, str] = field(default_factory=dict)


def record_session(referral_id: UUID, session_id: UUID, said: Feedback, by: Acting) -> CaseSession:
    """Record attendance and feedback, once; a concern is told to the practitioner at once.

    Raises NotYours, Refused, Refusal before the session's time or a second time.
    """
    referral = locked(referral_id, by)
    check(by, ReferralPermission.DELIVER, referral)
    session = session_for_update(referral, session_id)
    _refuse_feedback(referral, session)
    put_feedback(referral, session, said, by)
    return session


def session_for_update(referral: Referral, session_id: UUID) -> CaseSession:
    """One session of this locked case. Raises NotYours where it belongs to another."""
    session = db.session.get(CaseSession, session_id, with_for_update=True, populate_existing=True)
    if session is None or session.referral_id != referral.id:
        raise NotYours()
    return session


def put_feedback(referral: Referral, session: CaseSession, said: Feedback, by: Acting) -> None:
    """Write what came of a session of a locked case, and tell the practitioner what they must know.

    The text of what the person said is only in the record; the mails hold a reference and a link.
    """
    session.attendance, session.feedback = said.attendance, said.text or None
    session.not_held, session.heard = said.not_held, said.heard
    session.response, session.responded = said.response, said.responded
    session.next_steps, session.late_reason = said.next_steps, said.late_reason
    session.recorded_by_id, session.recorded_at = by.person_id, clock.now()
    if said.attendance in CAME and referral.started_at is None:
        referral.started_at = session.starts_at
    clocks.stop_feedback(session.id, clock.today())
    audit.record("referral_session:record", subject=session, by=by)
    if said.concerns:
        concerns.tell(referral, said.concerns, by, session.id)
    elif said.attendance == Attendance.ABSENT:
        notices.tell_practitioner("absent", referral)
    events.emit(ATTENDANCE_RECORDED, session, by)


def _refuse_feedback(referral: Referral, session: CaseSession) -> None:
    if session.moved_at is not None or session.cancelled_at is not None:
        raise Refusal(_("This session was moved or cancelled. There is nothing to record."))
    if session.recorded_at is not None:
        raise Refusal(_("What came of this session has been recorded already."))
    if session.starts_at > clock.now():
        raise Refusal(_("This session has not taken place yet. Record it afterwards."))
    if referral.state not in IN_DELIVERY:
        raise Refusal(_("This case has ended. Nothing more can be recorded."))


def add_to_session(
    referral_id: UUID,
    session_id: UUID,
    text: str,
    told: Mapping[ConcernKind, str],
    by: Acting,
) -> SessionAddition:
    """Add to what was recorded; a concern is told at once. Also after the case has ended.

    Raises NotYours, Refused, Refusal while nothing is recorded yet.
    """
    referral = locked(referral_id, by)
    check(by, ReferralPermission.DELIVER, referral)
    session = session_for_update(referral, session_id)
    if session.recorded_by_id is None:
        raise Refusal(_("Nothing is recorded of this session yet."))
    addition = SessionAddition(
        id=new_id(), session_id=session.id, text=text, by_id=by.person_id, at=clock.now()
    )
    db.session.add(addition)
    audit.record("referral_session:add", subject=session, by=by)
    if told:
        concerns.tell(referral, told, by, session.id)
    return addition
