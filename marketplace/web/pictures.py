"""Where the pieces of charts and of the map of areas stand; `pictures.html` draws them.

The map gives each of the 42 police areas of England and Wales one tile of the same size, near
where it lies. Its grid is data: `marketplace/areas/data/tiles.csv`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask import Flask

GRID = Path(__file__).resolve().parent.parent / "areas" / "data" / "tiles.csv"
STEPS = 5


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its length, and how the figure is written (the number unless told)."""

    label: str
    value: float
    shown: str | None = None


@dataclass(frozen=True)
class Tile:
    """One area's tile: its whole name, its figure as text, and the shade from 0 to 5 (see `step`).

    `elsewhere` hatches it: provided, but bought by others. Without `href` it is no link.
    """

    name: str
    value: str
    step: int = 0
    href: str | None = None
    elsewhere: bool = False


class PlacedTile(NamedTuple):
    """A tile with its corner in the map's grid and its three letters."""

    column: int
    row: int
    short: str
    tile: Tile


class PlacedBar(NamedTuple):
    """A bar with its length in hundredths of the chart's."""

    label: str
    shown: str
    hundredths: float


@cache
def _grid() -> dict[str, tuple[int, int, str]]:
    with GRID.open(newline="") as lines:
        return {
            line["area_code"]: (int(line["column"]), int(line["row"]), line["short"])
            for line in csv.DictReader(lines)
        }


def placed_tiles(tiles: Mapping[str, Tile]) -> list[PlacedTile]:
    """The tiles in reading order, north first; `tiles` maps a PCC area's code to its tile."""
    found = [PlacedTile(*_grid()[code], tile) for code, tile in tiles.items() if code in _grid()]
    return sorted(found, key=lambda placed: (placed.row, placed.column))


def placed_bars(bars: Iterable[Bar], whole: float = 0) -> list[PlacedBar]:
    """The bars with their lengths; all empty where every value is nothing.

    The longest fills the chart, or what is `whole` where that is more.
    """
    bars = list(bars)
    longest = max((bar.value for bar in bars), default=0)
    longest = max(longest, whole) or 1
    return [
        PlacedBar(
            bar.label,
            f"{bar.value:,}" if bar.shown is None else bar.shown,
            round(max(bar.value, 0) / longest * 100, 2),
        )
        for bar in bars
    ]


def bounds(values: Iterable[float]) -> list[int]:
    """Upper limits of the five shades: even shares of the largest value, whole numbers."""
    largest = max((value for value in values if value), default=0)
    return sorted({max(1, -(-int(largest) * step // STEPS)) for step in range(1, STEPS + 1)})


def step(value: float, limits: list[int]) -> int:
    """The shade of a value under these limits: 0 for nothing, else 1 to 5."""
    if not value or value <= 0:
        return 0
    return next((number for number, most in enumerate(limits, 1) if value <= most), len(limits))


def legend(limits: list[int]) -> list[str]:
    """What each shade stands for, from 0 on: "0", "1–4", "5–8", …"""
    texts, least = ["0"], 1
    for most in limits:
        texts.append(f"{least:,}" if least == most else f"{least:,}–{most:,}")
        least = most + 1
    return texts


def register(app: Flask) -> None:
    """Let the picture macros place their pieces."""
    app.jinja_env.globals.update(placed_tiles=placed_tiles, placed_bars=placed_bars)
