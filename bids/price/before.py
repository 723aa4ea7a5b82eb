"""The kinds of cost of an earlier bid, so that a second one need not name them again."""

from __future__ import annotations

from bids.models import Bid
from bids.price.arithmetic import Costs, Part, costs_of
from bids.queries import own_costs_before
from marketplace.acting import Acting


def costs_before(bid: Bid, by: Acting) -> tuple[Bid, Costs] | None:
    """The newest other bid of the organisation that says what it costs; its amounts are its own.

    None once this bid has a sheet, be it an empty one.
    """
    if bid.costs_edition:
        return None
    for other in own_costs_before(bid, by):
        costs = costs_of(other.costs)
        if any(costs.lines(part) for part in Part):
            return other, costs
    return None
