"""Reading decisions: the lead buyer's side, the bidder's, and what is public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager

from bids.awards.models import Award, BidSummary, SummaryReview
from bids.awards.standstill import Standstill, standstill_of
from bids.evaluation import queries as evaluations
from bids.evaluation.models import Evaluation, EvaluationState, ModeratedScore, PanelMember
from bids.evaluation.permissions import is_tied
from bids.models import Bid
from bids.queries import own_bid
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import calendar
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours


def award_of(lot_id: UUID) -> Award | None:
    """The current recommendation and, where there is one, decision on a lot."""
    found = select(Award).where(Award.lot_id == lot_id, Award.superseded_at.is_(None))
    return db.session.scalar(found)


def locked(evaluation_id: UUID) -> tuple[Evaluation, Lot]:
    """The lot's row first, then its evaluation: one order for all who lock both."""
    lot = locked_lot(evaluations.get(evaluation_id).lot_id)
    return evaluations.get(evaluation_id, locked=True), lot


def locked_lot(lot_id: UUID) -> Lot:
    """A lot that is known to exist, under its lock and read afresh."""
    held = select(Lot).where(Lot.id == lot_id).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def waiting_award(evaluation: Evaluation) -> Award:
    """The recommendation that waits for its decision. Raises Refusal where none does."""
    award = award_of(evaluation.lot_id)
    if evaluation.state != EvaluationState.RECOMMENDED or award is None:
        raise Refusal(_("There is no recommendation here, or it has been decided already."))
    return award


def decided_award(lot_id: UUID) -> Award | None:
    """The current decision on a lot, from the moment every bidder was told."""
    award = award_of(lot_id)
    return award if award is not None and award.summaries_sent_at is not None else None


def taken_back(lot_id: UUID) -> list[Award]:
    """Decisions on a lot that no longer stand, the latest first; they were published once."""
    found = select(Award).where(
        Award.lot_id == lot_id,
        Award.superseded_at.is_not(None),
        Award.summaries_sent_at.is_not(None),
    )
    return list(db.session.scalars(found.order_by(Award.superseded_at.desc())))


def own_summary(bid_id: UUID, by: Acting) -> tuple[Bid, BidSummary]:
    """The organisation's bid and what it was told last. Raises NotYours before any decision."""
    bid = own_bid(bid_id, by)
    found = select(BidSummary).join(Award).where(BidSummary.bid_id == bid.id)
    latest = Award.superseded_at.desc().nulls_first()
    summary = db.session.scalar(found.order_by(latest).limit(1))
    if summary is None:
        raise NotYours(bid_id)
    return bid, summary


def has_summary(bid_id: UUID) -> bool:
    """Whether the bidder has been told the outcome with its reasons."""
    found = select(BidSummary.id).where(BidSummary.bid_id == bid_id).limit(1)
    return db.session.scalar(found) is not None


@dataclass(frozen=True)
class PublicAward:
    """What everybody may know of a decision; money in pence by the lot's price basis."""

    award: Award
    winner: str | None
    standstill: Standstill | None


def public_award(lot: Lot) -> PublicAward | None:
    """The decision on a lot, for its public page."""
    award = decided_award(lot.id)
    if award is None:
        return None
    winner = award.winner_told["name"] if award.winner_told else None
    if winner is None and award.bid is not None:
        # Decided before what others read of the winner was kept with the award.
        winner = evaluations.bidder_names([award.bid])[award.bid.id]
    return PublicAward(award, winner, standstill_of(lot, award))


def standstills_over(now: datetime) -> list[UUID]:
    """Lots whose standstill has ended, first ended first."""
    today = calendar.day_of(now)
    found = select(Lot.id).where(
        Lot.state == LotState.STANDSTILL,
        Lot.standstill_paused_at.is_(None),
        Lot.standstill_ends_on < today,
    )
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
    """The lead buyer's reviewed recommendations that wait for this person, oldest first.

    The list filter of `permissions.leads_and_did_not_score`.
    """
    found = _recommended(by).where(
        Award.recommended_by_id != by.person_id, ~_unreviewed(), did_not_score(by)
    )
    return list(db.session.scalars(found))


def to_review(by: Acting) -> list[Award]:
    """The lead buyer's recommendations of which somebody has yet to review the texts.

    The list filter of `permissions.leads`.
    """
    return list(db.session.scalars(_recommended(by).where(_unreviewed())))


def _recommended(by: Acting) -> Select[tuple[Award]]:
    return (
        select(Award)
        .join(Lot)
        .where(
            Lot.lead_buyer_id == by.organisation_id,
            Lot.state == LotState.RECOMMENDED,
            Award.superseded_at.is_(None),
            ~is_tied(by.person_id, Lot.id),
        )
        .options(contains_eager(Award.lot))
        .order_by(Award.recommended_at)
    )


def did_not_score(by: Acting) -> ColumnElement[bool]:
    """The person neither sat on the panel of the award nor entered an agreed score."""
    sat = select(PanelMember.evaluation_id).where(PanelMember.person_id == by.person_id)
    agreed = select(ModeratedScore.evaluation_id).where(ModeratedScore.agreed_by_id == by.person_id)
    return and_(Award.evaluation_id.not_in(sat), Award.evaluation_id.not_in(agreed))


def _unreviewed() -> ColumnElement[bool]:
    """An opened bid of the award's lot has texts that nobody has reviewed for this award."""
    reviewed = select(SummaryReview.bid_id).where(SummaryReview.award_id == Award.id)
    scored = select(ModeratedScore.bid_id).where(ModeratedScore.bid_id == Bid.id)
    return exists().where(
        Bid.lot_id == Award.lot_id,
        Bid.state.in_(evaluations.BROUGHT_TO_LIGHT),
        or_(scored.exists(), Bid.ground_reason.is_not(None)),
        Bid.id.not_in(reviewed),
    )
