"""The lasting ids of a lot's awards and contracts, and what is said of them from the lots' side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from lots.contracts.models import Contract, ContractState
from lots.models import Lot
from lots.proportionality import policy_of
from lots.releases import parties as organisations
from lots.releases.models import Release
from lots.releases.values import first_moment, moment, value
from lots.vocabulary import Route, Source
from marketplace.calendar import end_of
from marketplace.database import db
from marketplace.organisations.models import Organisation

STATUS = {
    ContractState.DRAFTED: "pending",
    ContractState.ENDED: "terminated",
    ContractState.TERMINATED: "terminated",
}


def rounds(lot_id: UUID) -> int:
    """How many awards of a lot have been published: its last one's number."""
    tags = db.session.scalars(select(Release.tags).where(Release.lot_id == lot_id))
    return sum("award" in each for each in tags)


def award_id(lot: Lot, number: int) -> str:
    """The id of a lot's award of this number; a published award keeps its line's."""
    return lot.reference if lot.source == Source.PUBLISHED else f"{lot.reference}-A{number}"


def contract_id(lot: Lot, number: int) -> str:
    """The id of the contract that comes of an award, before and after it is signed."""
    return lot.reference if lot.source == Source.PUBLISHED else f"{lot.reference}-C{number}"


def supplier_of(contract: Contract) -> Organisation:
    """The lead provider."""
    return db.session.get_one(Organisation, contract.provider_id)


def contract_section(contract: Contract, lot: Lot, number: int) -> dict[str, Any]:
    """A contract as it stands; the award it comes of is the lot's award of this number."""
    status = STATUS.get(contract.state, "active")
    own = contract.source == Source.OWN
    return {
        "id": contract_id(lot, number),
        "awardID": award_id(lot, number),
        "title": lot.title,
        "status": status,
        "period": {
            "startDate": first_moment(contract.starts_on),
            "endDate": moment(end_of(contract.ends_on)),
        },
        "value": value(contract.value_pence),
        "dateSigned": moment(contract.signed_at),
        "aboveThreshold": policy_of(lot).is_covered(lot) if own and _is_contract(lot) else None,
        # Light touch contracts have no duty to set indicators (Procurement Act 2023 s.52).
        "noAgreedMetricsRationale": "Light touch contract" if own and _is_contract(lot) else None,
    }


def _is_contract(lot: Lot) -> bool:
    return lot.route == Route.CONTRACT


def award_section(contract: Contract, lot: Lot, number: int) -> dict[str, Any]:
    """The award that a contract comes of, as far as the contract knows it."""
    return {
        "id": award_id(lot, number),
        "suppliers": [organisations.reference(supplier_of(contract))],
        "relatedLots": [lot.reference],
    }
