"""The services to choose from: those open where the person is, with free places and needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from marketplace.categories.queries import category_names, services
from marketplace.database import db
from referrals.drafts.queries import open_services
from referrals.eligibility import Offer
from referrals.models import ReferralNeed


@dataclass(frozen=True)
class Choice:
    """A service that can be chosen; `needs` are those it meets, by name."""

    offer: Offer
    name: str
    needs: list[str]
    free_places: int

    @property
    def id(self) -> UUID:
        """The service's own id."""
        return self.offer.contract_area_id


def choices(area: str | None, but: Sequence[UUID], today: date) -> list[Choice]:
    """What takes referrals from an area today, without `but`; a constant number of statements."""
    offers = open_services(area, but, today)
    bought = {each.code: each for each in services(today)} if offers else {}
    names = category_names() if offers else {}
    found = []
    for each in offers:
        service = bought.get(each.service_code)
        needs = [names.get(code, code) for code in service.need_codes] if service else []
        name = service.label if service else each.service_code
        found.append(Choice(each, name, needs, each.free_places(today)))
    return found


def needs_of(referral_id: UUID, names: Mapping[str, str]) -> list[str]:
    """The needs a referral names, in words."""
    codes = select(ReferralNeed.need_code).where(ReferralNeed.referral_id == referral_id)
    return [names.get(code, code) for code in db.session.scalars(codes)]
