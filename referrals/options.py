"""Where a case can go: services with a free place that meet all its needs and fit the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import ngettext
from sqlalchemy import or_, select

from lots.contracts import places
from lots.contracts.models import ContractArea
from marketplace.database import db
from referrals import custody
from referrals.eligibility import OFFERS, Offer, misfits, offer_of, regions_by_area, subject_again
from referrals.models import Referral, ReferralNeed
from referrals.services.directory import Listing, directory_now
from referrals.services.waits import NO_WAIT

MOST = 20
LOOKED_AT = 300


@dataclass(frozen=True)
class Option:
    """One service that could go on with the case."""

    id: UUID
    provider: str
    service: str
    where: str
    free_places: int

    @property
    def label(self) -> str:
        """Who, what and where."""
        return f"{self.provider}: {self.service}, {self.where}"

    @property
    def hint(self) -> str:
        """How many places are free there."""
        return ngettext("%(num)s free place", "%(num)s free places", self.free_places)


def options_for(referral: Referral, area_code: str | None = None) -> list[Option]:
    """At most twenty, the same kind of service first, then the most free places.

    In the area of the present service, or in `area_code` for somebody who moves there.
    """
    return [_option(each) for each in _fitting(referral, None, area_code)[:MOST]]


def fits(referral: Referral, contract_area_id: UUID, area_code: str | None = None) -> Offer | None:
    """The service as it stands now where it can go on with this case, a place being free."""
    found = _fitting(referral, contract_area_id, area_code)
    return found[0].offer if found else None


def _fitting(referral: Referral, only: UUID | None, area_code: str | None) -> list[Listing]:
    directory = directory_now()
    needs = set(
        db.session.scalars(
            select(ReferralNeed.need_code).where(ReferralNeed.referral_id == referral.id)
        )
    )
    subject = subject_again(referral)
    found = []
    release = custody.release_of(referral)
    for row in _near(referral, directory.today, only, area_code):
        each = Listing(offer_of(row), directory, 0, NO_WAIT)
        service = directory.services.get(each.offer.service_code)
        if service is None or not needs <= set(service.need_codes):
            continue
        # Somebody in prison takes no place before their day there has come.
        if custody.reserve_from(release, each.offer, directory.today) is not None:
            continue
        if not misfits(each.offer, each.groups, subject, directory.today):
            found.append(each)
    return sorted(
        found,
        key=lambda each: (
            each.offer.service_code != referral.service_code,
            -each.free_places,
            each.name,
            str(each.id),
        ),
    )


def _near(referral: Referral, today: date, only: UUID | None, area_code: str | None) -> Sequence:
    """Services of the same area that take people and have a place; one statement."""
    here = db.session.get_one(ContractArea, referral.contract_area_id)
    area, region = here.area_code, here.region_code
    if area_code is not None:
        area, region = area_code, regions_by_area(today).get(area_code, here.region_code)
    wanted = OFFERS.where(
        *places.takes_people(today),
        ContractArea.reserved < ContractArea.places,
        ContractArea.id != here.id,
        ContractArea.region_code == region,
    )
    if area is not None:
        wanted = wanted.where(or_(ContractArea.area_code == area, ContractArea.area_code.is_(None)))
    if only is not None:
        wanted = wanted.where(ContractArea.id == only)
    return db.session.execute(wanted.order_by(ContractArea.id).limit(LOOKED_AT)).all()


def _option(each: Listing) -> Option:
    return Option(each.id, each.offer.provider_name, each.name, each.where, each.free_places)
