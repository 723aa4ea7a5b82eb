"""Planned lots by the quarter in which they are expected to open, and by region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from babel.dates import get_month_names
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from lots.models import Lot, LotArea
from lots.queries import by_opening, is_public
from lots.wanted import Wanted, fits
from marketplace import calendar, clock
from marketplace.areas.queries import regions_on
from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.web.pictures import bounds, legend, step

QUARTERS = 6
SLOTS = range(QUARTERS + 1)


@dataclass(frozen=True)
class Column:
    """A quarter, or all that comes after the last one shown; `lines` is its short name."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """How many lots are expected in one quarter and region, and the shade of that number."""

    count: int
    step: int


@dataclass(frozen=True)
class Timeline:
    """Rows of (region, cells) under columns, what the shades stand for, and empty regions."""

    columns: Sequence[Column]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    legend: Sequence[str]
    without: Sequence[str]


def timeline(wanted: Wanted) -> Timeline:
    """Planned lots that fit; one over several regions counts in each; two statements."""
    starts = _quarter_starts(clock.today())
    slot = _slot(starts[1:])
    counted = db.session.execute(
        select(LotArea.region_code, slot, func.count(LotArea.lot_id.distinct()))
        .join(Lot, Lot.id == LotArea.lot_id)
        .where(is_public(), *fits(wanted))
        .group_by(LotArea.region_code, slot)
    )
    counts = {(region, number): count for region, number, count in counted}
    limits = bounds(counts.values())
    busy = {region for region, _number in counts}
    regions = [each for each in regions_on(clock.today()) if wanted.region in ("", each.code)]
    rows = [
        (region.label, [_cell(counts.get((region.code, slot), 0), limits) for slot in SLOTS])
        for region in regions
        if region.code in busy
    ]
    without = [region.label for region in regions if region.code not in busy]
    return Timeline(_columns(starts[:-1]), rows, legend(limits), without)


def _cell(count: int, limits: list[int]) -> Cell:
    return Cell(count, step(count, limits))


def planned(wanted: Wanted) -> Page:
    """The planned lots that fit, the next expected to open first."""
    return paged(
        select(Lot)
        .where(is_public(), *fits(wanted))
        .options(selectinload(Lot.areas), joinedload(Lot.lead_buyer))
        .order_by(*by_opening())
    )


def _quarter_starts(day: date) -> list[date]:
    first = calendar.quarter_of(day)
    return [calendar.months_later(first, 3 * number) for number in range(QUARTERS + 1)]


def _slot(ends: Sequence[date]) -> Any:
    """The number of a lot's quarter; what is late already counts in this one."""
    return case(
        *(
            (
                or_(
                    and_(Lot.opens_at.is_not(None), Lot.opens_at < _midnight(end)),
                    and_(Lot.opens_at.is_(None), Lot.opens_on < end),
                ),
                number,
            )
            for number, end in enumerate(ends)
        ),
        else_=len(ends),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.LONDON).astimezone(UTC)


def _columns(starts: Sequence[date]) -> list[Column]:
    names = get_month_names("abbreviated", locale=get_locale())
    quarters = [
        Column(
            _("%(first)s to %(last)s %(year)s", first=first, last=last, year=start.year),
            (f"{first}–", last, str(start.year)),
        )
        for start in starts
        for first, last in [(names[start.month], names[start.month + 2])]
    ]
    return [*quarters, Column(_("Later, or not dated"), (_("Later"),))]
