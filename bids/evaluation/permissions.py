"""Who may evaluate opened bids, and who decides: never somebody who stands to gain by it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import ColumnElement, Select, exists, or_, select

from bids.evaluation.models import ModeratedScore
from bids.models import Bid
from bids.partners.models import OpenedPartner
from bids.permissions import BidPermission, of_lead_buyer
from lots.funding.parties import must_sign
from lots.permissions import DECIDERS, DRAFTERS
from marketplace.accounts.models import Membership
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.permissions import policy, rule


def _tied(lot_id: Any) -> ColumnElement[bool]:
    """A membership in an organisation that bids for the lot or is a named partner.

    Both are known once the bids are opened.
    """
    leads = select(Bid.organisation_id).where(
        Bid.lot_id == lot_id, Bid.organisation_id.is_not(None)
    )
    partners = select(OpenedPartner.organisation_id).join(Bid).where(Bid.lot_id == lot_id)
    return or_(Membership.organisation_id.in_(leads), Membership.organisation_id.in_(partners))


def ties(lot_id: UUID) -> Select:
    """Who holds a role in a bidding or partner organisation of the lot, and in which."""
    return (
        select(Membership.person_id, Organisation.name)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(_tied(lot_id))
        .order_by(Organisation.name)
    )


def is_tied(person_id: UUID, lot_id: Any) -> ColumnElement[bool]:
    """The condition that a person is tied to a bidder of the lot in a column."""
    return exists().where(Membership.person_id == person_id, _tied(lot_id))


def has_interest(person_id: UUID, lot_id: UUID) -> bool:
    """The person holds a role in an organisation that bids for the lot or is a named partner."""
    tied = ties(lot_id).where(Membership.person_id == person_id)
    return db.session.execute(tied.limit(1)).first() is not None


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


def holds_seat(by: Acting, member: Any) -> bool:
    """The seat is this person's, acting for the organisation that it was given for."""
    return member.person_id == by.person_id and member.organisation_id == by.organisation_id


def sits_on_panel(by: Acting, member: Any) -> bool:
    """The seat is this person's, and none of their organisations bids for the lot."""
    return holds_seat(by, member) and not has_interest(by.person_id, member.evaluation.lot_id)


def seats(by: Acting, member: Any) -> bool:
    """The seat is on a panel of the lead buyer's, and not one's own."""
    return member.person_id != by.person_id and leads(by, member.evaluation)


TABLE = {
    BidPermission.SEE_EVALUATION: rule([*DRAFTERS, *DECIDERS, Role.EVALUATOR]),
    # Evaluators read answers under their own criteria only, and never a whole bid.
    BidPermission.READ_OPENED: rule([*DRAFTERS, *DECIDERS], when=leads),
    BidPermission.MANAGE: rule(DRAFTERS, when=leads),
    BidPermission.SEAT: rule(DRAFTERS, when=seats),
    BidPermission.DECLARE: rule([Role.EVALUATOR], when=holds_seat),
    BidPermission.SCORE: rule([Role.EVALUATOR], when=sits_on_panel),
    BidPermission.DECIDE: rule(DECIDERS, when=leads_and_did_not_score, fresh=True),
    BidPermission.COSIGN: rule(DECIDERS, when=cosigns_and_did_not_score, fresh=True),
}


def register(app: Flask) -> None:
    """Add the evaluation's table to the policy."""
    policy(app).add(TABLE)
