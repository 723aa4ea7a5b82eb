"""Where a page of a list begins: the values of the last row before it, in its address.

They are dates, states, references and ids, nothing about a person. What somebody changed in an
address is no page, and the list begins anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from referrals.lists.tabs import Order

BETWEEN = "_"
LONGEST = 120


@dataclass(frozen=True)
class Cursor:
    """Values of an order's columns; the page stands behind them, or `backwards` before them."""

    values: Sequence[Any]
    backwards: bool = False


def written(values: Sequence[Any]) -> str:
    """The values of a row as they stand in an address."""
    return BETWEEN.join(
        value.isoformat() if isinstance(value, datetime) else str(value) for value in values
    )


def read(text: str, order: Order) -> Sequence[Any] | None:
    """The values in an address; None where they are not values of this order."""
    parts = text.split(BETWEEN)
    if len(text) > LONGEST or len(parts) != len(order.read) or "\0" in text:
        return None
    try:
        values = [reads(part) for reads, part in zip(order.read, parts, strict=True)]
    except (ValueError, OverflowError):
        return None
    return values if all(_in_bounds(value) for value in values) else None


def _in_bounds(value: Any) -> bool:
    if isinstance(value, datetime):
        return value.tzinfo is not None and 1 < value.year < 9999
    return not isinstance(value, int) or 0 <= value < 100
