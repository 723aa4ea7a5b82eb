"""The public directory: which services are near, for whom, and how soon they can start.

Every page costs the same number of statements, and each is bounded by the size of a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from flask_babel import get_locale
from sqlalchemy import select

from lots.contracts.models import ContractArea
from lots.vocabulary import SENTENCE_STATUSES, SentenceStatus
from marketplace import clock
from marketplace.areas.queries import area_names, region_names
from marketplace.categories.models import Cohort, Service
from marketplace.categories.queries import category_names, cohorts, services
from marketplace.database import db
from marketplace.permissions import NotYours
from referrals.eligibility import ADULT, OFFERS, Offer, offer, offer_of
from referrals.services.models import ServiceProfile, ServiceResult
from referrals.services.traits import Trait, language_names, languages_of
from referrals.services.waits import NO_WAIT, Wait, waiting_for, waits

IN_ORDER = (ContractArea.region_code, ContractArea.area_code, ContractArea.id)


class Directory:
    """The names of everything a listing shows; each kind is read once, when first asked for."""

    def __init__(self) -> None:
        self.today = clock.today()

    @cached_property
    def areas(self) -> dict[str, str]:
        """The areas by code."""
        return area_names()

    @cached_property
    def regions(self) -> dict[str, str]:
        """The regions by code."""
        return region_names()

    @cached_property
    def needs(self) -> dict[str, str]:
        """The needs by code."""
        return category_names()

    @cached_property
    def services(self) -> dict[str, Service]:
        """Today's services by code."""
        return {each.code: each for each in services(self.today)}

    @cached_property
    def groups(self) -> dict[str, Cohort]:
        """Today's groups of people by code."""
        return {each.code: each for each in cohorts(self.today)}

    @cached_property
    def languages(self) -> dict[str, str]:
        """The languages that can be named, by code."""
        return language_names()

    def with_need(self, need: str) -> list[str]:
        """The codes of the services that meet a need."""
        return [code for code, each in self.services.items() if need in each.need_codes]


def directory_now() -> Directory:
    """The names of today in the reader's language, read once a request.

    Kept with the session, for a write begins without anything that was read before.
    """
    wanted = (clock.today(), str(get_locale()))
    kept: tuple[tuple[date, str], Directory] | None = db.session.info.get("directory")
    if kept is None or kept[0] != wanted:
        kept = db.session.info["directory"] = wanted, Directory()
    return kept[1]


@dataclass(frozen=True)
class Listing:
    """One service as the directory shows it."""

    offer: Offer
    directory: Directory
    waiting: int
    wait: Wait
    profile: ServiceProfile | None = None
    result: ServiceResult | None = None

    @property
    def id(self) -> UUID:
        """The id in its address."""
        return self.offer.contract_area_id

    @property
    def name(self) -> str:
        """What the service is called."""
        service = self.directory.services.get(self.offer.service_code)
        return service.label if service else self.offer.service_code

    @property
    def where(self) -> str:
        """The area, or the whole region."""
        area = self.offer.area_code
        names, code = (
            (self.directory.areas, area)
            if area
            else (self.directory.regions, self.offer.region_code)
        )
        return names.get(code, code)

    @property
    def region(self) -> str:
        """The region's name."""
        return self.directory.regions.get(self.offer.region_code, self.offer.region_code)

    @property
    def needs(self) -> list[str]:
        """The needs it meets, by name."""
        service = self.directory.services.get(self.offer.service_code)
        return (
            [self.directory.needs.get(code, code) for code in service.need_codes] if service else []
        )

    @property
    def groups(self) -> list[Cohort]:
        """The groups of people it is for; none where it is for every adult."""
        service = self.directory.services.get(self.offer.service_code)
        codes = (service.cohort_code if service else None, self.offer.cohort)
        found = [self.directory.groups[code] for code in codes if code in self.directory.groups]
        return list({group.code: group for group in found}.values())

    @property
    def women_only(self) -> bool:
        """Whether any of its groups is women."""
        return any(group.sex == "female" for group in self.groups)

    @property
    def ages(self) -> tuple[int, int | None]:
        """The youngest and the oldest age; None for no upper limit."""
        least = [self.offer.min_age, *(group.minimum_age for group in self.groups)]
        most = [self.offer.max_age, *(group.maximum_age for group in self.groups)]
        youngest = max(each for each in (ADULT, *least) if each is not None)
        return youngest, min((each for each in most if each is not None), default=None)

    @property
    def takes_prisoners(self) -> bool:
        """Whether somebody in prison can be referred."""
        return not self.offer.statuses or SentenceStatus.CUSTODY in self.offer.statuses

    @property
    def points(self) -> list[str]:
        """The points of a sentence at which people are taken; none named where all are."""
        return [SENTENCE_STATUSES[SentenceStatus(each)] for each in self.offer.statuses]

    @property
    def codes(self) -> set[str]:
        """Everything its provider ticked."""
        return self.profile.codes if self.profile else set()

    @property
    def languages(self) -> list[str]:
        """The languages spoken, by name."""
        names = self.directory.languages
        spoken = set(languages_of(self.codes))
        return [name for code, name in names.items() if code in spoken]

    def said_of(self, kind: Mapping[Trait, Any]) -> list[str]:
        """What is ticked of one kind, in its order."""
        return [label for trait, label in kind.items() if trait in self.codes]

    @property
    def next_start(self) -> date | None:
        """The next day on which somebody new can start, as its provider says; never a past one."""
        day = self.profile.next_start_on if self.profile else None
        return day if day and day >= self.directory.today else None

    @property
    def free_places(self) -> int:
        """How many people can start now."""
        return self.offer.free_places(self.directory.today)

    @property
    def paused_until(self) -> date | None:
        """The day on which a paused service takes people again."""
        return self.offer.paused_until if self.offer.is_paused(self.directory.today) else None


def listing(contract_area_id: UUID) -> Listing:
    """One service. Raises NotYours where it does not exist or never opened."""
    offered = offer(contract_area_id)
    if offered is None or offered.opened_at is None:
        raise NotYours()
    return listings([offered], directory_now())[0]


def listings_of(contract_area_ids: Sequence[UUID], directory: Directory) -> dict[UUID, str]:
    """Service and area in words, for each of these."""
    rows = db.session.execute(OFFERS.where(ContractArea.id.in_(contract_area_ids)))
    found = [Listing(offer_of(row), directory, 0, NO_WAIT) for row in rows]
    return {each.id: f"{each.name}, {each.where}" for each in found}


def described(
    conditions: Sequence[Any], directory: Directory, most: int, offset: int = 0
) -> list[Listing]:
    """The services under these conditions, by region, area and id."""
    rows = db.session.execute(
        OFFERS.where(*conditions).order_by(*IN_ORDER).limit(most).offset(offset)
    )
    return listings([offer_of(row) for row in rows], directory)


def listings(offers: Sequence[Offer], directory: Directory) -> list[Listing]:
    """These offers with everything the directory shows of them; five statements."""
    ids = [each.contract_area_id for each in offers]
    waiting, waited = waiting_for(ids), waits(ids)
    profiles = _by_area(ServiceProfile, ids)
    results = _by_area(ServiceResult, ids)
    return [
        Listing(
            each,
            directory,
            waiting.get(each.contract_area_id, 0),
            waited[each.contract_area_id],
            profiles.get(each.contract_area_id),
            results.get(each.contract_area_id),
        )
        for each in offers
    ]


def _by_area(model: Any, ids: Sequence[UUID]) -> dict[UUID, Any]:
    found = db.session.scalars(select(model).where(model.contract_area_id.in_(ids)))
    return {each.contract_area_id: each for each in found}
