"""The market report as a table of one figure a row, so that a new figure moves no column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marketplace.areas.queries import region_names
from marketplace.categories.queries import service_names

COLUMNS = ("on", "table", "code", "name", "figure", "value")
PARTS = ("services", "regions", "income_bands")


def market_rows(report: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    """Every figure of `market_report`: what is made up, the whole market, its parts."""
    names = service_names() | region_names()
    whole = {name: said for name, said in report.items() if not isinstance(said, dict)}
    on = whole.pop("on")
    # First of all, so that nobody takes made-up figures for the market's.
    for name, said in report.get("demonstration", {}).items():
        yield on, "demonstration", "", "", name, said
    yield from ((on, "market", "", "", name, said) for name, said in whole.items())
    for part in PARTS:
        for code, figures in report[part].items():
            for name, said in figures.items():
                yield on, part, code, names.get(code, ""), name, said
    for name, said in report["supply_chain"].items():
        yield on, "supply_chain", "", "", name, said
    bids = report["bids"]
    yield on, "bids", "", "", "competitions", bids["competitions"]
    yield on, "bids", "", "", "bids", bids["bids"]
    for name, said in bids["hours_per_bid"].items():
        yield on, "hours_per_bid", "", "", name, said
    for size, figures in bids["by_size"].items():
        for name, said in figures.items():
            yield on, "bids_by_size", size, "", name, said
    yield from _paid_rows(on, report["days_to_pay"])


def _paid_rows(on: str, paid: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    parts = {"": paid["all"], "partners": paid["partners"]} | paid["buyers"]
    for whose, figures in parts.items():
        for name, said in (figures or {}).items():
            yield on, "days_to_pay", "", whose, name, said
