"""Searching the directory: by need and area first, then by whom it is for and what it offers.

Every page costs the same number of statements, and each is bounded by the size of a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, or_, select

from lots.contracts.models import Contract, ContractArea
from lots.contracts.places import open_on
from marketplace.areas.models import Area
from marketplace.categories.models import Cohort
from marketplace.database import db
from referrals.eligibility import ADULT, OFFERS, offer_of
from referrals.services.directory import IN_ORDER, Directory, Listing, listings
from referrals.services.models import ServiceTrait

SIZE = 20
MOST_PAGES = 500
MOST_AGE = 120
COHORT = "cohort-"


@dataclass(frozen=True)
class Filters:
    """What is looked for; None and empty ask for nothing.

    `sex` and `age` are a person's: they leave what such a person can be referred to. `cohort`
    leaves what is made for that group. `traits` are `ServiceTrait`s, all of which must be there.
    """

    need: str | None = None
    area: str | None = None
    cohort: str | None = None
    sex: str | None = None
    age: int | None = None
    traits: tuple[str, ...] = ()

    @property
    def codes(self) -> list[str]:
        """What is looked for in a service beside need and area; nothing of a person."""
        made_for = [COHORT + self.cohort] if self.cohort else []
        return [*made_for, *self.traits]

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True)
class Results:
    """One page of the directory; `more` says whether another follows."""

    listings: Sequence[Listing]
    number: int
    more: bool


def search(directory: Directory, wanted: Filters, number: int) -> Results:
    """A page of the services that take referrals today, by region, area and id."""
    number = min(max(number, 1), MOST_PAGES)
    found = OFFERS.where(*open_on(directory.today)).order_by(*IN_ORDER)
    found = found.where(*_for_whom(directory, wanted))
    # Each asked for alone, by its key: no list of services is made that would have to be sorted.
    for trait in wanted.traits:
        found = found.where(
            exists().where(
                ServiceTrait.contract_area_id == ContractArea.id, ServiceTrait.trait == trait
            )
        )
    if wanted.area:
        found = _in_area(found, wanted.area, directory.today)
    rows = db.session.execute(found.limit(SIZE + 1).offset((number - 1) * SIZE)).all()
    offers = [offer_of(row) for row in rows[:SIZE]]
    return Results(listings(offers, directory), number, len(rows) > SIZE and number < MOST_PAGES)


def _for_whom(directory: Directory, wanted: Filters) -> list[Any]:
    conditions: list[Any] = []
    # Wrapped, so that no planner leaves the index that gives the page its order: it would sort
    # every service of the market for the twenty that are shown.
    service = func.coalesce(Contract.service_code, "")
    cohort = func.coalesce(ContractArea.cohort, "")
    if wanted.need:
        conditions.append(service.in_(directory.with_need(wanted.need)))
    if wanted.cohort:
        made_for = [
            code for code, each in directory.services.items() if each.cohort_code == wanted.cohort
        ]
        conditions.append(or_(service.in_(made_for), cohort == wanted.cohort))
    if wanted.sex or wanted.age is not None:
        shut = [code for code, group in directory.groups.items() if _shuts_out(group, wanted)]
        closed = [code for code, each in directory.services.items() if each.cohort_code in shut]
        conditions += [cohort.not_in(shut), service.not_in(closed)]
    if wanted.age is not None:
        conditions += [
            func.coalesce(Contract.min_age, ADULT) <= wanted.age,
            func.coalesce(Contract.max_age, MOST_AGE) >= wanted.age,
        ]
    return conditions


def _shuts_out(group: Cohort, wanted: Filters) -> bool:
    if wanted.sex and group.sex not in (None, wanted.sex):
        return True
    if wanted.age is None:
        return False
    return not (group.minimum_age or 0) <= wanted.age <= (group.maximum_age or MOST_AGE)


def _in_area(found: Select, area: str, today: date) -> Select:
    region = select(Area.region_code).where(Area.code == area, Area.in_force(today))
    return found.where(
        ContractArea.region_code == region.scalar_subquery(),
        or_(ContractArea.area_code == area, ContractArea.area_code.is_(None)),
    )
