"""Reading an evaluation. Scores of others stay unseen until moderation."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, or_, select
from sqlalchemy.orm import selectinload

from bids.evaluation.models import (
    Evaluation,
    EvaluationState,
    ModeratedScore,
    PanelCriterion,
    PanelMember,
    Ranking,
    Score,
    SeatState,
)
from bids.evaluation.rules import Cell, Spread, in_order, spread_of
from bids.models import Bid, BidState, OpenedBid
from bids.permissions import BidPermission
from lots.models import Lot
from lots.permissions import DECIDERS, DRAFTERS
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours, allowed

BROUGHT_TO_LIGHT = (
    BidState.OPENED,
    BidState.CORRECTION,
    BidState.COMPLIANT,
    BidState.SET_ASIDE,
    BidState.SUCCESSFUL,
    BidState.UNSUCCESSFUL,
)
SCORABLE = (BidState.OPENED, BidState.CORRECTION, BidState.COMPLIANT)
BEFORE_PRICES = (EvaluationState.SCORING, EvaluationState.MODERATING)


def evaluation_of(lot_id: UUID) -> Evaluation | None:
    """The evaluation of a lot, once its bids are opened."""
    return db.session.scalar(select(Evaluation).where(Evaluation.lot_id == lot_id))


def get(evaluation_id: UUID, *, locked: bool = False) -> Evaluation:
    """The evaluation, whoever asks; callers check. Raises NotYours where there is none."""
    found = select(Evaluation).where(Evaluation.id == evaluation_id)
    if locked:
        found = found.with_for_update().execution_options(populate_existing=True)
    evaluation = db.session.scalar(found)
    if evaluation is None:
        raise NotYours(evaluation_id)
    return evaluation


def readable(evaluation_id: UUID, by: Acting) -> Evaluation:
    """The evaluation for somebody who may read its bids. Raises NotYours."""
    evaluation = get(evaluation_id)
    if not allowed(by, BidPermission.READ_OPENED, evaluation):
        raise NotYours(evaluation_id)
    return evaluation


def managed(evaluation_id: UUID, by: Acting) -> Evaluation:
    """The evaluation for those of the lead buyer who run or decide it. Raises NotYours."""
    evaluation = readable(evaluation_id, by)
    if not by.has(*DRAFTERS, *DECIDERS) or evaluation.lot.lead_buyer_id != by.organisation_id:
        raise NotYours(evaluation_id)
    return evaluation


def seat(
    evaluation_id: UUID,
    by: Acting,
    *,
    locked: bool = False,
    permission: BidPermission = BidPermission.SCORE,
) -> PanelMember:
    """This person's seat on the panel. Raises NotYours."""
    found = select(PanelMember).where(
        PanelMember.evaluation_id == evaluation_id, PanelMember.person_id == by.person_id
    )
    if locked:
        found = found.with_for_update().execution_options(populate_existing=True)
    member = db.session.scalar(found)
    if member is None or not allowed(by, permission, member):
        raise NotYours(evaluation_id)
    return member


def opened_bids(evaluation: Evaluation) -> list[Bid]:
    """Every bid that the opening brought to light, in an order that says nothing."""
    found = select(Bid).where(Bid.lot_id == evaluation.lot_id, Bid.state.in_(BROUGHT_TO_LIGHT))
    return list(db.session.scalars(found.order_by(Bid.id)))


def opened_bid(evaluation: Evaluation, bid_id: UUID) -> OpenedBid:
    """The opened content of a bid of this evaluation. Raises NotYours."""
    found = select(OpenedBid).join(Bid).where(Bid.id == bid_id, Bid.lot_id == evaluation.lot_id)
    opened = db.session.scalar(found)
    if opened is None:
        raise NotYours(bid_id)
    return opened


def opened_prices(evaluation: Evaluation) -> dict[UUID, int]:
    """The opened prices in pence by bid; none before prices are open."""
    found = select(OpenedBid.bid_id, OpenedBid.price_pence).join(Bid)
    found = found.where(Bid.lot_id == evaluation.lot_id, OpenedBid.price_pence.is_not(None))
    return {bid_id: int(pence) for bid_id, pence in db.session.execute(found) if pence}


def content_of(opened: OpenedBid) -> dict[str, Any]:
    """What the bidder sealed, price apart."""
    return json.loads(opened.content)


def answers_under(opened: OpenedBid, questions: Iterable[Any]) -> list[tuple[str, str]]:
    """Question and answer for each of these questions."""
    given = {each["question_id"]: each["answer"] for each in content_of(opened)["answers"]}
    return [(question.text, given.get(str(question.id), "")) for question in questions]


def bidder_names(bids: Iterable[Bid]) -> dict[UUID, str]:
    """The bidders' names by bid."""
    listed = list(bids)
    wanted = {bid.organisation_id for bid in listed}
    found = select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted))
    names = {row.id: row.name for row in db.session.execute(found)}
    return {bid.id: names[bid.organisation_id] for bid in listed if bid.organisation_id}


