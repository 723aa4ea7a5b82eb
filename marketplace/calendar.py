"""Working days, and the moments in London at which days begin, close and end.

Two calendars: `LEGAL` leaves out Saturdays, Sundays, Christmas Day, Good Friday and every bank
holiday in any part of the United Kingdom (Procurement Act 2023 s.123); `ENGLAND_AND_WALES`, for the
clocks of a service, only those of England and Wales. Days proclaimed after the `holidays` package
was made stand in `calendar_days.csv`. "Counting" a day means that it is the first of the count.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import holidays
from flask_babel import lazy_gettext as _l

from marketplace.clock import LONDON

EXTRA_DAYS = Path(__file__).parent / "calendar_days.csv"
STANDSTILL_WORKING_DAYS = 8
CLOSING_TIME = time(12, 0)
ONE_DAY = timedelta(days=1)
# Of a financial year, which is named by the year in which it starts.
FIRST_MONTH = 4


class Calendar:
    """The working days common to some parts of the United Kingdom ("ENG", "WLS", "SCT", "NIR")."""

    def __init__(self, *parts: str):
        self._bank_holidays = [holidays.country_holidays("GB", subdiv=part) for part in parts]
        self._extra = {day for day, part in _extra_days() if part in parts}

    def is_working_day(self, day: date) -> bool:
        """Whether this is neither a weekend nor a bank holiday here."""
        return day.weekday() < 5 and not self.is_bank_holiday(day)

    def is_bank_holiday(self, day: date) -> bool:
        """Whether this is a bank holiday in any of these parts."""
        return day in self._extra or any(day in known for known in self._bank_holidays)


@cache
def _extra_days() -> tuple[tuple[date, str], ...]:
    with EXTRA_DAYS.open(newline="", encoding="utf-8") as file:
        return tuple((date.fromisoformat(row["day"]), row["part"]) for row in csv.DictReader(file))


PARTS = {
    "ENG": _l("England"),
    "WLS": _l("Wales"),
    "SCT": _l("Scotland"),
    "NIR": _l("Northern Ireland"),
}
LEGAL = Calendar(*PARTS)
ENGLAND_AND_WALES = Calendar("ENG", "WLS")


def is_working_day(day: date, calendar: Calendar = LEGAL) -> bool:
    """Whether `day` is a working day of `calendar`."""
    return calendar.is_working_day(day)


def parts_on_holiday(day: date) -> list[str]:
    """The codes in `PARTS` of the parts of the kingdom in which `day` is a bank holiday."""
    return [part for part in PARTS if Calendar(part).is_bank_holiday(day)]


def counted_days(first: date, number: int, calendar: Calendar = LEGAL) -> list[date]:
    """The first `number` working days counting `first`, where it is one; to show a count."""
    days = _working_days_from(first, ONE_DAY, calendar)
    return [next(days) for _ in range(number)]


def standstill_end(notice_day: date, working_days: int = STANDSTILL_WORKING_DAYS) -> date:
    """The last day of a standstill, counting the notice's day (Procurement Act 2023 s.51)."""
    return counted_days(notice_day, working_days)[-1]


def add_working_days(day: date, number: int, calendar: Calendar = LEGAL) -> date:
    """The working day `number` working days after `day`, not counting it; before, if negative.

    With 0 it is `day` itself, working day or not.
    """
    step = ONE_DAY if number >= 0 else -ONE_DAY
    days = _working_days_from(day + step, step, calendar)
    for _ in range(abs(number)):
        day = next(days)
    return day


def working_days_between(start: date, end: date, calendar: Calendar = LEGAL) -> int:
    """How many working days come after `start` up to and including `end`; 0 if it is not later."""
    days = range((end - start).days)
    return sum(calendar.is_working_day(end - offset * ONE_DAY) for offset in days)


def next_working_day(day: date, calendar: Calendar = LEGAL) -> date:
    """`day` itself where it is a working day, else the next one."""
    return next(_working_days_from(day, ONE_DAY, calendar))


def _working_days_from(day: date, step: timedelta, calendar: Calendar) -> Iterator[date]:
    while True:
        if calendar.is_working_day(day):
            yield day
        day += step


def closing_moment(day: date) -> datetime:
    """Noon in London on `day`, as aware UTC: when a lot closes."""
    return datetime.combine(day, CLOSING_TIME, LONDON).astimezone(UTC)


def start_of(day: date) -> datetime:
    """The first moment of `day` in London, as aware UTC."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first moment after `day` in London, as aware UTC: what is due by `day` is late then."""
    return start_of(day + ONE_DAY)


def day_of(moment: datetime) -> date:
    """The day in London of an aware moment."""
    return moment.astimezone(LONDON).date()


def months_later(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    first_of_next = date(day.year + years + (month == 11), (month + 1) % 12 + 1, 1)
    last = (first_of_next - ONE_DAY).day
    return date(day.year + years, month + 1, min(day.day, last))


def quarter_of(day: date) -> date:
    """The first day of the quarter that a day lies in, from January on."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def financial_year(day: date) -> int:
    """The year in which the financial year of this day starts."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1
