"""The days of a standstill, counted one by one: which count, which do not, and why.

The notice's day is the first; days of a pause never count (domain, section 6; Procurement Act
2023 s.51, s.123).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from bids.awards.models import Award, StandstillPause
from lots import lifecycle as steps
from lots.lifecycle import LOT
from lots.models import Lot
from lots.vocabulary import Route
from marketplace import calendar, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id

Pause = tuple[date, date | None]


class Kind(StrEnum):
    """What a day of the standstill is."""

    COUNTED = "counted"
    NOT_WORKING = "not_working"
    PAUSED = "paused"


@dataclass(frozen=True)
class Stretch:
    """One counted day with its `number`, or days in a row that do not count for one cause."""

    kind: Kind
    first: date
    last: date
    number: int | None = None


@dataclass(frozen=True)
class Standstill:
    """The days so far settled; `ends_on` is None while it is paused."""

    stretches: tuple[Stretch, ...]
    days_left: int
    ends_on: date | None

    @property
    def counted(self) -> list[date]:
        """The counted working days in order."""
        return [each.first for each in self.stretches if each.kind is Kind.COUNTED]


def count(first: date, number: int, pauses: Iterable[Pause] = ()) -> Standstill:
    """The `number` working days from `first` on that lie in no pause.

    A pause without an end stops the count; `days_left` are those it leaves, its own day among
    them.
    """
    listed = list(pauses)
    open_from = min((begun for begun, ended in listed if ended is None), default=None)
    found: list[Stretch] = []
    day, counted = first, 0
    while counted < number:
        if open_from is not None and day >= open_from:
            found.append(Stretch(Kind.PAUSED, day, day))
            return Standstill(tuple(found), number - counted, None)
        kind = _kind(day, listed)
        if kind is Kind.COUNTED:
            counted += 1
            found.append(Stretch(kind, day, day, counted))
        elif found and found[-1].kind is kind:
            found[-1] = Stretch(kind, found[-1].first, day)
        else:
            found.append(Stretch(kind, day, day))
        day += calendar.ONE_DAY
    return Standstill(tuple(found), 0, found[-1].last if found else None)


def _kind(day: date, pauses: list[Pause]) -> Kind:
    if any(begun <= day and ended is not None and day <= ended for begun, ended in pauses):
        return Kind.PAUSED
    return Kind.COUNTED if calendar.is_working_day(day) else Kind.NOT_WORKING


def standstill_of(lot: Lot, award: Award) -> Standstill | None:
    """The days of this decision's standstill; None where there is none."""
    if award.decided_at is None or award.bid_id is None or not lot.standstill_working_days:
        return None
    if lot.route != Route.CONTRACT:
        return None
    pauses = [(each.paused_on, each.resumed_on) for each in award.pauses]
    first = calendar.day_of(award.decided_at)
    return count(first, lot.standstill_working_days, pauses)


def pause(lot: Lot, award: Award, on: date, by: Acting | None) -> StandstillPause:
    """Stop counting from a day on; a standstill that is paused already is paused only once."""
    made = StandstillPause(id=new_id(), award_id=award.id, paused_on=on)
    db.session.add(made)
    db.session.flush()
    db.session.expire(award, ["pauses"])
    left = _counted_anew(lot, award).days_left
    if lot.standstill_paused_at is None:
        facts: dict[str, Any] = {
            "standstill_paused_at": clock.now(),
            "standstill_days_left": left,
            "standstill_ends_on": None,
        }
        LOT.take(steps.PAUSE_STANDSTILL, lot, by, facts=facts)
    else:
        lot.standstill_days_left = left
    return made


def close(made: StandstillPause) -> None:
    """Today is the last day of a pause, whether or not the standstill runs on."""
    made.resumed_on = max(clock.today(), made.paused_on)


def end_pause(lot: Lot, award: Award, made: StandstillPause, by: Acting | None) -> bool:
    """End one pause today; says whether the standstill runs on, the last of them being over.

    It runs on with the days left from the next working day.
    """
    close(made)
    db.session.flush()
    db.session.expire(award, ["pauses"])
    counted = _counted_anew(lot, award)
    if counted.ends_on is None:
        lot.standstill_days_left = counted.days_left
        return False
    facts: dict[str, Any] = {
        "standstill_paused_at": None,
        "standstill_days_left": None,
        "standstill_ends_on": counted.ends_on,
    }
    LOT.take(steps.RESUME_STANDSTILL, lot, by, facts=facts)
    return True


def _counted_anew(lot: Lot, award: Award) -> Standstill:
    counted = standstill_of(lot, award)
    if counted is None:
        raise ValueError("only a contract's award has a standstill")
    return counted
