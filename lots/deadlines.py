"""The moments of a competition around its closing, all at noon in London on working days.

Policy (domain, section 4): questions until 7 working days before closing, answers until 5 before.
"""

from __future__ import annotations

from datetime import datetime

from lots.proportionality import first_closing, policy_today
from marketplace import calendar


def questions_until(closes_at: datetime) -> datetime:
    """Until when bidders may ask, for this closing moment."""
    return _before(closes_at, policy_today().questions_cut_off_days)


def answers_due(closes_at: datetime) -> datetime:
    """Until when every question is to be answered, for this closing moment."""
    return _before(closes_at, policy_today().answers_due_days)


def _before(closes_at: datetime, working_days: int) -> datetime:
    day = calendar.add_working_days(calendar.day_of(closes_at), -working_days)
    return calendar.closing_moment(day)


def after_answer(moment: datetime) -> datetime:
    """The earliest closing that leaves bidders their time with an answer published at `moment`."""
    return _after(moment, policy_today().extension_days)


def after_material_change(moment: datetime) -> datetime:
    """The earliest closing that leaves bidders their time with a material change at `moment`."""
    return _after(moment, policy_today().material_change_days)


def _after(moment: datetime, working_days: int) -> datetime:
    """Never in the closed season, whose days do not count either."""
    return calendar.closing_moment(first_closing(calendar.day_of(moment), working_days, 0))
