"""Reading decisions: the lead buyer's side, the bidder's, and what is public."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from bids.awards.models import Award, BidSummary
from bids.evaluation.models import ModeratedScore, PanelMember
from bids.models import Bid
from bids.queries import own_bid
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import calendar
from marketplace.accounts.models import Membership
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours


def award_of(lot_id: UUID) -> Award | None:
    """Recommendation and, where there is one, decision on a lot."""
    return db.session.scalar(select(Award).where(Award.lot_id == lot_id))


def own_summary(bid_id: UUID, by: Acting) -> tuple[Bid, dict[str, Any]]:
    """The organisation's bid and what it was told. Raises NotYours, also before the decision."""
    bid = own_bid(bid_id, by)
    summary = db.session.scalar(select(BidSummary).where(BidSummary.bid_id == bid.id))
    if summary is None:
        raise NotYours(bid_id)
    return bid, json.loads(summary.content)


def has_summary(bid_id: UUID) -> bool:
    """Whether the bidder has been told the outcome with its reasons."""
    found = select(BidSummary.id).where(BidSummary.bid_id == bid_id)
    return db.session.scalar(found) is not None


@dataclass(frozen=True)
class PublicAward:
    """What everybody may know of a decision; money in pence by the lot's price basis."""

    award: Award
    winner: str | None
    counted_days: list[Any]


def public_award(lot: Lot) -> PublicAward | None:
    """The decision on a lot, for its public page."""
    award = award_of(lot.id)
    if award is None or award.decided_at is None:
        return None
    winner = None
    if award.bid is not None:
        winner = db.session.get_one(Organisation, award.bid.organisation_id).name
    return PublicAward(award, winner, standstill_days(lot, award.decided_at))


def standstill_days(lot: Lot, decided_at: datetime) -> list[Any]:
    """The counted working days of the standstill; none where there is no standstill."""
    if lot.standstill_ends_on is None:
        return []
    return calendar.counted_days(calendar.day_of(decided_at), lot.standstill_working_days)


def standstills_over(now: datetime) -> list[UUID]:
    """Lots whose standstill has ended, first ended first."""
    today = calendar.day_of(now)
    found = select(Lot.id).where(Lot.state == LotState.STANDSTILL, Lot.standstill_ends_on < today)
    return list(db.session.scalars(found.order_by(Lot.standstill_ends_on, Lot.id)))


def next_standstill_end(after: datetime) -> datetime | None:
    """When the next standstill is over: the first moment after its last day, in London."""
    ends = select(func.min(Lot.standstill_ends_on)).where(
        Lot.state == LotState.STANDSTILL,
        Lot.standstill_ends_on >= calendar.day_of(after),
    )
    last_day = db.session.scalar(ends)
    return calendar.end_of(last_day) if last_day else None


def to_decide(by: Acting) -> list[Award]:
    """The lead buyer's recommendations that wait for this person's decision, oldest first.

    The list filter of `permissions.leads_and_did_not_score`.
    """
    sat = select(PanelMember.evaluation_id).where(PanelMember.person_id == by.person_id)
    agreed = select(ModeratedScore.evaluation_id).where(ModeratedScore.agreed_by_id == by.person_id)
    tied = (
        select(Bid.lot_id)
        .join(Membership, Membership.organisation_id == Bid.organisation_id)
        .where(Membership.person_id == by.person_id)
    )
    found = (
        select(Award)
        .join(Lot)
        .where(
            Lot.lead_buyer_id == by.organisation_id,
            Lot.state == LotState.RECOMMENDED,
            Award.recommended_by_id != by.person_id,
            Award.evaluation_id.not_in(sat),
            Award.evaluation_id.not_in(agreed),
            Lot.id.not_in(tied),
        )
    )
    return list(db.session.scalars(found.order_by(Award.recommended_at)))
