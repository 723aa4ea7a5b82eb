"""Whether a lot asks for no more than it is worth: the rules, their numbers, and the burden."""

from __future__ import annotations

from lots.proportionality.rules import (
    Finding,
    Level,
    findings,
    first_closing,
    in_closed_season,
    is_short_form,
    missing_to_plan,
    missing_to_publish,
    more_checks,
    window,
)

__all__ = [
    "Finding",
    "Level",
    "findings",
    "first_closing",
    "in_closed_season",
    "is_short_form",
    "missing_to_plan",
    "missing_to_publish",
    "more_checks",
    "window",
]
