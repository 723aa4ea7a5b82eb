"""Services that are not bought here but pointed to: dated reference data beside this file.

One that is no longer offered keeps its line with a last day.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from marketplace.effective import in_welsh

FILE = Path(__file__).with_name("data") / "elsewhere.csv"
WALES, ENGLAND = "wales", "england"
REGION_OF_WALES = "D"


@dataclass(frozen=True)
class Pointer:
    """A service outside the market: what it is, and how somebody gets there.

    `nation` is empty where it is offered in England and in Wales; `needs` are those it helps with.
    """

    code: str
    needs: tuple[str, ...]
    nation: str
    link: str
    texts: dict[str, str]
    valid_from: date
    valid_to: date | None

    def text(self, name: str) -> str:
        """Its `name`, `about` or `how` in the reader's language."""
        return self.texts[f"{name}_cy" if in_welsh() else name]


@cache
def _every() -> tuple[Pointer, ...]:
    with FILE.open(newline="", encoding="utf-8") as file:
        return tuple(
            Pointer(
                row["code"],
                tuple(row["needs"].split(";")),
                row["nation"],
                row["link"],
                {name: row[name] for name in row if name.split("_")[0] in ("name", "about", "how")},
                date.fromisoformat(row["valid_from"]),
                date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            )
            for row in csv.DictReader(file)
        )


def pointers(day: date, need: str | None = None, region_code: str | None = None) -> list[Pointer]:
    """Those offered on `day`, for this need and in this region where they are given."""
    nation = None
    if region_code is not None:
        nation = WALES if region_code == REGION_OF_WALES else ENGLAND
    return [
        each
        for each in _every()
        if each.valid_from <= day <= (each.valid_to or day)
        and (need is None or need in each.needs)
        and (nation is None or each.nation in ("", nation))
    ]
