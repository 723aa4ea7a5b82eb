"""Who delivers in each of the PCC areas, for the map of areas and the table beside it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lots.market.queries import DAY_ONE, LiveContracts
from marketplace.areas.models import Area
from marketplace.areas.queries import areas_on
from marketplace.effective import in_welsh
from marketplace.web.pictures import Tile, bounds, legend, step

ELSEWHERE = Path(__file__).parent / "data" / "day_one_elsewhere.csv"


@dataclass(frozen=True)
class Elsewhere:
    """A service of a region that others bought on day one."""

    region_code: str
    service_code: str
    bought_by: str
    note: str
    note_cy: str

    @property
    def remark(self) -> str:
        """How it was bought, in the reader's language."""
        return self.note_cy if in_welsh() else self.note


@dataclass
class AreaRow:
    """One area: how many contracts cover it, who delivers them, and who bought elsewhere."""

    area: Area
    contracts: int = 0
    providers: list[str] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)


@cache
def bought_elsewhere() -> tuple[Elsewhere, ...]:
    """What was bought by others on day one, as published."""
    with ELSEWHERE.open(newline="", encoding="utf-8") as file:
        return tuple(
            Elsewhere(
                row["region_code"], row["service"], row["bought_by"], row["note"], row["note_cy"]
            )
            for row in csv.DictReader(file)
        )


def area_rows(on: date, live: Sequence[LiveContracts], service: str | None) -> list[AreaRow]:
    """Every area in force on the day, by name; of one service where it is given; one statement.

    Before the first areas came into force, those of day one stand in for them.
    """
    rows = {area.code: AreaRow(area) for area in areas_on(max(on, DAY_ONE))}
    for each in live:
        if service not in (None, each.service_code):
            continue
        for row in rows.values():
            if each.area_code in (None, row.area.code) and each.region_code == row.area.region_code:
                row.contracts += each.contracts
                if each.provider not in row.providers:
                    row.providers.append(each.provider)
    for other in bought_elsewhere() if on >= DAY_ONE else ():
        if service in (None, other.service_code):
            for row in rows.values():
                if row.area.region_code == other.region_code:
                    row.elsewhere.append(other)
    return list(rows.values())


def map_of(rows: Sequence[AreaRow]) -> dict[str, Any]:
    """The tiles and legend that `tile_map` draws."""
    limits = bounds(row.contracts for row in rows)
    tiles = {
        row.area.code: Tile(
            name=row.area.label,
            value="" if row.elsewhere and not row.contracts else str(row.contracts),
            step=step(row.contracts, limits),
            elsewhere=bool(row.elsewhere) and not row.contracts,
        )
        for row in rows
    }
    return {"tiles": tiles, "legend": legend(limits)}
