"""A contract with books: two who pay, a claim owed, and something to give back to a funder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from lots.contracts.books.models import Contribution, ContributionState
from lots.contracts.books.owing import came_back, owe
from lots.contracts.changes.models import ContractShare
from lots.contracts.models import Contract
from marketplace import clock
from marketplace.database import db, new_id, write
from marketplace.payments.actions import Cause
from tests.support.contracts import make_live_contract

if TYPE_CHECKING:
    from tests.support.world import World


def add_to(world: World) -> None:
    """Kent, Surrey and Sussex buys of Harbour Trust, and the PCC of Kent pays a third."""
    provider, region = world.people["trustee"][1], world.people["director"][1]
    pcc = world.people["pcc decision maker"][1]
    made = make_live_contract(provider, buyer=region, service_code="ete")
    with write():
        for organisation, pence in ((region, 200_00), (pcc, 100_00)):
            share = ContractShare(organisation_id=organisation.id, pence=pence)
            share.contract_id = made.id
            db.session.add(share)
        contract = db.session.get_one(Contract, made.id)
        owe(
            contract,
            Cause("claim:approved", new_id()),
            net=900_00,
            vat=0,
            owed_from=clock.today(),
            about=contract.reference,
            by=None,
        )
        came_back(contract, Cause("grant:returned", new_id()), 90_00, None)
    part = db.session.scalars(
        select(Contribution).where(Contribution.state == ContributionState.TO_GIVE_BACK)
    ).one()
    world.things["contract in the books"] = {"contract_id": made.id, "contribution_id": part.id}
    world.things["provider in the books"] = {"organisation_id": provider.id}
    world.things["funder in the books"] = {"organisation_id": pcc.id}
