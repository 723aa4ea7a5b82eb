"""The check every draft passes before it opens: what is missing, and what asks too much.

Each finding names the page of the draft that puts it right, what to do, and the rule's source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import Flask, current_app, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from lots.models import Lot, LotArea
from lots.proportionality import policy
from lots.vocabulary import PriceBasis, Route, Task
from marketplace import calendar, clock
from marketplace.areas.queries import areas_on


class Level(StrEnum):
    """Whether a finding keeps the lot from opening."""

    BLOCKS = "blocks"
    FLAGS = "flags"


MARKET_POLICY = _l("Market policy, version %(version)s", version=policy.VERSION)
SPLIT_SOURCE = _l("Procurement Act 2023, section 18, for covered procurements; otherwise policy")


@dataclass(frozen=True)
class Finding:
    """One thing the check found: what, what to do instead, and the source of the rule.

    What is merely not filled in yet has no source.
    """

    task: Task
    level: Level
    text: Any
    instead: Any
    source: Any


def _missing(task: Task, text: Any, instead: Any = "") -> Finding:
    return Finding(task, Level.BLOCKS, text, instead, None)


def _policy(task: Task, level: Level, text: Any, instead: Any) -> Finding:
    return Finding(task, level, text, instead, MARKET_POLICY)


def findings(lot: Lot) -> list[Finding]:
    """Everything the check finds on a draft judged now, blocks and flags, in page order."""
    checks = (_service, _areas, _value, _criteria, _questions, _dates, *more_checks())
    return [finding for check in checks for finding in check(lot)]


def more_checks(app: Flask | None = None) -> list[Callable[[Lot], Iterable[Finding]]]:
    """What other rooms check of a draft besides, each registered by the room that knows."""
    return (app or current_app).extensions.setdefault("lot_checks", [])


def missing_to_publish(lot: Lot) -> list[str]:
    """The sentences that stand between a draft and its opening; empty where nothing does."""
    return _sentences(findings(lot))


def missing_to_plan(lot: Lot) -> list[str]:
    """What the public pipeline needs to know of a lot that will open later."""
    found = [*_service(lot), *_areas(lot), *_value(lot)]
    problems = _sentences(found)
    if lot.opens_on is None:
        problems.append(_("Say when you expect to open it for bids."))
    return problems


def _sentences(found: Iterable[Finding]) -> list[str]:
    blocking = (each for each in found if each.level is Level.BLOCKS)
    return [f"{each.text} {each.instead}".strip() for each in blocking]


def is_short_form(lot: Lot) -> bool:
    """A grant, or a whole-life value under £100,000 (domain, section 4)."""
    gross = lot.value_gross_pence
    under = gross is not None and gross < policy.SHORT_FORM_UNDER_PENCE
    return lot.route == Route.GRANT or under


def in_closed_season(day: date) -> bool:
    """From 20 December to 5 January no lot closes, and no day counts towards its window."""
    first, last = policy.CLOSED_SEASON
    return (day.month, day.day) >= first or (day.month, day.day) <= last


def window(opening: date, closing: date) -> tuple[int, int]:
    """(working days, days) bidders have: after the opening day up to and with the closing day."""
    days = [opening + timedelta(days=n) for n in range(1, (closing - opening).days + 1)]
    counted = [day for day in days if not in_closed_season(day)]
    return sum(calendar.is_working_day(day) for day in counted), len(counted)


def first_closing(opening: date, working_days: int, days: int) -> date:
    """The first day a lot may close that leaves so many working days and days after `opening`."""
    day = opening
    while True:
        day += timedelta(days=1)
        if in_closed_season(day) or not calendar.is_working_day(day):
            continue
        counted = window(opening, day)
        if counted[0] >= working_days and counted[1] >= days:
            return day


def _service(lot: Lot) -> Iterator[Finding]:
    if not lot.title.strip():
        yield _missing(Task.SERVICE, _("Give the lot a title."))
    if not lot.summary.strip():
        yield _missing(Task.SERVICE, _("Describe what is to be bought."))


def _areas(lot: Lot) -> Iterator[Finding]:
    if not lot.areas:
        yield _missing(Task.AREAS, _("Choose at least one area."))
    if any(not area.places for area in lot.areas):
        yield _missing(Task.AREAS, _("Enter the places to buy in each area."))
    if any(_gone(area) for area in lot.areas):
        yield _missing(
            Task.AREAS,
            _("An area of this lot is no longer in use."),
            _("Open the page, check the areas and save it."),
        )
    if _unsplit(lot.areas) and not lot.whole_region_reason.strip():
        yield Finding(
            Task.AREAS,
            Level.BLOCKS,
            _("The lot covers a whole region in one piece."),
            _("Split it by police and crime commissioner area, or give the reason to publish."),
            SPLIT_SOURCE,
        )


def _gone(area: LotArea) -> bool:
    """Areas move and merge: whether this one, in its region, is not in force today."""
    today = clock.today()
    known = g.setdefault("areas_in_force", {})
    if today not in known:
        known[today] = {(each.code, each.region_code) for each in areas_on(today)}
        known[today] |= {(None, region) for _code, region in known[today]}
    return (area.area_code, area.region_code) not in known[today]


def _unsplit(areas: list[LotArea]) -> bool:
    return any(area.area_code is None for area in areas)


def _value(lot: Lot) -> Iterator[Finding]:
    if not lot.value_net_pence or not lot.value_gross_pence:
        yield _missing(Task.VALUE, _("Enter the net value and the whole-life value with VAT."))
    if not lot.term_months:
        yield _missing(Task.VALUE, _("Enter the initial term in months."))
    elif lot.term_months < policy.GOOD_TERM_MONTHS and lot.route == Route.CONTRACT:
        yield _policy(
            Task.VALUE,
            Level.FLAGS,
            _("The initial term is under 3 years."),
            _("A longer term lets a small organisation keep its staff."),
        )
    if lot.price_basis == PriceBasis.PER_START and not lot.expected_starts:
        yield _missing(
            Task.VALUE, _("Enter how many people are expected to start over the initial term.")
        )
    if lot.route == Route.CONTRACT and not lot.contract_reason.strip():
        yield _policy(
            Task.VALUE,
            Level.BLOCKS,
            _("A contract needs a reason, which the lot’s page shows."),
            _("Give the reason, or choose a grant."),
        )


def _criteria(lot: Lot) -> Iterator[Finding]:
    if not lot.criteria:
        yield _missing(Task.CRITERIA, _("Add at least one criterion besides the price."))
    total = (lot.price_weight or 0) + sum(each.weight for each in lot.criteria)
    if lot.price_weight is None or total != 100:
        yield _missing(
            Task.CRITERIA,
            _("The weights, with the price’s, add up to %(total)s.", total=total),
            _("They must add up to 100."),
        )


def _questions(lot: Lot) -> Iterator[Finding]:
    if not lot.questions:
        yield _missing(Task.QUESTIONS, _("Add at least one question."))
        return
    asked = {question.criterion_id for question in lot.questions}
    for criterion in lot.criteria:
        if criterion.id not in asked:
            yield _missing(
                Task.QUESTIONS,
                _("No question asks about “%(criterion)s”.", criterion=criterion.name),
                _("Add one, or remove the criterion."),
            )
    if lot.value_gross_pence:
        yield from _caps(lot, policy.cap_for(lot.route, lot.value_gross_pence))


def _caps(lot: Lot, cap: policy.Cap) -> Iterator[Finding]:
    words = sum(question.word_limit for question in lot.questions)
    if len(lot.questions) > cap.questions:
        yield _policy(
            Task.QUESTIONS,
            Level.BLOCKS,
            _(
                "%(asked)s questions are too many for this value: at most %(most)s.",
                asked=len(lot.questions),
                most=cap.questions,
            ),
            _("Remove or join questions."),
        )
    if words > cap.words:
        yield _policy(
            Task.QUESTIONS,
            Level.BLOCKS,
            _(
                "The word limits add up to %(words)s, too many for this value: at most %(most)s.",
                words=f"{words:,}",
                most=f"{cap.words:,}",
            ),
            _("Lower the word limits."),
        )


def _dates(lot: Lot) -> Iterator[Finding]:
    if lot.closes_at is None:
        yield _missing(Task.DATES, _("Choose the closing day."))
    else:
        yield from _closing(lot, lot.closes_at)
    if lot.starts_on is None:
        yield _missing(Task.DATES, _("Say when the service should start."))
    elif lot.closes_at and lot.starts_on <= calendar.day_of(lot.closes_at):
        yield _missing(Task.DATES, _("The service must start after the closing day."))


def _closing(lot: Lot, closes_at: datetime) -> Iterator[Finding]:
    day = calendar.day_of(closes_at)
    if closes_at != calendar.closing_moment(day) or not calendar.is_working_day(day):
        yield _policy(
            Task.DATES,
            Level.BLOCKS,
            _("A lot closes at noon on a working day."),
            _("Choose a day that is not a weekend or a bank holiday anywhere in the UK."),
        )
    if in_closed_season(day):
        yield _policy(
            Task.DATES,
            Level.BLOCKS,
            _("No lot closes from 20 December to 5 January."),
            _("Choose a later day."),
        )
    yield from _window(lot, *window(clock.today(), day))


def _window(lot: Lot, working_days: int, days: int) -> Iterator[Finding]:
    good = policy.GOOD_WINDOW_DAYS
    if is_short_form(lot):
        good = policy.GOOD_WINDOW_DAYS_SHORT_FORM
    if working_days < policy.LEAST_WINDOW_WORKING_DAYS:
        yield _policy(
            Task.DATES,
            Level.BLOCKS,
            ngettext(
                "Opening today would leave bidders %(num)s working day; the least is %(least)s.",
                "Opening today would leave bidders %(num)s working days; the least is %(least)s.",
                working_days,
                least=policy.LEAST_WINDOW_WORKING_DAYS,
            ),
            _("Choose a later closing day."),
        )
    elif days < good:
        yield _policy(
            Task.DATES,
            Level.FLAGS,
            _("Opening today would leave bidders under %(weeks)s weeks.", weeks=good // 7),
            _("A later closing day gives small organisations time to find partners."),
        )
