"""The arithmetic of a price and of what it is made of: integer pence, no database.

Every total is over the lot's initial term, as its net value is (lots/prices/arithmetic.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from flask_babel import lazy_gettext as _l


class Part(StrEnum):
    """The parts of the sheet that the bidder fills in; partners' shares come by themselves."""

    STAFF = "staff"
    OVERHEADS = "overheads"
    OTHER = "other"


PARTS = {
    Part.STAFF: _l("Staff"),
    Part.OVERHEADS: _l("Overheads"),
    Part.OTHER: _l("Other direct costs"),
}


@dataclass(frozen=True)
class Line:
    """One cost, in pence over the initial term."""

    what: str
    pence: int


@dataclass(frozen=True)
class Costs:
    """What the bidder says its price is made of, and why the price is enough where it is asked."""

    staff: tuple[Line, ...] = ()
    overheads: tuple[Line, ...] = ()
    other: tuple[Line, ...] = ()
    explanation: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, Any], explanation: str) -> Costs:
        """Costs out of JSON; what an older form does not hold is empty."""
        parts = {part.value: tuple(Line(**line) for line in kept.get(part, [])) for part in Part}
        return cls(**parts, explanation=explanation)

    def lines(self, part: Part) -> tuple[Line, ...]:
        """The lines of one part."""
        return getattr(self, part.value)

    def as_text(self) -> str:
        """How it is kept: JSON."""
        parts = {part.value: [vars(line) for line in self.lines(part)] for part in Part}
        return json.dumps(parts | {"explanation": self.explanation})


def costs_of(text: str | None) -> Costs:
    """The costs behind a kept text; empty where there is none."""
    kept: dict[str, Any] = json.loads(text) if text else {}
    return Costs.of(kept, kept.get("explanation", ""))


def total(lines: tuple[Line, ...]) -> int:
    """The sum of lines, in pence."""
    return sum(line.pence for line in lines)


@dataclass(frozen=True)
class Sheet:
    """Price and costs side by side; `price_pence` and `value_pence` are over the initial term.

    `times` is how often the amount of the bid is paid, `low_percent` how far below the lot's net
    value a price has to be explained.
    """

    costs: Costs
    partners: tuple[Line, ...]
    price_pence: int | None
    times: Fraction | None
    value_pence: int | None
    low_percent: int

    def parts(self) -> list[tuple[Part, Any]]:
        """The parts that are not empty, with their labels."""
        return [(part, label) for part, label in PARTS.items() if self.costs.lines(part)]

    def part_pence(self, part: str) -> int:
        """The sum of one part of the costs."""
        return total(self.costs.lines(Part(part)))

    @property
    def shares_pence(self) -> int:
        """What the partners are to get."""
        return total(self.partners)

    @property
    def cost_pence(self) -> int:
        """Everything that it costs."""
        return sum(self.part_pence(part) for part in Part) + self.shares_pence

    @property
    def own_missing(self) -> bool:
        """The partners' shares leave the bidder a part of the price that has no cost beside it."""
        rest = self.price_pence is not None and self.price_pence > self.shares_pence
        return rest and self.cost_pence == self.shares_pence

    @property
    def left_pence(self) -> int | None:
        """What the price leaves over its cost; below zero where it does not cover it."""
        return None if self.price_pence is None else self.price_pence - self.cost_pence

    @property
    def is_below_cost(self) -> bool:
        """The price does not cover what the bidder says it costs."""
        return self.left_pence is not None and self.left_pence < 0

    @property
    def is_above_value(self) -> bool:
        """The price is above the lot's net value, on which ground the bid would be set aside."""
        return (
            self.price_pence is not None
            and self.value_pence is not None
            and self.price_pence > self.value_pence
        )

    @property
    def is_low(self) -> bool:
        """The price is so far below the lot's net value that it has to be explained.

        A tender whose price is abnormally low may be disregarded only once the supplier could
        show that it is able to perform for it (Procurement Act 2023, s.19(3)(c), (4) and (5)).
        """
        if self.price_pence is None or not self.value_pence:
            return False
        return self.price_pence * 100 < self.value_pence * (100 - self.low_percent)

    @property
    def to_explain(self) -> bool:
        """The bidder is asked why the price is enough, and has not said so."""
        return (self.is_low or self.is_below_cost) and not self.costs.explanation.strip()

    def for_each(self, pence: int) -> int | None:
        """A total for each month or start, rounded up: the least price that would cover it."""
        return int(-(-pence // self.times)) if self.times else None
