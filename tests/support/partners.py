"""Partners of a contract, for tests of what stands on them."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from uuid import UUID

from flask import current_app
from sqlalchemy import update

from lots.contracts.changes.lifecycle import IN_FORCE
from lots.contracts.changes.models import ChangeKind
from lots.contracts.models import Contract
from lots.contracts.partners.models import ContractAreaPartner, ContractPartner
from marketplace import clock
from marketplace.database import db, new_id
from marketplace.organisations.models import Organisation
from tests.support.people import written


def add_partner(contract: Contract, organisation: Organisation, areas: Iterable[UUID]) -> UUID:
    """Have an organisation deliver in these areas of a contract; the id of its part."""
    with written():
        partner = ContractPartner(
            id=new_id(),
            contract_id=contract.id,
            organisation_id=organisation.id,
            role="Meets people where they live",
            promised_pence=0,
            joined_on=contract.starts_on,
        )
        partner.areas = [ContractAreaPartner(contract_area_id=each) for each in areas]
        db.session.add(partner)
        db.session.flush()
        return partner.id


def remove_partner(contract: Contract, partner_id: UUID) -> None:
    """Have a partner leave, as a signed change does; whoever listens is told."""
    with written():
        db.session.execute(
            update(ContractPartner)
            .where(ContractPartner.id == partner_id)
            .values(removed_at=clock.now())
        )
        change = SimpleNamespace(kind=ChangeKind.PARTNERS, contract_id=contract.id)
        for handler in current_app.extensions["events"][IN_FORCE]:
            if handler.__module__.startswith("referrals."):
                handler(change, None)
