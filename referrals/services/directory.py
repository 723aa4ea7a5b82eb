"""The public directory: which services are near, for whom, and how soon they can start.

Every page costs the same number of statements, and each is bounded by the size of a page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from statistics import median
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from lots.contracts.models import Contract, ContractArea
from marketplace import clock
from marketplace.areas.models import Area
from marketplace.areas.queries import area_names, region_names
from marketplace.categories.models import Cohort, Service
from marketplace.categories.queries import category_names, cohorts, services
from marketplace.database import db
from marketplace.permissions import NotYours
from referrals.codes import ReferralState
from referrals.eligibility import OFFERS, Offer, offer, offer_of
from referrals.models import Referral

SIZE = 20
MOST_PAGES = 500
WAIT_DAYS = timedelta(days=90)
FEWEST_FIRST_SESSIONS = 5


class Directory:
    """The names of everything a listing shows; each kind is read once, when first asked for."""

    def __init__(self) -> None:
        self.today = clock.today()
        self.areas = area_names()
        self.regions = region_names()
        self.needs = category_names()

    @cached_property
    def services(self) -> dict[str, Service]:
        """Today's services by code."""
        return {each.code: each for each in services(self.today)}

    @cached_property
    def groups(self) -> dict[str, Cohort]:
        """Today's groups of people by code."""
        return {each.code: each for each in cohorts(self.today)}

    def with_need(self, need: str) -> list[str]:
        """The codes of the services that meet a need."""
        return [code for code, each in self.services.items() if need in each.need_codes]


@dataclass(frozen=True)
class Wait:
    """How long people waited from sending to the first attended meeting, in the last 90 days."""

    first_sessions: int
    median_days: int | None


@dataclass(frozen=True)
class Listing:
    """One service as the directory shows it."""

    offer: Offer
    directory: Directory
    waiting: int
    wait: Wait

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
        youngest = max((group.minimum_age or 18 for group in self.groups), default=18)
        oldest = [group.maximum_age for group in self.groups if group.maximum_age is not None]
        return youngest, min(oldest, default=None)

    @property
    def free_places(self) -> int:
        """How many people can start now."""
        return self.offer.free_places(self.directory.today)

    @property
    def paused_until(self) -> date | None:
        """The day on which a paused service takes people again."""
        return self.offer.paused_until if self.offer.is_paused(self.directory.today) else None


@dataclass(frozen=True)
class Results:
    """One page of the directory; `more` says whether another follows."""

    listings: Sequence[Listing]
    number: int
    more: bool


def search(directory: Directory, need: str | None, area: str | None, number: int) -> Results:
    """A page of the services that take referrals today, by region, area and id."""
    number = min(max(number, 1), MOST_PAGES)
    found = OFFERS.where(*_open_on(directory.today)).order_by(
        ContractArea.region_code, ContractArea.area_code, ContractArea.id
    )
    if need:
        # Wrapped, so that no planner leaves the index that gives the page its order: it would sort
        # every service of the market for the twenty that are shown.
        wrapped = func.coalesce(Contract.service_code, "")
        found = found.where(wrapped.in_(directory.with_need(need)))
    if area:
        found = _in_area(found, area, directory.today)
    rows = db.session.execute(found.limit(SIZE + 1).offset((number - 1) * SIZE)).all()
    offers = [offer_of(row) for row in rows[:SIZE]]
    return Results(_listings(directory, offers), number, len(rows) > SIZE and number < MOST_PAGES)


def listing(contract_area_id: UUID) -> Listing:
    """One service. Raises NotYours where it does not exist or never opened."""
    offered = offer(contract_area_id)
    if offered is None or offered.opened_at is None:
        raise NotYours()
    return _listings(Directory(), [offered])[0]


def listings_of(contract_area_ids: Sequence[UUID], directory: Directory) -> dict[UUID, str]:
    """Service and area in words, for each of these."""
    rows = db.session.execute(OFFERS.where(ContractArea.id.in_(contract_area_ids)))
    none = Wait(0, None)
    found = [Listing(offer_of(row), directory, 0, none) for row in rows]
    return {each.id: f"{each.name}, {each.where}" for each in found}


def _open_on(today: date) -> list:
    return [
        ContractArea.opened_at.is_not(None),
        ContractArea.stopped_at.is_(None),
        ContractArea.closed_at.is_(None),
        ContractArea.starts_on <= today,
        ContractArea.ends_on >= today,
    ]


def _in_area(found: Select, area: str, today: date) -> Select:
    region = select(Area.region_code).where(Area.code == area, Area.in_force(today))
    return found.where(
        ContractArea.region_code == region.scalar_subquery(),
        or_(ContractArea.area_code == area, ContractArea.area_code.is_(None)),
    )


def _listings(directory: Directory, offers: Sequence[Offer]) -> list[Listing]:
    ids = [each.contract_area_id for each in offers]
    waiting = _waiting(ids)
    waits = _waits(ids)
    return [
        Listing(
            each, directory, waiting.get(each.contract_area_id, 0), waits[each.contract_area_id]
        )
        for each in offers
    ]


def _waiting(contract_area_ids: Sequence[UUID]) -> dict[UUID, int]:
    counted = (
        select(Referral.contract_area_id, func.count())
        .where(
            Referral.contract_area_id.in_(contract_area_ids),
            Referral.state == ReferralState.WAITING,
        )
        .group_by(Referral.contract_area_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


def _waits(contract_area_ids: Sequence[UUID]) -> dict[UUID, Wait]:
    rows = db.session.execute(
        select(Referral.contract_area_id, Referral.sent_at, Referral.started_at).where(
            Referral.contract_area_id.in_(contract_area_ids),
            Referral.started_at > clock.now() - WAIT_DAYS,
        )
    )
    days: dict[UUID, list[int]] = defaultdict(list)
    for contract_area_id, sent_at, started_at in rows:
        if started_at is not None:
            days[contract_area_id].append(max(0, (started_at - sent_at).days))
    return {each: _wait(days[each]) for each in contract_area_ids}


def _wait(days: list[int]) -> Wait:
    enough = len(days) >= FEWEST_FIRST_SESSIONS
    return Wait(len(days), round(median(days)) if enough else None)
