"""The arithmetic of a contract's months: what was expected, and when a review is due. No database.

Policy: a month is far off where starts lie beyond 20% of what was expected, on either side; two
such months running, both on the same side, call for a review of price and places.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lots.contracts.delivery.vocabulary import Direction
from marketplace.calendar import months_later

BEYOND_PERCENT = 20


@dataclass(frozen=True)
class Judged:
    """One month's starts against what was expected."""

    month: date
    expected: int | None
    starts: int
    is_whole: bool


@dataclass(frozen=True)
class Span:
    """Where `weight` places stand in the contract from one day to another, both counted."""

    first: date
    last: date
    weight: int


def expected_starts(a_month: int, bought: int, spans: Iterable[Span], month: date) -> int:
    """People expected to start in a month, rounded half up.

    `a_month` is the lot's number for all the `bought` places; areas that joined, left or changed
    their places, and days outside their dates, weigh in proportion.
    """
    first, after = month, months_later(month, 1)
    days = (after - first).days
    held = sum(
        each.weight
        * max(
            (
                min(each.last.toordinal() + 1, after.toordinal())
                - max(each.first, first).toordinal()
            ),
            0,
        )
        for each in spans
    )
    whole = bought * days
    return (2 * a_month * held + whole) // (2 * whole) if whole else 0


def direction_of(judged: Judged) -> Direction | None:
    """On which side a month is far off; None where it is not, or cannot be judged."""
    if not judged.expected or not judged.is_whole:
        return None
    off = judged.starts - judged.expected
    if abs(off) * 100 <= judged.expected * BEYOND_PERCENT:
        return None
    return Direction.OVER if off > 0 else Direction.UNDER


def review_due(months: Sequence[Judged]) -> tuple[Direction, date] | None:
    """The side and the later month of the first two months running that are far off alike."""
    by_month = {each.month: each for each in months}
    for month in sorted(by_month):
        side = direction_of(by_month[month])
        following = by_month.get(months_later(month, 1))
        if side and following and direction_of(following) == side:
            return side, following.month
    return None
