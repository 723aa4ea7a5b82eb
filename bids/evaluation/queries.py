"""Reading an evaluation. Scores of others stay unseen until moderation."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bids.evaluation.models import (
    Evaluation,
    EvaluationState,
    ModeratedScore,
    PanelMember,
    Ranking,
    Score,
    SeatState,
)
from bids.evaluation.permissions import has_interest
from bids.models import Bid, BidState, OpenedBid
from bids.permissions import BidPermission
from lots.models import Lot
from lots.permissions import DECIDERS, DRAFTERS
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours, allowed

BROUGHT_TO_LIGHT = (
    BidState.OPENED,
    BidState.COMPLIANT,
    BidState.SET_ASIDE,
    BidState.SUCCESSFUL,
    BidState.UNSUCCESSFUL,
)
SCORABLE = (BidState.OPENED, BidState.COMPLIANT)
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


def seat(evaluation_id: UUID, by: Acting, *, locked: bool = False) -> PanelMember:
    """This person's seat on the panel. Raises NotYours."""
    found = select(PanelMember).where(
        PanelMember.evaluation_id == evaluation_id, PanelMember.person_id == by.person_id
    )
    if locked:
        found = found.with_for_update().execution_options(populate_existing=True)
    member = db.session.scalar(found)
    if member is None or not allowed(by, BidPermission.SCORE, member):
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


def scores_of(member: PanelMember) -> dict[tuple[UUID, UUID], Score]:
    """This evaluator's own scores by bid and criterion."""
    found = select(Score).where(Score.member_id == member.id)
    return {(score.bid_id, score.criterion_id): score for score in db.session.scalars(found)}


def to_score(member: PanelMember) -> list[tuple[UUID, UUID]]:
    """Every bid and criterion to be scored, bid by bid."""
    bids = [bid for bid in opened_bids(member.evaluation) if bid.state in SCORABLE]
    return [(bid.id, each.id) for bid in bids for each in member.evaluation.lot.criteria]


def unscored(member: PanelMember) -> list[tuple[UUID, UUID]]:
    """What this evaluator has not scored yet, in order."""
    given = scores_of(member)
    return [each for each in to_score(member) if each not in given]


def locked_scores(evaluation: Evaluation) -> dict[tuple[UUID, UUID], list[Score]]:
    """Everybody's locked scores by bid and criterion; none before moderation."""
    if evaluation.state == EvaluationState.SCORING:
        return {}
    found = (
        select(Score)
        .join(PanelMember)
        .where(PanelMember.evaluation_id == evaluation.id, PanelMember.state == SeatState.LOCKED)
        .order_by(PanelMember.assigned_at)
        .options(selectinload(Score.member).selectinload(PanelMember.person))
    )
    by_cell: dict[tuple[UUID, UUID], list[Score]] = {}
    for score in db.session.scalars(found):
        by_cell.setdefault((score.bid_id, score.criterion_id), []).append(score)
    return by_cell


def moderated(evaluation: Evaluation) -> dict[tuple[UUID, UUID], ModeratedScore]:
    """The agreed scores by bid and criterion."""
    found = select(ModeratedScore).where(ModeratedScore.evaluation_id == evaluation.id)
    return {(score.bid_id, score.criterion_id): score for score in db.session.scalars(found)}


def ranking_of(evaluation: Evaluation) -> Ranking | None:
    """The stored ranking, once prices are open."""
    return db.session.scalar(select(Ranking).where(Ranking.evaluation_id == evaluation.id))


def candidates(evaluation: Evaluation) -> list[Person]:
    """The lead buyer's evaluators who are not on the panel and have no tie to a bidder."""
    on_panel = {member.person_id for member in evaluation.panel}
    found = (
        select(Person)
        .join(Membership)
        .where(
            Membership.organisation_id == evaluation.lot.lead_buyer_id,
            Membership.role == Role.EVALUATOR,
            Person.state == PersonState.ACTIVE,
        )
    )
    people = [person for person in db.session.scalars(found) if person.id not in on_panel]
    free = [person for person in people if not has_interest(person.id, evaluation.lot_id)]
    return sorted(free, key=lambda person: person.name)


def evaluations_for(by: Acting) -> list[Evaluation]:
    """The evaluations this person runs, decides or sits on, newest first."""
    found = select(Evaluation).join(Lot).order_by(Evaluation.started_at.desc())
    if by.has(*DRAFTERS, *DECIDERS):
        found = found.where(Lot.lead_buyer_id == by.organisation_id)
    else:
        seats = select(PanelMember.evaluation_id).where(
            PanelMember.person_id == by.person_id,
            PanelMember.organisation_id == by.organisation_id,
            PanelMember.state != SeatState.STOOD_DOWN,
        )
        found = found.where(Evaluation.id.in_(seats))
    return list(db.session.scalars(found.options(selectinload(Evaluation.lot))))
