"""Who may evaluate opened bids, and who decides: never somebody who stands to gain by it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import or_, select

from bids.evaluation.models import ModeratedScore
from bids.models import Bid
from bids.partners.models import OpenedPartner
from bids.permissions import BidPermission, of_lead_buyer
from lots.funding.parties import must_sign
from lots.permissions import DECIDERS, DRAFTERS
from marketplace.accounts.models import Membership
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.permissions import policy, rule


def has_interest(person_id: UUID, lot_id: UUID) -> bool:
    """The person holds a role in an organisation that bids for the lot or is a named partner.

    Both are known once the bids are opened.
    """
    leads = select(Bid.organisation_id).where(Bid.lot_id == lot_id)
    partners = select(OpenedPartner.organisation_id).join(Bid).where(Bid.lot_id == lot_id)
    ties = select(Membership.id).where(
        Membership.person_id == person_id,
        or_(
            Membership.organisation_id.in_(leads.where(Bid.organisation_id.is_not(None))),
            Membership.organisation_id.in_(partners),
        ),
    )
    return db.session.scalar(ties.limit(1)) is not None


def leads(by: Acting, thing: Any) -> bool:
    """The lead buyer's own people, as long as none of their organisations bids for the lot."""
    return of_lead_buyer(by, thing) and not has_interest(by.person_id, thing.lot_id)


def leads_and_did_not_score(by: Acting, evaluation: Any) -> bool:
    """Evaluating and awarding are different people (domain, section 2).

    Whoever sat on the panel has evaluated, and whoever entered one of the agreed scores.
    """
    return leads(by, evaluation) and not _scored(by, evaluation)


def _scored(by: Acting, evaluation: Any) -> bool:
    agreed = select(ModeratedScore.id).where(
        ModeratedScore.evaluation_id == evaluation.id, ModeratedScore.agreed_by_id == by.person_id
    )
    on_panel = by.person_id in {member.person_id for member in evaluation.panel}
    return on_panel or db.session.scalar(agreed.limit(1)) is not None


def cosigns_and_did_not_score(by: Acting, evaluation: Any) -> bool:
    """Of an organisation that must co-sign the lot; neither evaluator nor tied to a bidder."""
    return (
        must_sign(by, evaluation.lot)
        and not has_interest(by.person_id, evaluation.lot_id)
        and not _scored(by, evaluation)
    )


def sits_on_panel(by: Acting, member: Any) -> bool:
    """The seat is this person's, and none of their organisations bids for the lot."""
    own = member.person_id == by.person_id and member.organisation_id == by.organisation_id
    return own and not has_interest(by.person_id, member.evaluation.lot_id)


def may_read(by: Acting, evaluation: Any) -> bool:
    """Those who run or decide the evaluation, and evaluators once they declared no conflict."""
    if by.has(*DRAFTERS, *DECIDERS) and leads(by, evaluation):
        return True
    return any(member.reads and sits_on_panel(by, member) for member in evaluation.panel)


TABLE = {
    BidPermission.SEE_EVALUATION: rule([*DRAFTERS, *DECIDERS, Role.EVALUATOR]),
    BidPermission.READ_OPENED: rule([*DRAFTERS, *DECIDERS, Role.EVALUATOR], when=may_read),
    BidPermission.MANAGE: rule(DRAFTERS, when=leads),
    BidPermission.SCORE: rule([Role.EVALUATOR], when=sits_on_panel),
    BidPermission.DECIDE: rule(DECIDERS, when=leads_and_did_not_score, fresh=True),
    BidPermission.COSIGN: rule(DECIDERS, when=cosigns_and_did_not_score, fresh=True),
}


def register(app: Flask) -> None:
    """Add the evaluation's table to the policy."""
    policy(app).add(TABLE)
