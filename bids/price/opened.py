"""Price and costs as the price's envelope held them, once it is open."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from bids.models import OpenedBid
from bids.price.arithmetic import Costs, Line, Sheet
from lots.proportionality import policy_of


def bring_to_light(opened: OpenedBid, price: dict[str, Any]) -> None:
    """Keep what the price's envelope held with the opened bid."""
    opened.price_pence = str(price["pence"])
    opened.costs = json.dumps({name: each for name, each in price.items() if name != "random"})


def opened_sheet(opened: OpenedBid) -> Sheet | None:
    """The bidder's sheet; None before prices are open and for bids sealed without one."""
    price: dict[str, Any] = json.loads(opened.costs or "{}")
    if "costs" not in price:
        return None
    lot = opened.bid.lot
    return Sheet(
        costs=Costs.of(price["costs"], price["explanation"]),
        partners=tuple(Line(each["name"], each["pence"]) for each in price.get("shares", [])),
        price_pence=price["total_pence"],
        times=Fraction(price["times"]) if price["times"] else None,
        value_pence=lot.value_net_pence,
        low_percent=policy_of(lot).low_price_percent,
    )
