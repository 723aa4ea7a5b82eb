"""A bid's partners become the contract's, in the transaction that draws it up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from lots.contracts.models import Contract, ContractArea
from lots.contracts.partners.models import ContractAreaPartner, ContractPartner
from marketplace.database import db, new_id


@dataclass(frozen=True)
class PartnerShare:
    """What a bid promised a partner: `area_codes` as in `code_of`, pence net over the term."""

    organisation_id: UUID
    role: str
    area_codes: tuple[str, ...]
    promised_pence: int


def code_of(area: ContractArea) -> str:
    """An area's lasting code, as bids name it: "region" or "region:area"."""
    return f"{area.region_code}:{area.area_code}" if area.area_code else area.region_code


def add_partners(contract: Contract, shares: Sequence[PartnerShare]) -> list[ContractPartner]:
    """Write down the partners of a contract that is being drawn up."""
    found = []
    for share in shares:
        partner = ContractPartner(
            id=new_id(),
            contract_id=contract.id,
            organisation_id=share.organisation_id,
            role=share.role,
            promised_pence=share.promised_pence,
            joined_on=contract.starts_on,
        )
        partner.areas = [
            ContractAreaPartner(contract_area_id=area.id)
            for area in contract.areas
            if code_of(area) in share.area_codes
        ]
        found.append(partner)
    db.session.add_all(found)
    db.session.flush()
    return found
