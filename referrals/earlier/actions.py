"""Deciding whether an earlier assessment is shared."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check
from referrals.earlier.models import LawfulBasis, SharedAssessment
from referrals.earlier.queries import decision_of, offered_for
from referrals.permissions import ReferralPermission
from referrals.queries import locked


def decide(
    referral_id: UUID, assessment_id: UUID | None, basis: LawfulBasis | None, by: Acting
) -> None:
    """Share an assessment on this basis, or (both None) none; what was decided before is replaced.

    Raises NotYours where the assessment is of somebody else or of a case one may not see, Refused,
    Refusal once the case has ended.
    """
    referral = locked(referral_id, by)
    check(by, ReferralPermission.END, referral)
    if referral.ended_at is not None:
        raise Refusal(_("This case has ended. Nothing is shared any more."))
    if assessment_id is not None:
        if assessment_id not in {each.id for each in offered_for(referral, by)}:
            raise NotYours()
        if basis is None:
            raise Refusal(_("Select why sharing it is lawful."))
    decision = decision_of(referral_id)
    if decision is None:
        decision = SharedAssessment(id=new_id(), referral_id=referral_id)
        db.session.add(decision)
    decision.assessment_id = assessment_id
    decision.basis = basis if assessment_id else None
    decision.by_id = by.person_id
    decision.at = clock.now()
    facts = {"assessment": assessment_id, "basis": decision.basis}
    audit.record("referral:share_assessment", subject=referral, by=by, facts=facts)
