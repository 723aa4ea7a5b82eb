"""What was looked for in vain: counts of searches, by need, area and month. Nobody is in them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import extract, func, select

from marketplace import calendar, clock
from marketplace.areas.models import Area
from marketplace.calendar import months_later
from marketplace.database import db
from marketplace.observations import EmptySearch

MONTHS = 12
MOST_SHOWN = 50


@dataclass(frozen=True)
class Unmet:
    """Searches that found nothing in the last twelve months, this one included.

    `months` has every month, the oldest first. A code of None means that none was chosen.
    """

    total: int
    months: dict[date, int]
    by_need: list[tuple[str | None, int]]
    by_area: list[tuple[str | None, int]]
    pairs: list[tuple[str | None, str | None, int]]
    wanted: list[tuple[str, int]]


def unmet(region_code: str | None) -> Unmet:
    """For one region's areas, or for everywhere; three statements."""
    today = clock.today()
    first = months_later(today.replace(day=1), 1 - MONTHS)
    conditions = [EmptySearch.at >= calendar.start_of(first)]
    if region_code:
        here = select(Area.code).where(Area.region_code == region_code)
        conditions.append(EmptySearch.area.in_(here))
    year, month = extract("year", EmptySearch.at), extract("month", EmptySearch.at)
    rows = db.session.execute(
        select(EmptySearch.need, EmptySearch.area, year, month, func.count())
        .where(*conditions)
        .group_by(EmptySearch.need, EmptySearch.area, year, month)
    ).all()
    months = Counter({months_later(first, number): 0 for number in range(MONTHS)})
    needs: Counter[str | None] = Counter()
    areas: Counter[str | None] = Counter()
    pairs: Counter[tuple[str | None, str | None]] = Counter()
    for need, area, of_year, of_month, count in rows:
        day = max(first, date(int(of_year), int(of_month), 1))
        months[day] += count
        needs[need] += count
        areas[area] += count
        pairs[need, area] += count
    return Unmet(
        months.total(),
        dict(sorted(months.items())),
        needs.most_common(MOST_SHOWN),
        areas.most_common(MOST_SHOWN),
        [(*pair, count) for pair, count in pairs.most_common(MOST_SHOWN)],
        _wanted(conditions),
    )


def _wanted(conditions: list) -> list[tuple[str, int]]:
    """The codes of what was looked for besides, the most frequent first."""
    rows = db.session.execute(
        select(EmptySearch.wanted, func.count())
        .where(*conditions, EmptySearch.wanted.is_not(None))
        .group_by(EmptySearch.wanted)
        .order_by(func.count().desc())
        .limit(1000)
    )
    counted: Counter[str] = Counter()
    for words, count in rows:
        for each in (words or "").split():
            counted[each] += count
    return counted.most_common(MOST_SHOWN)