def score_of(member: PanelMember, cell: Cell) -> Score | None:
    """This evaluator's own score of one bid under one criterion."""
    bid_id, criterion_id = cell
    found = select(Score).where(
        Score.member_id == member.id, Score.bid_id == bid_id, Score.criterion_id == criterion_id
    )
    return db.session.scalar(found)


def scored(member: PanelMember) -> dict[Cell, int]:
    """This evaluator's own scores by bid and criterion; no reason is decrypted for it."""
    found = select(Score.bid_id, Score.criterion_id, Score.score)
    rows = db.session.execute(found.where(Score.member_id == member.id))
    return {(row.bid_id, row.criterion_id): row.score for row in rows}


def scorable(evaluation: Evaluation) -> list[Bid]:
    """The bids that are scored, in an order that says nothing."""
    return [bid for bid in opened_bids(evaluation) if bid.state in SCORABLE]


def to_score(member: PanelMember) -> list[Cell]:
    """Every bid under each criterion allocated to the seat, in the evaluator's own order."""
    held = member.criteria
    criteria = [each.id for each in member.evaluation.lot.criteria if each.id in held]
    return in_order([bid.id for bid in scorable(member.evaluation)], criteria, member.goes_by)


def unscored(member: PanelMember) -> list[Cell]:
    """What this evaluator has not scored yet, in order."""
    given = scored(member)
    return [each for each in to_score(member) if each not in given]


def locked_scores(
    evaluation: Evaluation, *, bid_id: UUID | None = None, criterion_id: UUID | None = None
) -> dict[Cell, list[Score]]:
    """Everybody's locked scores, of one bid or under one criterion; none before moderation."""
    if evaluation.state == EvaluationState.SCORING:
        return {}
    found = (
        select(Score)
        .join(PanelMember)
        .where(*_counts(evaluation))
        .order_by(PanelMember.assigned_at, PanelMember.id)
        .options(selectinload(Score.member).selectinload(PanelMember.person))
    )
    if criterion_id is not None:
        found = found.where(Score.criterion_id == criterion_id)
    if bid_id is not None:
        found = found.where(Score.bid_id == bid_id)
    by_cell: dict[Cell, list[Score]] = {}
    for score in db.session.scalars(found):
        by_cell.setdefault((score.bid_id, score.criterion_id), []).append(score)
    return by_cell


def spreads(evaluation: Evaluation) -> dict[Cell, Spread]:
    """How far the locked scores lie apart, by bid and criterion; none before moderation."""
    if evaluation.state == EvaluationState.SCORING:
        return {}
    found = select(Score.bid_id, Score.criterion_id, Score.score).join(PanelMember)
    by_cell: dict[Cell, list[int]] = {}
    for bid_id, criterion_id, score in db.session.execute(found.where(*_counts(evaluation))):
        by_cell.setdefault((bid_id, criterion_id), []).append(score)
    return {cell: spread for cell, scores in by_cell.items() if (spread := spread_of(scores))}


def _counts(evaluation: Evaluation) -> tuple[ColumnElement[bool], ...]:
    """Scores locked by a seat not given up, under a criterion that is still allocated to it."""
    held = exists().where(
        PanelCriterion.member_id == Score.member_id,
        PanelCriterion.criterion_id == Score.criterion_id,
        PanelCriterion.ended_at.is_(None),
    )
    locked = PanelMember.state == SeatState.LOCKED
    return (PanelMember.evaluation_id == evaluation.id, locked, held)


def moderated(evaluation: Evaluation) -> dict[Cell, ModeratedScore]:
    """The agreed scores by bid and criterion."""
    found = select(ModeratedScore).where(ModeratedScore.evaluation_id == evaluation.id)
    return {(score.bid_id, score.criterion_id): score for score in db.session.scalars(found)}


def ranking_of(evaluation: Evaluation) -> Ranking | None:
    """The stored ranking, once prices are open."""
    return db.session.scalar(select(Ranking).where(Ranking.evaluation_id == evaluation.id))


def evaluations_for(by: Acting) -> list[Evaluation]:
    """The evaluations this person runs, decides or sits on, newest first."""
    seats = select(PanelMember.evaluation_id).where(
        PanelMember.person_id == by.person_id,
        PanelMember.organisation_id == by.organisation_id,
        PanelMember.state != SeatState.STOOD_DOWN,
    )
    sits = by.has(Role.EVALUATOR)
    mine: ColumnElement[bool] = Evaluation.id.in_(seats) if sits else false()
    if by.has(*DRAFTERS, *DECIDERS):
        mine = or_(mine, Lot.lead_buyer_id == by.organisation_id)
    found = select(Evaluation).join(Lot).where(mine).order_by(Evaluation.started_at.desc())
    return list(db.session.scalars(found.options(selectinload(Evaluation.lot))))
