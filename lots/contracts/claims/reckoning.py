"""What a month's claim comes to: from what was delivered, and what was claimed before it.

No database. What is new is claimed at the price of its own month; what was claimed and does not
stand in the record any more, or stands there otherwise, is taken back at the price at which it
was claimed. So a record that comes late, is corrected or withdrawn comes into the next claim.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from lots.contracts.claims.models import LineKind
from marketplace.calendar import months_later

QUARTER = 3


class Delivered(NamedTuple):
    """One start, or one outcome reached, of one case; `on` is its day.

    `complexity` is the case's highest, of a start; empty where no price asks for it. `outcome_code`
    is empty for a start.
    """

    kind: LineKind
    contract_area_id: UUID
    reference: str
    on: date
    complexity: str = ""
    outcome_code: str = ""

    @property
    def key(self) -> Key:
        """What makes it the same thing in the next month."""
        return (self.kind, self.reference, self.outcome_code)


Key = tuple[LineKind, str, str]


class Claimed(NamedTuple):
    """One start or outcome that a claim holds; `number` is which start of the year it was."""

    id: UUID
    kind: LineKind
    contract_area_id: UUID | None
    reference: str
    month: date
    complexity: str
    outcome_code: str
    unit_pence: int
    number: int

    @property
    def key(self) -> Key:
        """As of what was delivered."""
        return (self.kind, self.reference, self.outcome_code)


@dataclass(frozen=True)
class Item:
    """One case behind a line: its reference, and what of it was claimed before, if taken back."""

    reference: str
    number: int = 0
    was: UUID | None = None


@dataclass
class Line:
    """One line to be; `quantity` is below zero where something is taken back."""

    kind: LineKind
    month: date
    quantity: int
    unit_pence: int
    contract_area_id: UUID | None = None
    complexity: str = ""
    outcome_code: str = ""
    items: list[Item] = field(default_factory=list)

    @property
    def amount(self) -> int:
        """Pence, net."""
        return self.quantity * self.unit_pence


# (what was delivered, which start of its contract's year it is) to pence, None: not paid for.
Prices = Callable[[Delivered, int], int | None]
YearOf = Callable[[date], date]


def delivery_lines(
    delivered: Iterable[Delivered],
    claimed: Collection[Claimed],
    price: Prices,
    year_of: YearOf,
) -> list[Line]:
    """The lines of starts and outcomes: taken back first, then new, by month, place and price."""
    now = {each.key: each for each in delivered}
    kept = {each.key: each for each in claimed}
    starts = Counter(year_of(each.month) for each in claimed if each.kind == LineKind.START)
    back, again = [], {}
    for key, was in kept.items():
        stands = now.pop(key, None)
        if stands is not None and not _differs(stands, was):
            continue
        back.append(was)
        if was.kind == LineKind.START:
            starts[year_of(was.month)] -= 1
        if stands is not None:
            now[key], again[key] = stands, was
    lines: dict[tuple, Line] = {}
    for was in sorted(back, key=lambda each: (each.month, each.reference)):
        line = _line_for(lines, was, was.month, was.unit_pence, -1)
        line.items.append(Item(was.reference, was.number, was.id))
    for each in sorted(now.values(), key=lambda each: (each.on, each.reference, each.outcome_code)):
        _add_new(lines, each, again.get(each.key), price, year_of, starts)
    return sorted(
        (line for line in lines.values()),
        key=lambda line: (line.quantity > 0, line.month, line.kind, line.unit_pence),
    )


def _differs(stands: Delivered, was: Claimed) -> bool:
    """Whether the record says something else now than what was claimed."""
    return (stands.contract_area_id, stands.on.replace(day=1), stands.complexity) != (
        was.contract_area_id,
        was.month,
        was.complexity,
    )


def _add_new(
    lines: dict[tuple, Line],
    each: Delivered,
    was: Claimed | None,
    price: Prices,
    year_of: YearOf,
    starts: Counter[date],
) -> None:
    month, number = each.on.replace(day=1), 0
    if each.kind == LineKind.START:
        year = year_of(month)
        starts[year] += 1
        # What is only corrected stays which start of the year it was.
        number = was.number if was is not None and year_of(was.month) == year else starts[year]
    unit = price(each, number)
    if unit is None:
        return
    line = _line_for(lines, each, month, unit, 1)
    line.items.append(Item(each.reference, number))


def _line_for(
    lines: dict[tuple, Line], each: Delivered | Claimed, month: date, unit: int, sign: int
) -> Line:
    key = (
        each.kind,
        each.contract_area_id,
        month,
        each.complexity,
        each.outcome_code,
        unit,
        sign,
    )
    if key not in lines:
        kind, area_id, _month, complexity, outcome_code, _unit, _sign = key
        lines[key] = Line(
            kind,
            month,
            0,
            unit,
            contract_area_id=area_id,
            complexity=complexity,
            outcome_code=outcome_code,
        )
    lines[key].quantity += sign
    return lines[key]


def early_lines(
    kind: LineKind, due: Mapping[date, tuple[int, int]], claimed: Mapping[date, int]
) -> list[Line]:
    """The lines of what is paid in advance: what is not due so any more, taken back, then new ones.

    `due` is by month: 1, or 0 where nothing is paid for it, and the pence; `claimed` what the lines
    of a month so far come to. A month that is not paid for says so in a line of nothing.
    """
    back, new = [], []
    for month, (is_paid, pence) in sorted(due.items()):
        was = claimed.get(month)
        if was == is_paid * pence:
            continue
        if was:
            back.append(Line(kind, month, -1, was))
        if is_paid or was is None:
            new.append(Line(kind, month, is_paid, pence))
    return back + new


def guaranteed_by(guaranteed_pence: int, term_months: int, months_over: int) -> int:
    """How much of the minimum of the term is guaranteed after so many of its months, in pence.

    It counts at the end of each quarter of the contract, and at the end of its term.
    """
    if months_over >= term_months:
        return guaranteed_pence
    return guaranteed_pence * (months_over // QUARTER * QUARTER) // term_months


def guarantee_line(
    month: date, guaranteed_pence: int, earned_pence: int, topped_up_pence: int
) -> Line | None:
    """What is missing to the minimum; or what was paid towards it and is earned since, less."""
    missing = max(guaranteed_pence - earned_pence, 0) - topped_up_pence
    return _single(LineKind.GUARANTEED, month, missing)


def carried_lines(month: date, lines: Iterable[Line], carried_pence: int) -> list[Line]:
    """What an earlier claim left to be taken off, and what this one leaves to the next.

    No claim comes to less than nothing: what would is taken over into the next one.
    """
    lines = list(lines)
    before = _single(LineKind.CARRIED, month, -carried_pence)
    left = sum(line.amount for line in lines) - carried_pence
    after = _single(LineKind.CARRIED, months_later(month, 1), max(-left, 0))
    return [line for line in (before, after) if line is not None]


def _single(kind: LineKind, month: date, pence: int) -> Line | None:
    if not pence:
        return None
    return Line(kind, month, 1 if pence > 0 else -1, abs(pence))


Sums = Mapping[LineKind, int]


def earned(sums: Sums) -> int:
    """What the lines of a contract so far come to without what was added towards its minimum."""
    return sum(
        pence for kind, pence in sums.items() if kind not in (LineKind.GUARANTEED, LineKind.CARRIED)
    )
