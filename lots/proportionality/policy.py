"""The market's numbers for a proportionate competition, with their version.

All of them are policy defaults (domain, section 4), not law: light-touch law sets no minimum
window. Later they become rows that the framework team edits; the shape stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from lots.vocabulary import Route

VERSION = "2026-1"

LEAST_WINDOW_WORKING_DAYS = 15
GOOD_WINDOW_DAYS = 42
GOOD_WINDOW_DAYS_SHORT_FORM = 28
GOOD_TERM_MONTHS = 36
SHORT_FORM_UNDER_PENCE = 100_000_00
QUESTIONS_CUT_OFF_WORKING_DAYS = 7
# The closed season, as (month, day), both inclusive; it spans the turn of the year.
CLOSED_SEASON = ((12, 20), (1, 5))


@dataclass(frozen=True)
class Cap:
    """What may be asked of bidders for lots under `under_pence` (whole-life value with VAT)."""

    under_pence: int | None
    questions: int
    words: int
    route: Route | None = None


# The first row that fits is the one that holds.
CAPS = (
    Cap(30_000_00, 8, 1_500, Route.GRANT),
    Cap(100_000_00, 6, 3_000),
    Cap(663_540_00, 10, 5_000),
    Cap(None, 14, 10_000),
)


def cap_for(route: Route, gross_pence: int) -> Cap:
    """The cap on questions and words for a lot of this route and whole-life value in pence."""
    return next(
        cap
        for cap in CAPS
        if cap.route in (None, route) and (cap.under_pence is None or gross_pence < cap.under_pence)
    )
