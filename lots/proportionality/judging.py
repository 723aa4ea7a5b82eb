"""The check that every draft passes before it opens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from flask import Flask, current_app, g

from lots.models import Lot
from lots.proportionality import rules, structure, windows
from lots.proportionality.findings import Finding, Judged, held_to, overridden
from lots.proportionality.policy import Policy
from lots.proportionality.queries import policy_of, policy_today
from lots.vocabulary import TASKS
from marketplace.areas.queries import areas_on

Check = Callable[[Judged], Iterator[Finding]]

PLACE = {task: place for place, task in enumerate(TASKS)}


def more_checks(app: Flask | None = None) -> list[Callable[[Lot], Iterable[Finding]]]:
    """Checks that rooms beside this one add, each `check(lot)`; filled in their `register`."""
    return (app or current_app).extensions.setdefault("lot_checks", [])


def judged(lot: Lot) -> Judged:
    """The lot with what it is judged by."""
    day = windows.opening_day(lot)
    return Judged(lot, policy_of(lot), day, _areas_in_force(day))


def findings(lot: Lot) -> list[Finding]:
    """Everything the check finds, blocks and flags, in the order of the pages.

    A draft is judged as if opened today, or on the day approved; by the policy in force. A lot
    that has opened is judged for that day by the version it opened under.
    """
    facts = judged(lot)
    checks = (*structure.CHECKS, *rules.CHECKS, *windows.CHECKS)
    found = _held(_run(checks, facts), facts.policy)
    found += _held((each for check in more_checks() for each in check(lot)), facts.policy)
    return sorted((overridden(each, lot) for each in found), key=lambda each: PLACE[each.task])


def missing_to_publish(lot: Lot) -> list[str]:
    """The sentences that stand between a draft and its opening; empty where nothing does."""
    return _sentences(findings(lot))


def missing_to_plan(lot: Lot) -> list[str]:
    """What the public pipeline needs to know of a lot that will open later."""
    facts = judged(lot)
    found = _held(_run((*structure.TO_PLAN, rules.split, rules.route), facts), facts.policy)
    problems = _sentences([overridden(each, lot) for each in found])
    return [*problems, *structure.expected_opening(lot)]


def published_overrides(lot: Lot) -> list[Finding]:
    """What the lot's page tells of rules that its decider set aside, each with the override."""
    return [each for each in findings(lot) if each.override is not None] if lot.overrides else []


def is_short_form(lot: Lot) -> bool:
    """A grant, or a whole-life value under the limit, by the policy that the lot is judged by."""
    return policy_of(lot).is_short_form(lot)


def in_closed_season(day: date) -> bool:
    """Whether no lot closes on this day, by the policy in force."""
    return policy_today().in_closed_season(day)


def window(opening: date, closing: date) -> tuple[int, int]:
    """(working days, days) bidders have, by the policy in force."""
    return policy_today().window(opening, closing)


def first_closing(opening: date, working_days: int, days: int) -> date:
    """The first day a lot may close that leaves so much time, by the policy in force."""
    return policy_today().first_closing(opening, working_days, days)


def _run(checks: Iterable[Check], facts: Judged) -> Iterator[Finding]:
    for check in checks:
        yield from check(facts)


def _held(found: Iterable[Finding], policy: Policy) -> list[Finding]:
    return [held for each in found if (held := held_to(each, policy)) is not None]


def _sentences(found: Iterable[Finding]) -> list[str]:
    return [f"{each.text} {each.instead}".strip() for each in found if each.stands]


def _areas_in_force(day: date) -> frozenset[tuple[str | None, str]]:
    """Areas move and merge: those of one day as (area, region), and each whole region."""
    known = g.setdefault("areas_in_force", {})
    if day not in known:
        pairs = {(each.code, each.region_code) for each in areas_on(day)}
        known[day] = frozenset(pairs | {(None, region) for _code, region in pairs})
    return known[day]
