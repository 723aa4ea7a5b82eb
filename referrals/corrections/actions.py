"""Putting right what was recorded in error, and taking that back; each under the case's lock.

What was recorded stays. What counts from then on is what the next claim is computed from, so a
claim that is closed stays as it is, and the next one takes back or adds the difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from marketplace import audit, calendar, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import NotYours, check
from marketplace.web.filters import shown_date
from referrals import notices
from referrals.corrections.lifecycle import CORRECTION, TAKE_BACK
from referrals.corrections.models import Correction, Wrong
from referrals.corrections.permissions import CorrectionPermission
from referrals.corrections.queries import (
    Record,
    RecordKind,
    first_meeting,
    is_in_time,
    last_day,
    record_of,
)
from referrals.ending.models import Achievement
from referrals.models import Referral
from referrals.queries import locked


@dataclass(frozen=True)
class Right:
    """What is wrong with a record, what is right instead, and in words why."""

    wrong: Wrong
    why: str
    on: date | None = None
    result: Achievement | None = None


def put_right(
    referral_id: UUID, kind: RecordKind, record_id: UUID, said: Right, by: Acting
) -> Correction:
    """Put one record of a case right; the practitioner is told, and the next claim follows.

    Raises NotYours, Refused, AlreadyChanged where it was put right before, Refusal long after the
    end of the case, or for a day on which the meeting cannot have been.
    """
    referral = locked(referral_id, by)
    check(by, CorrectionPermission.PUT_RIGHT, referral)
    record = record_of(referral, kind, record_id)
    if record is None:
        raise NotYours()
    refuse_correction(referral, record)
    _refuse_what_is_right(referral, record, said)
    correction = Correction(
        id=new_id(),
        referral=referral,
        assessment_id=record_id if kind == RecordKind.ASSESSMENT else None,
        session_id=record_id if kind == RecordKind.SESSION else None,
        line_id=record_id if kind == RecordKind.OUTCOME else None,
        wrong=said.wrong,
        right_on=said.on,
        right_result=said.result,
        why=said.why,
        by_id=by.person_id,
        at=clock.now(),
    )
    db.session.add(correction)
    db.session.flush()
    audit.record("referral_correction:put_right", subject=correction, by=by, facts={"of": kind})
    _begin_anew(referral)
    notices.tell_practitioner("corrections/put_right", referral)
    return correction


def refuse_correction(referral: Referral, record: Record) -> None:
    """Raise AlreadyChanged or Refusal where this record cannot be put right (any more)."""
    if record.correction is not None:
        raise AlreadyChanged(
            _("This was put right already. Take that back first if it was a mistake.")
        )
    _refuse_late(referral)


def _refuse_late(referral: Referral) -> None:
    if not is_in_time(referral):
        raise Refusal(
            _(
                "The last day to put something right in this case was %(day)s. Tell the contract "
                "manager what was wrong.",
                day=shown_date(last_day(referral)),
            )
        )


def _refuse_what_is_right(referral: Referral, record: Record, said: Right) -> None:
    if said.on is not None:
        if said.on > clock.today():
            raise Refusal(_("The day of the meeting must be today or in the past."))
        if referral.placed_at and said.on < calendar.day_of(referral.placed_at):
            raise Refusal(_("The day of the meeting must not be before the referral was sent."))
        if referral.ended_at and said.on > calendar.day_of(referral.ended_at):
            raise Refusal(_("The day of the meeting must not be after the end of the case."))
        if said.on == calendar.day_of(record.at):
            raise Refusal(_("This is the day that is recorded. Enter the other one."))
    if said.result is not None and said.result == record.result:
        raise Refusal(_("This is the result that is recorded. Select the other one."))


def take_back(referral_id: UUID, correction_id: UUID, by: Acting) -> Correction:
    """Let a record count again as it was made; the practitioner is told.

    Raises NotYours, Refused, AlreadyChanged a second time, Refusal long after the end of the case.
    """
    referral = locked(referral_id, by)
    correction = db.session.get(Correction, correction_id, populate_existing=True)
    if correction is None or correction.referral_id != referral.id:
        raise NotYours()
    check(by, CorrectionPermission.TAKE_BACK, correction)
    _refuse_late(referral)
    facts = {"taken_back_by_id": by.person_id, "taken_back_at": clock.now()}
    CORRECTION.take(TAKE_BACK, correction, by, facts=facts)
    _begin_anew(referral)
    notices.tell_practitioner("corrections/taken_back", referral)
    return correction


def _begin_anew(referral: Referral) -> None:
    """The work began with the first meeting that counts; on the same day its time stays."""
    began, first = referral.started_at, first_meeting(referral)
    if began and first and calendar.day_of(began) == calendar.day_of(first):
        return
    referral.started_at = first
