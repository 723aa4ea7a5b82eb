"""What the calendar says about a draft's dates, for the advice and the picture of the window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from lots import deadlines
from lots.models import Lot
from lots.proportionality import (
    first_closing,
    in_closed_season,
    is_short_form,
    policy_today,
    window,
)
from marketplace import calendar, clock
from marketplace.clock import LONDON

ONE_DAY = timedelta(days=1)
LONGEST = 730


@dataclass(frozen=True)
class Mark:
    """One day of the picture, as hundredths of the window, and what it is."""

    day: date
    text: str
    hundredths: float


@dataclass(frozen=True)
class Span:
    """Days of the picture that do not count, as hundredths of the window."""

    start: float
    width: float


class Timeline:
    """From the day a lot opens to the day it closes, with what lies between."""

    def __init__(self, lot: Lot, opens_on: date | None, closing: date | None):
        policy = policy_today()
        self.opening = max(opens_on or clock.today(), clock.today())
        self.closing = closing if closing and closing > self.opening else None
        self.weeks = policy.good_window_weeks
        if is_short_form(lot):
            self.weeks = policy.good_window_weeks_short
        self.least_days = policy.least_window_days
        self.least = first_closing(self.opening, self.least_days, 0)
        self.good = first_closing(self.opening, self.least_days, self.weeks * 7)

    @cached_property
    def days(self) -> list[date]:
        """Every day from the opening day to the closing day."""
        if self.closing is None:
            return []
        length = min((self.closing - self.opening).days, LONGEST)
        return [self.opening + n * ONE_DAY for n in range(length + 1)]

    @property
    def leaves(self) -> str:
        """How much time bidders have."""
        working_days, days = window(self.opening, self.days[-1])
        whole = ngettext("%(num)s day", "%(num)s days", days)
        return ngettext(
            "%(num)s working day (%(days)s that count)",
            "%(num)s working days (%(days)s that count)",
            working_days,
            days=whole,
        )

    @cached_property
    def marks(self) -> list[Mark]:
        """Opening, cut-offs, bank holidays, the clock change and closing, in order."""
        if not self.days:
            return []
        closes_at = calendar.closing_moment(self.days[-1])
        found = [
            (self.opening, _("Opens")),
            (_day(deadlines.questions_until(closes_at)), _("Last day for questions")),
            (_day(deadlines.answers_due(closes_at)), _("Last day for answers")),
            (self.days[-1], _("Closes at noon")),
            *[(day, _holiday(day)) for day in self.days if calendar.parts_on_holiday(day)],
            *[(day, text) for day, text in self._clock_changes()],
        ]
        inside = [(day, text) for day, text in found if self.opening <= day <= self.days[-1]]
        return [Mark(day, text, self._at(day)) for day, text in sorted(inside)]

    @property
    def closed_season(self) -> Span | None:
        """The days from 20 December to 5 January that lie in the window."""
        season = [day for day in self.days if in_closed_season(day)]
        if not season or self.days[-1].year - self.opening.year > 1:
            return None
        start = self._at(season[0])
        return Span(start, round(self._at(season[-1]) - start, 2))

    def _at(self, day: date) -> float:
        return round((day - self.opening).days / max(len(self.days) - 1, 1) * 100, 2)

    def _clock_changes(self) -> list[tuple[date, Any]]:
        return [
            (day, _("The clocks change. Noon stays noon in London."))
            for day in self.days
            if _offset(day) != _offset(day - ONE_DAY)
        ]


def _day(moment: datetime) -> date:
    return calendar.day_of(moment)


def _offset(day: date) -> timedelta | None:
    return datetime(day.year, day.month, day.day, 12, tzinfo=LONDON).utcoffset()


def _holiday(day: date) -> str:
    parts = calendar.parts_on_holiday(day)
    if len(parts) == len(calendar.PARTS):
        return _("Bank holiday")
    names = ", ".join(str(calendar.PARTS[part]) for part in parts)
    return _("Bank holiday in %(parts)s", parts=names)
