"""One version of the market's rules, caps and windows, as a value that pure rules are given.

All figures are policy defaults (domain, section 4), not law: light-touch law sets no minimum
window. They are data with a version, which the framework team edits on screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lots.models import Lot
from lots.proportionality.vocabulary import Basis
from lots.vocabulary import Level, Route
from marketplace import calendar

# Undisputed invoices are paid within 30 days (Procurement Act 2023 s.68).
LAW_DAYS_TO_PAY = 30
# A voluntary organisation under £1m is paid within five working days (policy).
SMALL_DAYS_TO_PAY = 5
# Up to £10,000, net, one person approves a claim, unless the buyer says otherwise (policy).
ONE_APPROVES_PENCE = 10_000_00


@dataclass(frozen=True)
class Rule:
    """One rule as a version of the policy has it, its texts in the reader's language.

    `overridable`: the decider may open the lot against it with a reason, which is published.
    `needs_reason`: even as a flag it keeps the lot from opening until that reason is given.
    """

    code: str
    level: Level
    basis: Basis
    source: str
    why: str
    link: str = ""
    overridable: bool = False
    needs_reason: bool = False


@dataclass(frozen=True)
class Cap:
    """What may be asked of bidders for lots under `under_pence` (whole-life value with VAT)."""

    under_pence: int | None
    questions: int
    words: int
    route: Route | None = None


@dataclass(frozen=True)
class Policy:
    """One version: its numbers, caps in order, and rules by code.

    Windows and cut-offs are in working days where named `…_days`, in weeks or months where named
    so; percentages of turnover are of the yearly value, `low_price_percent` is how far below the
    net value a bidder explains its price, `most_outcome_percent` how much of the value may wait
    for outcomes; minutes are a bidder's. The closed season runs from
    one (month, day) to another, both inclusive, also across the turn of the year.
    """

    version: int
    valid_from: date
    least_window_days: int
    good_window_weeks: int
    good_window_weeks_short: int
    good_term_months: int
    good_mobilisation_weeks: int
    short_form_under_pence: int
    covered_from_pence: int
    season_from_month: int
    season_from_day: int
    season_to_month: int
    season_to_day: int
    questions_cut_off_days: int
    answers_due_days: int
    extension_days: int
    material_change_days: int
    correction_days: int
    turnover_flag_percent: int
    turnover_block_percent: int
    low_price_percent: int
    most_outcome_percent: int
    base_minutes: int
    minutes_per_question: int
    minutes_per_100_words: int
    minutes_per_document: int
    minutes_per_demand: int
    small_bid_hours: int
    hour_pence: int
    usual_bidders: int
    regime: str
    caps: tuple[Cap, ...]
    rules: Mapping[str, Rule]

    def cap_for(self, route: Route, gross_pence: int) -> Cap:
        """The cap for a lot of this route and whole-life value in pence: the first that fits."""
        return next(
            cap
            for cap in self.caps
            if cap.route in (None, route)
            and (cap.under_pence is None or gross_pence < cap.under_pence)
        )

    def is_short_form(self, lot: Lot) -> bool:
        """A grant, or a whole-life value under the short form's limit (domain, section 4)."""
        gross = lot.value_gross_pence
        under = gross is not None and gross < self.short_form_under_pence
        return lot.route == Route.GRANT or under

    def is_covered(self, lot: Lot) -> bool:
        """A contract of at least the light-touch threshold (Procurement Act 2023)."""
        return lot.route == Route.CONTRACT and (
            (lot.value_gross_pence or 0) >= self.covered_from_pence
        )

    def in_closed_season(self, day: date) -> bool:
        """Whether no lot closes on `day`, and it does not count towards a window."""
        place = (day.month, day.day)
        first = (self.season_from_month, self.season_from_day)
        last = (self.season_to_month, self.season_to_day)
        if first <= last:
            return first <= place <= last
        return place >= first or place <= last

    def window(self, opening: date, closing: date) -> tuple[int, int]:
        """(working days, days) bidders have: after the opening day up to and with the closing."""
        days = [opening + timedelta(days=n) for n in range(1, (closing - opening).days + 1)]
        counted = [day for day in days if not self.in_closed_season(day)]
        return sum(calendar.is_working_day(day) for day in counted), len(counted)

    def first_closing(self, opening: date, working_days: int, days: int) -> date:
        """The first day a lot may close that leaves so many working days and days."""
        day, worked, counted = opening, 0, 0
        while True:
            day += timedelta(days=1)
            if self.in_closed_season(day):
                continue
            counted += 1
            if not calendar.is_working_day(day):
                continue
            worked += 1
            if worked >= working_days and counted >= days:
                return day

    def good_window_days(self, lot: Lot) -> int:
        """The days a lot should be open, without those of the closed season."""
        short = self.is_short_form(lot)
        return 7 * (self.good_window_weeks_short if short else self.good_window_weeks)
