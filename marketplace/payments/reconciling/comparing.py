"""The comparison itself: two lists of movements, and in which ways they differ. No database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from marketplace.payments.reconciling.models import MismatchKind


@dataclass(frozen=True)
class Movement:
    """Pence into (above 0) or out of a balance, for one cause, under Stripe's reference.

    `at` is technical time. `available` False: it is on its way, and can still not be used.
    `settled` False: too young, or not yet sure, to be missed on the other side.
    """

    cause: str
    reference: str
    pence: int
    at: datetime
    available: bool = True
    settled: bool = True


@dataclass(frozen=True)
class Difference:
    """One thing in which the two differ, with what each side says of it."""

    kind: MismatchKind
    cause: str
    reference: str
    here: int
    there: int
    moved_at: datetime


def differences(here: Iterable[Movement], there: Iterable[Movement]) -> Iterator[Difference]:
    """Everything in which the movements of our books differ from those at Stripe."""
    ours, theirs = _grouped(here), _grouped(there)
    for key in sorted(ours.keys() | theirs.keys()):
        kind = _kind(ours[key], theirs[key])
        if kind is not None:
            moved_at = min(each.at for each in (*ours[key], *theirs[key]))
            yield Difference(kind, *key, _sum(ours[key]), _sum(theirs[key]), moved_at)


def _grouped(movements: Iterable[Movement]) -> dict[tuple[str, str], list[Movement]]:
    found = defaultdict(list)
    for each in movements:
        found[each.cause, each.reference].append(each)
    return found


def _kind(ours: list[Movement], theirs: list[Movement]) -> MismatchKind | None:
    if _sum(ours) == _sum(theirs):
        return None
    if not theirs:
        return MismatchKind.NOT_THERE if all(each.settled for each in ours) else None
    if not ours:
        return MismatchKind.NOT_HERE if all(each.settled for each in theirs) else None
    is_one_way = len({each.pence > 0 for each in (*ours, *theirs)}) == 1
    is_twice = is_one_way and len(theirs) > len(ours)
    return MismatchKind.TWICE if is_twice else MismatchKind.AMOUNT


def comparable(
    side: Iterable[Movement], other: Iterable[Movement], since: datetime
) -> list[Movement]:
    """Of one side: all that moved since then, and what is older only where the other has it too."""
    named = {(each.cause, each.reference) for each in other}
    return [each for each in side if each.at >= since or (each.cause, each.reference) in named]


def _sum(movements: list[Movement]) -> int:
    return sum(each.pence for each in movements)
