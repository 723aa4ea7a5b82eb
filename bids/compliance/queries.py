"""Reading the check: what may be done with a bid now."""

from __future__ import annotations

from bids.amounts import whole
from bids.evaluation import queries as evaluations
from bids.evaluation.models import Evaluation, EvaluationState
from bids.models import Bid, BidState, SetAsideGround
from marketplace.qualification.queries import Standing, standing


def grounds(evaluation: Evaluation, bid: Bid) -> list[SetAsideGround]:
    """On which grounds this bid may be set aside now: its price, once open, or all the others.

    Nobody is set aside as not qualified who is, or whose application is still to be decided.
    """
    if evaluation.state in evaluations.BEFORE_PRICES and bid.state in evaluations.SCORABLE:
        kept = {SetAsideGround.PRICE_ABOVE_VALUE}
        if standing(bid.bidder_id, evaluation.lot.service_code) is not Standing.NONE:
            kept.add(SetAsideGround.NOT_QUALIFIED)
        return [each for each in SetAsideGround if each not in kept]
    if evaluation.state == EvaluationState.PRICED and bid.state == BidState.COMPLIANT:
        lot = evaluation.lot
        total = whole(lot, evaluations.opened_prices(evaluation)[bid.id])
        if lot.value_net_pence is not None and (total or 0) > lot.value_net_pence:
            return [SetAsideGround.PRICE_ABOVE_VALUE]
    return []
