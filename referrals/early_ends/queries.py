"""Reading proposals of an early end."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from marketplace.acting import Acting
from marketplace.database import db
from marketplace.permissions import allowed
from referrals.early_ends.models import EarlyEndProposal, ProposalState
from referrals.models import Referral
from referrals.permissions import ReferralPermission, visible_to


def open_proposal(referral_id: UUID) -> EarlyEndProposal | None:
    """The proposal of a case that waits for an answer, if any."""
    return db.session.scalars(
        select(EarlyEndProposal).where(
            EarlyEndProposal.referral_id == referral_id,
            EarlyEndProposal.state == ProposalState.OPEN,
        )
    ).one_or_none()


def proposals_of(referral_id: UUID) -> Sequence[EarlyEndProposal]:
    """Every proposal of a case, the earliest first."""
    return db.session.scalars(
        select(EarlyEndProposal)
        .where(EarlyEndProposal.referral_id == referral_id)
        .order_by(EarlyEndProposal.proposed_at, EarlyEndProposal.id)
    ).all()


def to_answer(by: Acting) -> tuple[int, UUID | None]:
    """How many proposals this person may answer, at most 100, and the case of the oldest."""
    if not allowed(by, ReferralPermission.END):
        return 0, None
    asked = (
        select(EarlyEndProposal.referral_id)
        .join(Referral, Referral.id == EarlyEndProposal.referral_id)
        .where(EarlyEndProposal.state == ProposalState.OPEN, visible_to(by))
        .order_by(EarlyEndProposal.proposed_at)
        .limit(100)
    )
    found = db.session.scalars(asked).all()
    return len(found), found[0] if found else None
