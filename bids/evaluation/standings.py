"""The stored ranking: computed once from what is in the database, and compared again later.

With the scores, prices and rules it is stored which bids' organisations had won their limit of the
other lots of the competition, and which lots those are. A decision on another lot in between makes
the comparison come out unlike: the bids are then ranked again.
"""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from bids.evaluation import queries
from bids.evaluation.models import Evaluation, EvaluationState, Ranking
from bids.evaluation.ranking import Ranked, Rules, ScoredBid, rank
from bids.models import Bid, BidState
from bids.permissions import BidPermission
from bids.sealing import canonical, digest
from lots.models import Lot
from lots.together.queries import hold
from lots.vocabulary import TieRule
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import check


def store_ranking(evaluation: Evaluation, now: datetime) -> None:
    """Rank the compliant bids and keep inputs and result side by side; once more where one left.

    Holds the competition, so that no other of its lots is decided at the same time.
    """
    hold(evaluation.lot)
    inputs = _inputs(evaluation)
    result = canonical(_result(inputs))
    text = canonical(inputs)
    stored = queries.ranking_of(evaluation)
    if stored is None:
        stored = Ranking(id=new_id(), evaluation_id=evaluation.id)
        db.session.add(stored)
    stored.inputs, stored.result = text.decode(), result.decode()
    stored.sha256, stored.computed_at = digest(text + result), now


def ranked(evaluation: Evaluation) -> list[Ranked]:
    """The stored ranking, best first; empty before the prices are open."""
    stored = queries.ranking_of(evaluation)
    if stored is None:
        return []
    return [
        Ranked(
            each["bid"],
            Decimal(each["quality"]),
            Decimal(each["price"]),
            Decimal(each["total"]),
            each["place"],
            each["tied"],
            each.get("limited", False),
        )
        for each in json.loads(stored.result)["ranking"]
    ]


def lots_won(evaluation: Evaluation) -> dict[str, list[str]]:
    """By bid, the references of the other lots with which its organisation had won its limit."""
    stored = queries.ranking_of(evaluation)
    return _limit(json.loads(stored.inputs)).get("reached", {}) if stored else {}


def is_overtaken(evaluation: Evaluation) -> bool:
    """Another lot of the competition was decided since, and that changes who has won the limit."""
    stored = queries.ranking_of(evaluation)
    if stored is None or evaluation.lot.competition_id is None:
        return False
    return _limit(json.loads(stored.inputs)) != _limit_now(evaluation.lot)


def compare_again(evaluation: Evaluation) -> None:
    """Compute the ranking afresh from what is in the database; raise Refusal if it differs.

    Holds the competition: of two of its lots decided at once the second sees the first's decision.
    """
    hold(evaluation.lot)
    stored = queries.ranking_of(evaluation)
    if stored is None:
        return
    if is_overtaken(evaluation):
        raise Refusal(
            _(
                "Another lot of this competition has been decided since, so a bidder’s limit is "
                "reached or free again. Nothing was decided. The officer ranks the bids again; "
                "a recommendation that was sent goes back first."
            )
        )
    inputs = _inputs(evaluation)
    text, result = canonical(inputs), canonical(_result(inputs))
    same = text.decode() == stored.inputs and result.decode() == stored.result
    if not same or digest(text + result) != stored.sha256:
        raise Refusal(
            _(
                "The ranking does not come out the same when it is computed again, so nothing was "
                "decided. Tell the framework team."
            )
        )


def rank_again(evaluation_id: UUID, by: Acting) -> None:
    """Rank once more after another lot of the competition was decided; before the recommendation.

    Raises Refusal where the ranking stands as it is, or was already recommended from.
    """
    evaluation = queries.get(evaluation_id, locked=True)
    check(by, BidPermission.MANAGE, evaluation)
    hold(evaluation.lot)
    if evaluation.state != EvaluationState.PRICED or not is_overtaken(evaluation):
        raise Refusal(_("The bids need not be ranked again now. Reload the page."))
    store_ranking(evaluation, clock.judged_now())
    audit.record("evaluation:ranked_again", subject=evaluation, by=by)


def _inputs(evaluation: Evaluation) -> dict[str, Any]:
    lot = evaluation.lot
    agreed, prices = queries.moderated(evaluation), queries.opened_prices(evaluation)
    bids = []
    for bid in queries.opened_bids(evaluation):
        if bid.state != BidState.COMPLIANT:
            continue
        scores = {str(each.id): agreed[bid.id, each.id].score for each in lot.criteria}
        bids.append({"bid": str(bid.id), "scores": scores, "price_pence": prices[bid.id]})
    inputs = {
        "bids": bids,
        "weights": {str(each.id): each.weight for each in lot.criteria},
        "price_weight": lot.price_weight or 0,
        "tie_rule": lot.tie_rule.value,
    }
    limit = _limit_now(lot)
    return inputs | {"limit": limit} if limit else inputs


def _limit_now(lot: Lot) -> dict[str, Any]:
    most = lot.competition.most_lots if lot.competition else None
    return {"most_lots": most, "reached": _reached(lot, most)} if most is not None else {}


def _limit(inputs: dict[str, Any]) -> dict[str, Any]:
    return inputs.get("limit", {})


def _reached(lot: Lot, most: int) -> dict[str, list[str]]:
    """The lots won elsewhere by bids here, where they are as many as one bidder may win.

    A bid has won from the decision on, also during the standstill, for as long as that stands.
    """
    here = select(Bid.id, Bid.organisation_id).where(
        Bid.lot_id == lot.id, Bid.state == BidState.COMPLIANT
    )
    won = (
        select(Bid.organisation_id, Lot.reference)
        .join(Lot, Lot.id == Bid.lot_id)
        .where(
            Lot.competition_id == lot.competition_id,
            Lot.id != lot.id,
            Bid.state == BidState.SUCCESSFUL,
        )
        .order_by(Lot.reference)
    )
    by_organisation: dict[UUID | None, list[str]] = {}
    for organisation_id, reference in db.session.execute(won):
        by_organisation.setdefault(organisation_id, []).append(reference)
    return {
        str(bid_id): by_organisation[organisation_id]
        for bid_id, organisation_id in db.session.execute(here)
        if len(by_organisation.get(organisation_id, [])) >= most
    }


def _result(inputs: dict[str, Any]) -> dict[str, Any]:
    rules = Rules(inputs["weights"], inputs["price_weight"], TieRule(inputs["tie_rule"]))
    reached = _limit(inputs).get("reached", {})
    bids = [
        ScoredBid(each["bid"], each["scores"], each["price_pence"], each["bid"] in reached)
        for each in inputs["bids"]
    ]
    return {
        "ranking": [
            {
                "bid": each.key,
                **each.as_told,
                **({"limited": True} if each.limited else {}),
            }
            for each in rank(bids, rules)
        ]
    }
