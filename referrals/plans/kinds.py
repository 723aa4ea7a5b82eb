"""The kinds of activity a plan can hold, by need: dated reference data beside this file.

A kind that is no longer offered keeps its line with a last day, so that older plans stay readable.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from flask_babel import gettext as _

from marketplace.effective import in_welsh

ACTIVITIES = Path(__file__).with_name("data") / "activities.csv"
# For what no kind names; it is then said in words.
OTHER = "other"


@dataclass(frozen=True)
class ActivityKind:
    """One kind of activity for one need, offered from its first to its last day."""

    code: str
    need_code: str
    name: str
    name_cy: str
    valid_from: date
    valid_to: date | None

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return self.name_cy if in_welsh() else self.name


@cache
def _every() -> tuple[ActivityKind, ...]:
    with ACTIVITIES.open(newline="", encoding="utf-8") as file:
        return tuple(
            ActivityKind(
                row["code"],
                row["need_code"],
                row["name"],
                row["name_cy"],
                date.fromisoformat(row["valid_from"]),
                date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            )
            for row in csv.DictReader(file)
        )


def offered(need_codes: Iterable[str], day: date) -> list[ActivityKind]:
    """The kinds offered for these needs on `day`, in the order of the file."""
    needs = set(need_codes)
    return [
        kind
        for kind in _every()
        if kind.need_code in needs
        and kind.valid_from <= day
        and (kind.valid_to is None or day <= kind.valid_to)
    ]


def label_of(code: str) -> str:
    """What a kind is called, offered today or not."""
    if code == OTHER:
        return _("Something else")
    return next((kind.label for kind in _every() if kind.code == code), code)
