"""The lots of the demonstration, drafted and published by its people at the time it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lots import actions, proportionality
from lots.demonstration.data import CRITERIA, LOTS, PRICE_WEIGHT, QUESTIONS, Tells, Told
from lots.drafting import actions as drafting
from lots.drafting import drafts
from lots.models import Lot
from lots.vocabulary import Task, TieRule
from marketplace import calendar, clock
from marketplace.acting import Acting, OrganisationKind, Role
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, moment_of, on_the_day, organisation

ONE_DAY = timedelta(days=1)
DRAFTED_BEFORE_CLOSING = 75
PUBLISHED_BEFORE_CLOSING = 60
STARTS_AFTER_CLOSING = timedelta(days=45)


def find(key: str) -> Lot | None:
    """The lot of this key, None where it has not been told yet."""
    told = told_of(key)
    buyer = organisation(told.buyer)
    return db.session.scalars(
        select(Lot).where(Lot.lead_buyer_id == buyer.id, Lot.title == told.title)
    ).one_or_none()


def told_of(key: str) -> Told:
    """What the data says of a lot."""
    return next(each for each in LOTS if each.key == key)


def closing_day(days: int) -> date:
    """A day on which a lot may close, so many days from today: not earlier, or in the past not
    later."""
    day = clock.today() + timedelta(days=days)
    step = ONE_DAY if days >= 0 else -ONE_DAY
    while proportionality.in_closed_season(day) or not calendar.is_working_day(day):
        day += step
    return day


def drafter(told: Told) -> Acting:
    """Who drafts for this lot's buyer."""
    return acting_for(told.buyer, _role(told, Role.COMMISSIONING_OFFICER, Role.COMMISSIONER_LEAD))


def decider(told: Told) -> Acting:
    """Who decides for this lot's buyer."""
    return acting_for(told.buyer, _role(told, Role.DIRECTOR, Role.DECISION_MAKER))


def _role(told: Told, of_region: Role, of_others: Role) -> Role:
    kind = organisation(told.buyer).kind
    return of_region if kind == OrganisationKind.REGION else of_others


def build() -> None:
    """Tell every lot that is not there yet, each in one write."""
    for told in LOTS:
        with write():
            if find(told.key) is None:
                _tell(told)


def _tell(told: Told) -> None:
    closes_on = closing_day(told.closes_in)
    drafted, published = _told_moments(told, closes_on)
    today = clock.today()
    officer, director = drafter(told), decider(told)
    with on_the_day(drafted):
        lot_id = _draft(told, closes_on, today, officer)
        if told.tells is Tells.PLANNED:
            actions.plan_lot(lot_id, officer)
    if told.tells is Tells.PUBLISHED:
        with on_the_day(published):
            actions.publish_lot(lot_id, director)


def _told_moments(told: Told, closes_on: date) -> tuple[datetime, datetime]:
    """When the lot was drafted, and when it was published."""
    if told.tells is not Tells.PUBLISHED:
        drafted = moment_of(clock.today() - timedelta(days=4))
        return drafted, drafted
    published = closes_on - timedelta(days=PUBLISHED_BEFORE_CLOSING)
    if told.published_in is not None:
        published = clock.today() + timedelta(days=told.published_in)
    earlier = timedelta(days=DRAFTED_BEFORE_CLOSING - PUBLISHED_BEFORE_CLOSING)
    return moment_of(published - earlier), moment_of(published)


def _draft(told: Told, closes_on: date, today: date, officer: Acting) -> UUID:
    lot = drafting.start_draft(told.title, told.service, officer)
    pages = _pages(told, closes_on, today)
    if told.tells is Tells.BEGUN:
        pages = {Task.VALUE: pages[Task.VALUE]}
    for task, values in pages.items():
        seen = drafts.fingerprint(drafts.values_of(lot, task))
        drafting.save_page(lot.id, task, values, seen, officer)
    if told.tells is not Tells.BEGUN:
        for text, guidance, words, index in QUESTIONS:
            criterion_id = lot.criteria[index].id
            asked = {"text": text, "guidance": guidance, "word_limit": words}
            drafting.add_question(lot.id, asked | {"criterion_id": criterion_id}, officer)
    return lot.id


def _pages(told: Told, closes_on: date, today: date) -> dict[Task, dict[str, Any]]:
    planned = told.tells is Tells.PLANNED
    return {
        Task.SERVICE: {
            "title": told.title,
            "summary": told.summary,
            "service_code": told.service,
            "cohort": told.cohort,
            "min_age": None,
            "max_age": None,
        },
        Task.AREAS: {
            "whole_region_reason": told.whole_region_reason,
            "areas": list(told.areas),
        },
        Task.VALUE: told.values,
        Task.CRITERIA: {
            "price_weight": PRICE_WEIGHT,
            "tie_rule": TieRule.HIGHER_QUALITY,
            "criteria": CRITERIA,
        },
        Task.DATES: {
            "opens_on": today + timedelta(days=30) if planned else None,
            "closes_at": calendar.closing_moment(closes_on),
            "starts_on": closes_on + STARTS_AFTER_CLOSING,
        },
    }


def each_found(tell: Callable[[Told, Lot], None], *keys: str) -> None:
    """Have `tell(told, lot)` go on with each of these lots, in a write of its own."""
    for key in keys:
        with write():
            lot = find(key)
            if lot is not None:
                tell(told_of(key), lot)
