"""How days of a standstill are told, on pages and in documents."""

from __future__ import annotations

from datetime import date

from flask import Flask
from flask_babel import format_date
from flask_babel import gettext as _

from bids.awards.standstill import Stretch
from marketplace import calendar

FRIDAY = 4


def weekday(day: date) -> str:
    """Monday 23 November 2026."""
    return format_date(day, "EEEE d MMMM y")


def why_not_counted(stretch: Stretch) -> str:
    """Why days that are no working days do not count (Procurement Act 2023 s.123)."""
    days = [stretch.first + calendar.ONE_DAY * each for each in range(_length(stretch))]
    parts = {part for day in days for part in calendar.parts_on_holiday(day)}
    if not parts:
        return _("weekend")
    names = ", ".join(str(calendar.PARTS[part]) for part in calendar.PARTS if part in parts)
    if any(day.weekday() > FRIDAY for day in days):
        return _("weekend and bank holiday (%(parts)s)", parts=names)
    return _("bank holiday (%(parts)s)", parts=names)


def _length(stretch: Stretch) -> int:
    return (stretch.last - stretch.first).days + 1


def register(app: Flask) -> None:
    """Make both known to templates."""
    app.jinja_env.filters.update(weekday=weekday, why_not_counted=why_not_counted)
