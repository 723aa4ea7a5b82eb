"""What both sides do with a sent referral, one function a verb."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from lots.contracts import places
from marketplace import clock
from marketplace.acting import Acting, Role
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal, Step
from marketplace.permissions import check
from referrals import clocks, notices
from referrals.answering.assigning import add_caseworker
from referrals.codes import DeclineReason, EndReason, ReferralState
from referrals.lifecycle import ACCEPT, DECLINE, END_EARLY, QUERY, REFERRAL, REPLY, WITHDRAW
from referrals.models import ClockKind, MessageKind, Referral, ReferralMessage
from referrals.permissions import ReferralPermission
from referrals.queries import locked, locked_with_place
from referrals.stopped import refuse_where_stopped


def accept(referral_id: UUID, by: Acting) -> Referral:
    """Accept a referral; a caseworker who accepts works on it from now on.

    Raises NotYours, Refused, Refusal once the service has been stopped, AlreadyChanged where
    somebody was faster.
    """
    referral = locked_with_place(referral_id, by)
    check(by, ReferralPermission.RESPOND, referral)
    REFERRAL.expect(ACCEPT, referral)
    refuse_where_stopped(referral.contract_area_id)
    REFERRAL.take(ACCEPT, referral, by, facts={"accepted_at": clock.now()})
    clocks.stop(referral.id, clock.today(), ClockKind.RESPONSE)
    if by.has(Role.CASEWORKER):
        add_caseworker(referral, by.person_id, by.organisation_id)
    notices.tell_practitioner("accepted", referral)
    return referral


def query(referral_id: UUID, text: str, by: Acting) -> Referral:
    """Ask the practitioner something before deciding; the clocks rest until the reply."""
    referral = locked(referral_id, by)
    REFERRAL.take(QUERY, referral, by)
    _add_message(referral, MessageKind.QUERY, text, by)
    clocks.pause(referral.id, clock.today())
    notices.tell_practitioner("query", referral)
    return referral


def reply(referral_id: UUID, text: str, by: Acting) -> Referral:
    """Answer the provider's question; the clocks run on."""
    referral = locked(referral_id, by)
    REFERRAL.take(REPLY, referral, by)
    _add_message(referral, MessageKind.REPLY, text, by)
    clocks.resume(referral.id, clock.today())
    notices.tell_provider("reply", referral)
    return referral


def decline(referral_id: UUID, reason: DeclineReason, by: Acting, comment: str = "") -> Referral:
    """Decline with a coded reason and words where needed; the place goes to whoever waits first."""
    referral = locked_with_place(referral_id, by)
    facts = {
        "decline_reason": reason,
        "end_comment": comment or None,
        "ended_at": clock.now(),
    }
    REFERRAL.take(DECLINE, referral, by, facts=facts)
    clocks.end(referral.id, clock.today(), ClockKind.RESPONSE)
    notices.tell_practitioner("declined", referral)
    places.release(referral.contract_area_id, by)
    return referral


def withdraw(referral_id: UUID, reason: EndReason, comment: str, by: Acting) -> Referral:
    """Take a referral back before the work has begun; a place it held goes back."""
    return _end(WITHDRAW, referral_id, reason, comment, by)


def end_unfinished(referral_id: UUID, reason: EndReason, comment: str, by: Acting) -> Referral:
    """End the work early as the practitioner's choice.

    Raises Refusal where only the end report is missing: that report ends the case.
    """
    refuse_finished(locked_with_place(referral_id, by))
    return end_early(referral_id, reason, comment, by)


def refuse_finished(referral: Referral) -> None:
    """Raise Refusal where the work cannot end early: it has, or only its report is missing."""
    if referral.state == ReferralState.CONCLUDING:
        raise Refusal(_("Only the end of service report is missing. The provider writes it."))
    REFERRAL.expect(END_EARLY, referral)


def end_early(referral_id: UUID, reason: EndReason, comment: str, by: Acting) -> Referral:
    """End the work before its end report; the place goes back."""
    return _end(END_EARLY, referral_id, reason, comment, by)


def close(referral: Referral, reason: EndReason, comment: str, by: Acting) -> Referral:
    """End a case, whether the work has begun or not; a place it held goes back."""
    ends = end_early if referral.state in END_EARLY.frm else withdraw
    return ends(referral.id, reason, comment, by)


def _end(step: Step, referral_id: UUID, reason: EndReason, comment: str, by: Acting) -> Referral:
    referral = locked_with_place(referral_id, by)
    held_place = referral.state != ReferralState.WAITING
    facts = {"end_reason": reason, "end_comment": comment or None, "ended_at": clock.now()}
    REFERRAL.take(step, referral, by, facts=facts)
    clocks.end(referral.id, clock.today())
    if held_place:
        notices.tell_provider("ended", referral)
        places.release(referral.contract_area_id, by)
    return referral


def _add_message(referral: Referral, kind: MessageKind, text: str, by: Acting) -> None:
    db.session.add(
        ReferralMessage(
            id=new_id(),
            referral_id=referral.id,
            kind=kind,
            text=text,
            by_id=by.person_id,
            at=clock.now(),
        )
    )
