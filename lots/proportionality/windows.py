"""The rules on the time that bidders have (domain, section 4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from lots.models import Lot
from lots.proportionality.findings import Finding, Judged, broken
from lots.proportionality.vocabulary import RuleCode
from marketplace import calendar, clock
from marketplace.web.filters import shown_date


def opening_day(lot: Lot) -> date:
    """The day on which a lot opened, is approved to open, or could open at the earliest."""
    if lot.published_at is not None:
        return calendar.day_of(lot.published_at)
    today = clock.today()
    return max(today, calendar.day_of(lot.opens_at)) if lot.opens_at else today


def closing(judged: Judged) -> Iterator[Finding]:
    """When a lot closes, and how long after its opening."""
    closes_at = judged.lot.closes_at
    if closes_at is None:
        return
    day = calendar.day_of(closes_at)
    yield from _moment(judged, closes_at, day)
    yield from _window(judged, day)


def _moment(judged: Judged, closes_at: datetime, day: date) -> Iterator[Finding]:
    if closes_at != calendar.closing_moment(day) or not calendar.is_working_day(day):
        yield broken(
            RuleCode.CLOSING_TIME,
            _("A lot closes at noon on a working day."),
            _("Choose a day that is not a weekend or a bank holiday anywhere in the UK."),
        )
    if judged.policy.in_closed_season(day):
        policy = judged.policy
        # Any leap year will do: only the day and the month are shown.
        first = date(2024, policy.season_from_month, policy.season_from_day)
        last = date(2024, policy.season_to_month, policy.season_to_day)
        yield broken(
            RuleCode.CLOSED_SEASON,
            _(
                "No lot closes from %(first)s to %(last)s.",
                first=_day_and_month(first),
                last=_day_and_month(last),
            ),
            _("Choose a later day."),
            closed=1,
        )


def _day_and_month(day: date) -> str:
    return shown_date(day).rpartition(" ")[0]


def _window(judged: Judged, day: date) -> Iterator[Finding]:
    policy = judged.policy
    working_days, days = policy.window(judged.day, day)
    good = policy.good_window_days(judged.lot)
    if working_days < policy.least_window_days:
        yield broken(
            RuleCode.WINDOW_LEAST,
            ngettext(
                "Opening on %(day)s would leave bidders %(num)s working day; the least is "
                "%(least)s.",
                "Opening on %(day)s would leave bidders %(num)s working days; the least is "
                "%(least)s.",
                working_days,
                day=shown_date(judged.day),
                least=policy.least_window_days,
            ),
            _(
                "Close on %(day)s or later.",
                day=shown_date(policy.first_closing(judged.day, policy.least_window_days, 0)),
            ),
            working_days_short=policy.least_window_days - working_days,
        )
    elif days < good:
        yield broken(
            RuleCode.WINDOW_GOOD,
            _(
                "Opening on %(day)s would leave bidders under %(weeks)s weeks.",
                day=shown_date(judged.day),
                weeks=good // 7,
            ),
            _(
                "Close on %(day)s or later.",
                day=shown_date(policy.first_closing(judged.day, policy.least_window_days, good)),
            ),
            days_short=good - days,
        )


CHECKS = (closing,)
