"""Saving the price and what it is made of."""

from __future__ import annotations

from uuid import UUID

from bids.price.arithmetic import Costs, costs_of
from bids.price.words import in_words
from bids.working import TypedMeanwhile, changed, writable
from marketplace.acting import Acting
from marketplace.web.filters import shown_pounds


def save_price(bid_id: UUID, pence: int | None, seen: int, by: Acting) -> None:
    """Keep the working copy of the price, in pence by the lot's price basis; None takes it out.

    Raises TypedMeanwhile where a colleague saved in between.
    """
    bid = writable(bid_id, by)
    text = None if pence is None else str(pence)
    if bid.price_pence == text:
        return
    if bid.price_edition != seen:
        theirs = shown_pounds(int(bid.price_pence)) if bid.price_pence else ""
        raise TypedMeanwhile(theirs, bid.price_edition)
    bid.price_pence = text
    bid.price_edition += 1
    changed(bid, "price_saved", ["price_pence"])


def save_costs(bid_id: UUID, costs: Costs, seen: int, by: Acting) -> None:
    """Keep the working copy of what the price is made of, in pence over the initial term.

    Raises TypedMeanwhile where a colleague saved in between.
    """
    bid = writable(bid_id, by)
    stands = costs_of(bid.costs)
    if stands == costs:
        return
    if bid.costs_edition != seen:
        raise TypedMeanwhile("\n".join(in_words(stands)), bid.costs_edition)
    bid.costs = costs.as_text()
    bid.costs_edition += 1
    changed(bid, "costs_saved", ["costs"])
