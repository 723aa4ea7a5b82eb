"""Running an evaluation: the panel, own scores, moderation, prices."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from bids import sealing
from bids.evaluation import panel, queries
from bids.evaluation.lifecycle import (
    EVALUATION,
    LOCK,
    OPEN_PRICES,
    SEAT,
    STAND_DOWN,
    START_MODERATION,
)
from bids.evaluation.models import (
    NO,
    YES,
    Evaluation,
    EvaluationState,
    ModeratedScore,
    PanelCriterion,
    PanelMember,
    Score,
    SeatState,
)
from bids.evaluation.rules import Cell
from bids.evaluation.standings import store_ranking
from bids.evaluation.vocabulary import LeftBecause
from bids.models import BidState
from bids.partners import opening as partners
from bids.permissions import BidPermission
from bids.price.opened import bring_to_light
from lots import keys
from marketplace import audit, clock, outbox
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal, Step
from marketplace.permissions import NotYours, check


def assign(
    evaluation_id: UUID,
    person_id: UUID,
    by: Acting,
    *,
    lived: bool = False,
    replaces: PanelMember | None = None,
) -> PanelMember:
    """Give an evaluator of a party to the lot a seat on the panel, and tell them.

    The seat has every criterion, or those of the seat it replaces; `lived` says that it is one for
    lived experience. Raises Refusal for anybody with a tie to a bidder, saying which, and once
    moderation has begun.
    """
    evaluation = run_by(evaluation_id, by)
    while_scoring(evaluation)
    person = _seatable(evaluation, person_id)
    member = PanelMember(
        id=new_id(),
        evaluation_id=evaluation.id,
        person_id=person.id,
        organisation_id=person.organisation_id,
        lived_experience=YES if lived else NO,
        replaces_id=replaces.id if replaces else None,
        assigned_at=clock.now(),
    )
    db.session.add(member)
    db.session.flush()
    every = {each.id for each in evaluation.lot.criteria}
    give(member, replaces.last_criteria if replaces else every, by)
    audit.record("panel_member:assign", subject=member, by=by, fields=["criteria"])
    outbox.post(
        "bids/mail/assigned.txt",
        to=person.email,
        subject_id=member.id,
        facts={"evaluation_id": str(evaluation.id)},
    )
    return member


def _seatable(evaluation: Evaluation, person_id: UUID) -> panel.Candidate:
    found = (each for each in panel.candidates(evaluation) if each.id == person_id)
    person = next(found, None)
    if person is None:
        raise Refusal(
            _(
                "This person cannot be put on the panel: choose an evaluator of your organisation, "
                "of a funder or of a co-signing region who has not had a seat on it."
            )
        )
    if person.tied_to:
        raise Refusal(
            _(
                "%(name)s cannot sit on this panel: they hold a role in %(organisations)s, which "
                "bids for the lot or is a partner in a bid.",
                name=person.name,
                organisations=", ".join(person.tied_to),
            )
        )
    return person


def give(member: PanelMember, criteria: set[UUID], by: Acting) -> None:
    """Allocate exactly these criteria to a seat; what ends stays on record."""
    now = clock.judged_now()
    for held in member.allocations:
        if held.ended_at is None and held.criterion_id not in criteria:
            held.ended_at, held.ended_by_id = now, by.person_id
    for criterion_id in sorted(criteria - member.criteria):
        made = PanelCriterion(id=new_id(), criterion_id=criterion_id, given_at=now)
        made.given_by_id = by.person_id
        member.allocations.append(made)
    db.session.flush()


def take_off(evaluation_id: UUID, member_id: UUID, by: Acting) -> None:
    """Take an evaluator off the panel; what they scored no longer counts, the history stays."""
    evaluation = run_by(evaluation_id, by)
    while_scoring(evaluation)
    stand_down(STAND_DOWN, seat_on(evaluation, member_id), LeftBecause.TAKEN_OFF, by)


def stand_down(step: Step, member: PanelMember, because: LeftBecause, by: Acting) -> None:
    """Give a seat up, with its criteria, at one moment."""
    now = clock.judged_now()
    SEAT.take(step, member, by, {"left_at": now, "left_because": because}, reason=because)
    for held in member.allocations:
        if held.ended_at is None:
            held.ended_at, held.ended_by_id = now, by.person_id


def seat_on(evaluation: Evaluation, member_id: UUID) -> PanelMember:
    """A seat of this panel, locked. Raises NotYours."""
    found = select(PanelMember).where(
        PanelMember.id == member_id, PanelMember.evaluation_id == evaluation.id
    )
    locked = found.with_for_update().execution_options(populate_existing=True)
    member = db.session.scalar(locked)
    if member is None:
        raise NotYours(member_id)
    return member


def save_score(
    evaluation_id: UUID, cell: tuple[UUID, UUID], score: int, reason: str, by: Acting
) -> None:
    """Keep the evaluator's own score (0 to 4) of one bid under one criterion, with its reason.

    Raises NotYours for a criterion that is not allocated to the seat.
    """
    member = queries.seat(evaluation_id, by, locked=True)
    if member.state != SeatState.SCORING or member.evaluation.state != EvaluationState.SCORING:
        raise Refusal(_("Your scores are locked, or you have not declared conflicts yet."))
    if cell not in queries.to_score(member):
        raise NotYours(cell)
    given, now = queries.score_of(member, cell), clock.now()
    if given is None:
        given = Score(id=new_id(), member_id=member.id, bid_id=cell[0], criterion_id=cell[1])
        db.session.add(given)
    given.score, given.reason, given.scored_at = score, reason, now
    audit.record("score:saved", subject=given, by=by, fields=["score", "reason"])


def lock_scores(evaluation_id: UUID, by: Acting) -> None:
    """Lock the evaluator's own scores for good. Raises Refusal while some are missing."""
    member = queries.seat(evaluation_id, by, locked=True)
    SEAT.take(LOCK, member, by, facts={"locked_at": clock.now()})


