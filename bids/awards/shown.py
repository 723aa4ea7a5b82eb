"""How days of a standstill are told, on pages and in documents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import format_date
from flask_babel import gettext as _

from bids.awards.standstill import Stretch
from bids.compliance.models import FAULTS, Fault
from marketplace import calendar
from marketplace.web.filters import shown_date

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


def corrections(told: dict[str, Any]) -> list[str]:
    """What was to be put right in a bid, and whether it was, a line for each."""
    return [_correction(each) for each in told.get("corrections", ())]


def _correction(each: dict[str, Any]) -> str:
    asked = {
        "fault": FAULTS[Fault(each["fault"])],
        "what": each["what"],
        "asked": shown_date(datetime.fromisoformat(each["asked_at"])),
    }
    if not each["answered_at"]:
        return _("%(fault)s: %(what)s Asked on %(asked)s, not put right in time.", **asked)
    asked["answered"] = shown_date(datetime.fromisoformat(each["answered_at"]))
    return _("%(fault)s: %(what)s Asked on %(asked)s, put right on %(answered)s.", **asked)


def _length(stretch: Stretch) -> int:
    return (stretch.last - stretch.first).days + 1


def register(app: Flask) -> None:
    """Make both known to templates."""
    app.jinja_env.filters.update(weekday=weekday, why_not_counted=why_not_counted)
