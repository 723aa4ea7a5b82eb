"""The evaluation's own rules, as pure functions of ids and figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from bids.evaluation.models import APART
from bids.evaluation.vocabulary import GoesBy

# Nobody's view decides alone.
LEAST_EVALUATORS = 2

# One bid under one criterion.
Cell = tuple[UUID, UUID]


def in_order(bids: Sequence[UUID], criteria: Sequence[UUID], goes_by: GoesBy) -> list[Cell]:
    """Every bid under every criterion: bid by bid, or criterion by criterion."""
    if goes_by is GoesBy.CRITERION:
        return [(bid, criterion) for criterion in criteria for bid in bids]
    return [(bid, criterion) for bid in bids for criterion in criteria]


def next_after(cell: Cell, cells: Sequence[Cell], done: Collection[Cell]) -> Cell | None:
    """The next one that is not done, after this one and then from the beginning; None: all are."""
    at = cells.index(cell)
    return next((each for each in (*cells[at + 1 :], *cells[:at]) if each not in done), None)


def uncovered(criteria: Sequence[UUID], seats: Iterable[Collection[UUID]]) -> list[UUID]:
    """The criteria that fewer than two seats score, in their order."""
    held = Counter(criterion for seat in seats for criterion in set(seat))
    return [criterion for criterion in criteria if held[criterion] < LEAST_EVALUATORS]


@dataclass(frozen=True)
class Spread:
    """How far the own scores of one answer lie apart."""

    lowest: int
    highest: int

    @property
    def apart(self) -> bool:
        """They differ so much that the panel talks about them first."""
        return self.highest - self.lowest >= APART


def spread_of(scores: Sequence[int]) -> Spread | None:
    """The spread of own scores; None where there are none."""
    return Spread(min(scores), max(scores)) if scores else None


def first_talked_about(cells: Iterable[Cell], spreads: Mapping[Cell, Spread]) -> list[Cell]:
    """Those that differ most come first, else the order stays."""

    def width(cell: Cell) -> int:
        spread = spreads.get(cell)
        return spread.highest - spread.lowest if spread else 0

    return sorted(cells, key=lambda cell: -width(cell))
