"""The sheet of a bid: its price beside what it costs, and what of it is sealed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from bids.models import Bid
from bids.partners.queries import shares_of
from bids.price.arithmetic import Line, Part, Sheet, costs_of
from lots.prices.arithmetic import times, whole
from lots.proportionality import policy_of


def sheet_of(bid: Bid) -> Sheet:
    """The working copy of the price and its costs, judged by the policy the lot opened under."""
    lot = bid.lot
    return Sheet(
        costs=costs_of(bid.costs),
        partners=tuple(Line(each["name"], each["pence"]) for each in shares_of(bid)),
        price_pence=whole(lot, int(bid.price_pence)) if bid.price_pence else None,
        times=times(lot) or None,
        value_pence=lot.value_net_pence,
        low_percent=policy_of(lot).low_price_percent,
    )


def content_of(bid: Bid) -> dict[str, Any]:
    """What the price's envelope holds of it; all amounts are pence.

    The partners' shares come beside it one by one (`bids.partners.queries.shares_of`).
    """
    sheet = sheet_of(bid)
    return {
        "basis": bid.lot.price_basis.value,
        "pence": int(bid.price_pence or 0),
        "times": _whole_or_text(sheet.times),
        "total_pence": sheet.price_pence,
        "costs": {part.value: [vars(line) for line in sheet.costs.lines(part)] for part in Part},
        "partners_pence": sheet.shares_pence,
        "cost_pence": sheet.cost_pence,
        "explanation": sheet.costs.explanation,
    }


def _whole_or_text(times: Fraction | None) -> int | str | None:
    """A number as JSON can hold it without losing any of it."""
    if times is None:
        return None
    return times.numerator if times.denominator == 1 else str(times)
