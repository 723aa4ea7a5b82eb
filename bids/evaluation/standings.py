"""The stored ranking: computed once from what is in the database, and compared again later."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from bids.evaluation import queries
from bids.evaluation.models import Evaluation, Ranking
from bids.evaluation.ranking import Ranked, Rules, ScoredBid, rank
from bids.models import BidState
from bids.sealing import canonical, digest
from lots.vocabulary import TieRule
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal


def store_ranking(evaluation: Evaluation, now: datetime) -> None:
    """Rank the compliant bids and keep inputs and result side by side; once more where one left."""
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
        )
        for each in json.loads(stored.result)["ranking"]
    ]


def compare_again(evaluation: Evaluation) -> None:
    """Compute the ranking afresh from what is in the database; raise Refusal if it differs."""
    stored = queries.ranking_of(evaluation)
    if stored is None:
        return
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


def _inputs(evaluation: Evaluation) -> dict[str, Any]:
    lot = evaluation.lot
    agreed, prices = queries.moderated(evaluation), queries.opened_prices(evaluation)
    bids = []
    for bid in queries.opened_bids(evaluation):
        if bid.state != BidState.COMPLIANT:
            continue
        scores = {str(each.id): agreed[bid.id, each.id].score for each in lot.criteria}
        bids.append({"bid": str(bid.id), "scores": scores, "price_pence": prices[bid.id]})
    return {
        "bids": bids,
        "weights": {str(each.id): each.weight for each in lot.criteria},
        "price_weight": lot.price_weight or 0,
        "tie_rule": lot.tie_rule.value,
    }


def _result(inputs: dict[str, Any]) -> dict[str, Any]:
    rules = Rules(inputs["weights"], inputs["price_weight"], TieRule(inputs["tie_rule"]))
    bids = [ScoredBid(each["bid"], each["scores"], each["price_pence"]) for each in inputs["bids"]]
    return {
        "ranking": [
            {
                "bid": each.key,
                "quality": str(each.quality),
                "price": str(each.price),
                "total": str(each.total),
                "place": each.place,
                "tied": each.tied,
            }
            for each in rank(bids, rules)
        ]
    }
