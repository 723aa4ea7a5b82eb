"""Integer pence divided without losing one: shares of a sum, and a sum over financial years.

A financial year is named by the calendar year in which it starts, on 1 April.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from marketplace.calendar import FIRST_MONTH


def split(total: int, weights: Sequence[int]) -> list[int]:
    """`total` pence in proportion to the weights, by largest remainder; adds up exactly.

    Of equal remainders the earlier gets the penny. Where no weight is above 0, the first gets all.
    Raises ValueError without weights and for negative ones.
    """
    if not weights or min(weights) < 0:
        raise ValueError(f"nothing to divide by: {weights}")
    whole = sum(weights)
    if whole == 0:
        return [total, *[0] * (len(weights) - 1)]
    parts = [divmod(total * weight, whole) for weight in weights]
    left = total - sum(part for part, _rest in parts)
    by_rest = sorted(range(len(parts)), key=lambda index: -parts[index][1])
    extra = set(by_rest[:left])
    return [part + (index in extra) for index, (part, _rest) in enumerate(parts)]


def year_name(year: int) -> str:
    """ "2026–27"."""
    return f"{year}–{(year + 1) % 100:02}"


def months_by_year(first: date, months: int) -> dict[int, int]:
    """How many of the `months` months from the one of `first` lie in each financial year."""
    start = first.year * 12 + first.month - FIRST_MONTH
    return dict(Counter((start + month) // 12 for month in range(months)))


def spread(pence: int, first: date, months: int) -> dict[int, int]:
    """A sum paid evenly over a term, by financial year, month by month; adds up exactly."""
    years = months_by_year(first, max(months, 1))
    return dict(zip(years, split(pence, list(years.values())), strict=True))
