"""The clock of a decision, in working days of England and Wales, and the months of a year."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from marketplace.calendar import (
    ENGLAND_AND_WALES,
    add_working_days,
    next_working_day,
    working_days_between,
)


def working_days_after(day: date, number: int) -> date:
    """The working day `number` working days after `day`, not counting it."""
    return add_working_days(day, number, ENGLAND_AND_WALES)


def working_days_left(day: date, due_on: date) -> int:
    """Working days after `day` up to and including `due_on`; negative once it has passed."""
    if due_on < day:
        return -working_days_between(due_on, day, ENGLAND_AND_WALES)
    return working_days_between(day, due_on, ENGLAND_AND_WALES)


def resumed(due_on: date, paused_on: date, resumed_on: date) -> date:
    """When it is due after a pause: as many working days are left as on the day it began.

    What was overdue before the pause stays so.
    """
    if due_on < paused_on or resumed_on <= paused_on:
        return due_on
    left = working_days_between(paused_on, due_on, ENGLAND_AND_WALES)
    if left == 0:
        return next_working_day(resumed_on, ENGLAND_AND_WALES)
    return working_days_after(resumed_on, left)


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or the month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
