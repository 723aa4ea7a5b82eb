"""The service a draft is sent to, as it stands at that moment; one statement, built once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, bindparam, exists, select

from lots.contracts.models import Contract, ContractArea
from marketplace.areas.models import Area
from marketplace.categories.models import Service, ServiceNeed
from marketplace.database import tables
from referrals.eligibility import OFFERS, Offer, offer_of
from referrals.models import Referral
from referrals.waiting import may_be_placed

_today: Any = bindparam("today", type_=Date)
_SERVICE_NOW = (
    OFFERS.add_columns(
        exists().where(Referral.contract_area_id == ContractArea.id, may_be_placed(_today)),
        select(Area.region_code)
        .where(Area.code == bindparam("area_code"), Area.in_force(_today))
        .scalar_subquery(),
        Service.cohort_code,
        ServiceNeed.category_code,
    )
    .outerjoin(Service, (Service.code == Contract.service_code) & Service.in_force(_today))
    .outerjoin(ServiceNeed, ServiceNeed.service_id == Service.id)
    .where(ContractArea.id == bindparam("contract_area_id"))
    .order_by(ServiceNeed.position)
)


@dataclass(frozen=True)
class ServiceNow:
    """A service as it stands now: what it offers and needs answered, for which groups of people.

    `regions` maps the area of the person to its region.
    """

    offer: Offer
    needs: list[str]
    groups: list[str]
    regions: dict[str, str]
    somebody_waits: bool


def service_now(contract_area_id: UUID, answers: dict[str, Any], today: date) -> ServiceNow | None:
    """The service as it stands now; None where there is none of this id."""
    area = answers.get("area", {}).get("area")
    wanted = {"contract_area_id": contract_area_id, "area_code": area, "today": today}
    rows = tables().execute(_SERVICE_NOW, wanted).all()
    if not rows:
        return None
    *offered, somebody_waits, region_code, group, _need = rows[0]
    groups = {each for each in (rows[0].cohort, group) if each is not None}
    return ServiceNow(
        offer=offer_of(offered),
        needs=[row.category_code for row in rows if row.category_code is not None],
        groups=sorted(groups),
        regions={} if region_code is None else {area: region_code},
        somebody_waits=somebody_waits,
    )
