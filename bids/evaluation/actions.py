"""Running an evaluation: the panel, own scores, moderation, prices."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from bids import sealing
from bids.evaluation import queries
from bids.evaluation.lifecycle import (
    DECLARE_CONFLICT,
    DECLARE_NONE,
    EVALUATION,
    LOCK,
    OPEN_PRICES,
    SEAT,
    STAND_DOWN,
    START_MODERATION,
)
from bids.evaluation.models import (
    Evaluation,
    EvaluationState,
    ModeratedScore,
    PanelMember,
    Score,
    SeatState,
)
from bids.evaluation.standings import store_ranking
from bids.models import BidState
from bids.partners import opening as partners
from bids.permissions import BidPermission
from bids.price.opened import bring_to_light
from lots import keys
from marketplace import audit, clock, outbox
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check


def assign(evaluation_id: UUID, person_id: UUID, by: Acting) -> PanelMember:
    """Put one of the lead buyer's evaluators on the panel and tell them.

    Raises Refusal for anybody with a tie to a bidder, and once moderation has begun.
    """
    evaluation = run_by(evaluation_id, by)
    _while_scoring(evaluation)
    person = next((each for each in queries.candidates(evaluation) if each.id == person_id), None)
    if person is None:
        raise Refusal(
            _(
                "This person cannot be put on the panel: choose an evaluator of your organisation "
                "who is not on it and holds no role with a bidder."
            )
        )
    member = PanelMember(
        id=new_id(),
        evaluation_id=evaluation.id,
        person_id=person.id,
        organisation_id=evaluation.lot.lead_buyer_id,
        assigned_at=clock.now(),
    )
    db.session.add(member)
    audit.record("panel_member:assign", subject=member, by=by, facts={"person": person.id})
    outbox.post(
        "bids/mail/assigned.txt",
        to=person.email,
        subject_id=member.id,
        facts={"evaluation_id": str(evaluation.id)},
    )
    return member


def take_off(evaluation_id: UUID, member_id: UUID, by: Acting) -> None:
    """Take an evaluator off the panel; what they scored no longer counts, the history stays."""
    evaluation = run_by(evaluation_id, by)
    _while_scoring(evaluation)
    member = next((each for each in evaluation.panel if each.id == member_id), None)
    if member is None:
        raise NotYours(member_id)
    SEAT.take(STAND_DOWN, member, by)


def declare(evaluation_id: UUID, conflict: bool, by: Acting) -> None:
    """Say before anything is visible whether there is a conflict of interest."""
    member = queries.seat(evaluation_id, by, locked=True)
    step = DECLARE_CONFLICT if conflict else DECLARE_NONE
    SEAT.take(step, member, by, facts={"conflict": conflict, "declared_at": clock.now()})


def save_score(
    evaluation_id: UUID, cell: tuple[UUID, UUID], score: int, reason: str, by: Acting
) -> None:
    """Keep the evaluator's own score (0 to 4) of one bid under one criterion, with its reason."""
    member = queries.seat(evaluation_id, by, locked=True)
    check(by, BidPermission.SCORE, member)
    if member.state != SeatState.SCORING or member.evaluation.state != EvaluationState.SCORING:
        raise Refusal(_("Your scores are locked, or you have not declared conflicts yet."))
    if cell not in queries.to_score(member):
        raise NotYours(cell)
    given, now = queries.scores_of(member).get(cell), clock.now()
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


def save_moderated(
    evaluation_id: UUID,
    cell: tuple[UUID, UUID],
    score: int,
    reason: str,
    needed: str,
    by: Acting,
) -> None:
    """Keep the panel's one score; `needed` says what a higher score would have needed."""
    evaluation = run_by(evaluation_id, by)
    if evaluation.state != EvaluationState.MODERATING:
        raise Refusal(_("Scores can be agreed only while they are being moderated."))
    criteria = {each.id for each in evaluation.lot.criteria}
    bids = {bid.id for bid in queries.opened_bids(evaluation) if bid.state in queries.SCORABLE}
    if cell[0] not in bids or cell[1] not in criteria:
        raise NotYours(cell)
    agreed, now = queries.moderated(evaluation).get(cell), clock.now()
    if agreed is None:
        agreed = ModeratedScore(
            id=new_id(), evaluation_id=evaluation.id, bid_id=cell[0], criterion_id=cell[1]
        )
        db.session.add(agreed)
    agreed.score, agreed.reason, agreed.needed = score, reason, needed
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


def _while_scoring(evaluation: Evaluation) -> None:
    if evaluation.state != EvaluationState.SCORING:
        raise Refusal(_("The panel cannot be changed once moderation has begun."))
