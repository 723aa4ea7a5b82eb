"""Proposing an early end, answering it, taking it back; each under the lock of the case."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import check
from referrals import notices
from referrals.answering import actions as answering
from referrals.codes import IN_HAND, EndReason
from referrals.early_ends.lifecycle import AGREE, EARLY_END, LAPSE, REFUSE, TAKE_BACK
from referrals.early_ends.models import EarlyEndProposal
from referrals.early_ends.permissions import EarlyEndPermission
from referrals.early_ends.queries import open_proposal
from referrals.models import Referral
from referrals.queries import locked, locked_with_place


def propose(referral_id: UUID, reason: EndReason, why: str, by: Acting) -> EarlyEndProposal:
    """Propose that a case ends early; both sides are told.

    Raises NotYours, Refused, Refusal where the case is not being worked on or a proposal is open.
    """
    referral = locked(referral_id, by)
    check(by, EarlyEndPermission.PROPOSE, referral)
    refuse_proposal(referral)
    proposal = EarlyEndProposal(
        id=new_id(),
        referral=referral,
        organisation_id=by.organisation_id,
        reason=reason,
        why=why,
        by_id=by.person_id,
        proposed_at=clock.now(),
    )
    db.session.add(proposal)
    db.session.flush()
    audit.record("referral_early_end:propose", subject=proposal, by=by)
    notices.tell_practitioner("early_ends/proposed", referral)
    notices.tell_provider("early_ends/made", referral)
    return proposal


def refuse_proposal(referral: Referral) -> None:
    """Raise Refusal where no early end can be proposed of this case now."""
    # Before, the provider declines; afterwards only the end report is missing.
    if referral.state not in IN_HAND:
        raise Refusal(
            _("An early end can be proposed from the acceptance until the sessions are finished.")
        )
    if open_proposal(referral.id) is not None:
        raise AlreadyChanged(_("An early end is proposed already and waits for its answer."))


def agree(referral_id: UUID, proposal_id: UUID, by: Acting) -> Referral:
    """Agree: the case ends for the reason proposed, and its place goes back.

    Raises NotYours, Refused, AlreadyChanged once it was answered, taken back or has lapsed.
    """
    referral = locked_with_place(referral_id, by)
    proposal = _locked_proposal(referral, proposal_id)
    facts = {"answered_by_id": by.person_id, "answered_at": clock.now()}
    EARLY_END.take(AGREE, proposal, by, facts=facts)
    answering.close(referral, proposal.reason, "", by)
    _tell_owner(referral, by)
    return referral


def disagree(referral_id: UUID, proposal_id: UUID, answer: str, by: Acting) -> Referral:
    """Disagree, with words: the case goes on; the provider is told.

    Raises NotYours, Refused, AlreadyChanged once it was answered, taken back or has lapsed.
    """
    referral = locked(referral_id, by)
    proposal = _locked_proposal(referral, proposal_id)
    facts = {"answer": answer, "answered_by_id": by.person_id, "answered_at": clock.now()}
    EARLY_END.take(REFUSE, proposal, by, facts=facts)
    notices.tell_provider("early_ends/refused", referral)
    _tell_owner(referral, by)
    return referral


def take_back(referral_id: UUID, proposal_id: UUID, by: Acting) -> Referral:
    """Take one's own proposal back; the practitioner is told.

    Raises NotYours, Refused, AlreadyChanged once it was answered or has lapsed.
    """
    referral = locked(referral_id, by)
    EARLY_END.take(TAKE_BACK, _locked_proposal(referral, proposal_id), by)
    notices.tell_practitioner("early_ends/taken_back", referral)
    return referral


def lapse(referral: Referral, by: Acting | None) -> None:
    """The handler of whatever ends a case or its sessions: there is nothing to answer any more."""
    proposal = open_proposal(referral.id)
    if proposal is not None:
        EARLY_END.take(LAPSE, proposal, by=None)


def _locked_proposal(referral: Referral, proposal_id: UUID) -> EarlyEndProposal:
    """The proposal as it is under the lock of its case; only of this case."""
    found = db.session.get(EarlyEndProposal, proposal_id, populate_existing=True)
    if found is None or found.referral_id != referral.id:
        raise AlreadyChanged(_("This proposal is not there any more. Go back to the case."))
    return found


def _tell_owner(referral: Referral, by: Acting) -> None:
    if by.person_id != referral.owner_id:
        notices.tell_practitioner("early_ends/answered", referral)
