"""Above which amount two people approve a claim: each buyer's own limit, or the policy's."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from lots.contracts.books import ceiling
from lots.contracts.claims.models import ApprovalLimit, Claim
from lots.contracts.claims.permissions import ClaimPermission
from lots.proportionality.policy import ONE_APPROVES_PENCE
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.permissions import check


def limit_of(organisation_id: UUID) -> int:
    """Above how many pence, net, a second person of this buyer approves."""
    own = select(ApprovalLimit.pence).where(ApprovalLimit.organisation_id == organisation_id)
    found = db.session.scalar(own)
    return ONE_APPROVES_PENCE if found is None else found


def needs_second(claim: Claim) -> bool:
    """Whether two people approve this claim."""
    net = claim.total_pence
    return net > limit_of(claim.contract.buyer_id) or ceiling.needs_second(claim.contract, net)


def set_limit(pence: int, by: Acting) -> ApprovalLimit:
    """Set the limit, in pence net, of the organisation acted for. Raises Refused.

    Claims that wait for a second person keep waiting for one.
    """
    check(by, ClaimPermission.SET_LIMIT)
    own = select(ApprovalLimit).where(ApprovalLimit.organisation_id == by.organisation_id)
    found = db.session.scalars(own.with_for_update()).one_or_none()
    facts = {"pence": pence, "set_by_id": by.person_id, "set_at": clock.now()}
    if found is None:
        found = ApprovalLimit(id=new_id(), organisation_id=by.organisation_id, **facts)
        db.session.add(found)
    for name, value in facts.items():
        setattr(found, name, value)
    db.session.flush()
    audit.record("approval_limit:set", subject=found, by=by, facts={"pence": pence})
    return found
