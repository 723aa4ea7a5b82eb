"""Saving the price."""

from __future__ import annotations

from uuid import UUID

from bids.working import TypedMeanwhile, changed, writable
from marketplace.acting import Acting


def save_price(bid_id: UUID, pence: int, seen: int, by: Acting) -> None:
    """Keep the working copy of the price, in pence by the lot's price basis.

    Raises TypedMeanwhile where a colleague saved in between.
    """
    bid = writable(bid_id, by)
    if bid.price_pence == str(pence):
        return
    if bid.price_edition != seen:
        raise TypedMeanwhile(bid.price_pence or "", bid.price_edition)
    bid.price_pence = str(pence)
    bid.price_edition += 1
    changed(bid, "price_saved", ["price_pence"])
