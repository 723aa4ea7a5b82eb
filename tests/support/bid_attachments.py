"""Bids with files in the world that the tests of rules walk through."""

from __future__ import annotations

from typing import Any

from bids.attachments.queries import asked_of
from tests.support import bid_partners, bids, lots
from tests.support.demands import DEMANDS


def add_to(world: Any) -> None:
    """A submitted bid with files, still sealed, and one that was opened."""
    ours, theirs = (world.people[who][1] for who in ("trustee", "other trustee"))
    facts = {"buyer": world.people["director"][1], "demands": DEMANDS}
    facts["areas"] = [("K", "kent", 30), ("K", "sussex", 20)]
    naming = bid_partners.naming(world)
    opened = bids.opened_competition(bidders=(ours, theirs), prepare=naming, **facts)
    world.things["opened bid with files"] = {
        "evaluation_id": opened.evaluation_id,
        **_named(opened.bids[0]),
    }
    # Last, because business time passed the closing of the other lot.
    bid_id = bids.submitted_bid(lots.make_open_lot(**facts), ours)
    world.things["own bid with files"] = _named(bid_id)


def _named(bid_id: Any) -> dict[str, Any]:
    _policy, licence, *_rest = asked_of(bids.bid_as_stored(bid_id))
    return {
        "bid_id": bid_id,
        "demand_id": licence.demand.id,
        "sent_id": licence.files[0].id,
        "file_id": licence.files[0].file_id,
        "number": 1,
    }
