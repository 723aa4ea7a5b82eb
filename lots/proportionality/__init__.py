"""Whether a lot asks for no more than it is worth: the rules, their numbers, and the burden."""

from __future__ import annotations

from flask import Flask

from lots.proportionality import (
    lifecycle,
    loading,
    override_views,
    panels,
    permissions,
    policy_views,
    quiz_views,
)
from lots.proportionality.burden import Burden, burden_of
from lots.proportionality.findings import Finding
from lots.proportionality.judging import (
    findings,
    first_closing,
    in_closed_season,
    is_short_form,
    missing_to_plan,
    missing_to_publish,
    more_checks,
    published_overrides,
    window,
)
from lots.proportionality.policy import Policy
from lots.proportionality.queries import policy_of, policy_today
from lots.proportionality.windows import opening_day
from lots.vocabulary import Level

__all__ = [
    "Burden",
    "Finding",
    "Level",
    "Policy",
    "burden_of",
    "findings",
    "first_closing",
    "in_closed_season",
    "is_short_form",
    "missing_to_plan",
    "missing_to_publish",
    "more_checks",
    "opening_day",
    "policy_of",
    "policy_today",
    "published_overrides",
    "window",
]


def register(app: Flask) -> None:
    """Add the policy's pages, command and steps, overrides, the meter and the quiz."""
    permissions.register(app)
    lifecycle.register(app)
    loading.register(app)
    override_views.register(app)
    policy_views.register(app)
    quiz_views.register(app)
    panels.register(app)