def start_moderation(evaluation_id: UUID, by: Acting) -> None:
    """Bring all locked scores together."""
    EVALUATION.take(START_MODERATION, run_by(evaluation_id, by), by)


@dataclass(frozen=True)
class Agreed:
    """The panel's one score; `needed` says what a higher one would have needed."""

    score: int
    reason: str
    needed: str


def save_moderated(
    evaluation_id: UUID, cell: Cell, score: int, reason: str, needed: str, by: Acting
) -> None:
    """Keep the panel's one score; `needed` says what a higher score would have needed."""
    save_all_moderated(evaluation_id, {cell: Agreed(score, reason, needed)}, by)


def save_all_moderated(evaluation_id: UUID, given: dict[Cell, Agreed], by: Acting) -> None:
    """Keep several agreed scores at once, all or none of them.

    Raises NotYours for what is not scored here, Refusal outside moderation.
    """
    evaluation = run_by(evaluation_id, by)
    if evaluation.state != EvaluationState.MODERATING:
        raise Refusal(_("Scores can be agreed only while they are being moderated."))
    criteria = {each.id for each in evaluation.lot.criteria}
    bids = {bid.id for bid in queries.scorable(evaluation)}
    kept, now = queries.moderated(evaluation), clock.now()
    for cell, said in given.items():
        if cell[0] not in bids or cell[1] not in criteria:
            raise NotYours(cell)
        agreed = kept.get(cell)
        if agreed is None:
            agreed = ModeratedScore(
                id=new_id(), evaluation_id=evaluation.id, bid_id=cell[0], criterion_id=cell[1]
            )
            db.session.add(agreed)
        agreed.score, agreed.reason, agreed.needed = said.score, said.reason, said.needed
        agreed.agreed_at, agreed.agreed_by_id = now, by.person_id
        audit.record("moderated_score:saved", subject=agreed, by=by, fields=["score", "reason"])


def open_prices(evaluation_id: UUID, by: Acting) -> None:
    """Lock the moderated scores, open the prices with the second key, and store the ranking."""
    evaluation = run_by(evaluation_id, by)
    now = clock.judged_now()
    EVALUATION.take(
        OPEN_PRICES, evaluation, by, facts={"quality_locked_at": now, "prices_opened_at": now}
    )
    key = keys.price_key(evaluation.lot, evaluation.quality_locked_at)
    for bid in queries.opened_bids(evaluation):
        if bid.state != BidState.COMPLIANT:
            continue
        opened = queries.opened_bid(evaluation, bid.id)
        expected = queries.content_of(opened)["price_sha256"]
        try:
            price = sealing.unseal(opened.version.sealed_price, key, expected)
        except sealing.BrokenSeal as broken:
            raise Refusal(
                _("A price's seal does not hold. Nothing was opened. Tell the framework team.")
            ) from broken
        bring_to_light(opened, price)
        partners.priced(opened, price)
    db.session.flush()
    store_ranking(evaluation, now)


def run_by(evaluation_id: UUID, by: Acting) -> Evaluation:
    """The evaluation, locked, for somebody who runs it. Raises NotYours or Refused."""
    evaluation = queries.get(evaluation_id, locked=True)
    check(by, BidPermission.MANAGE, evaluation)
    return evaluation


def while_scoring(evaluation: Evaluation) -> None:
    """Raise Refusal once the panel can no longer change."""
    if evaluation.state != EvaluationState.SCORING:
        raise Refusal(_("The panel cannot be changed once moderation has begun."))
