"""Contracts with one person of each role on their sides; one that three organisations pay for."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from lots.contracts.books.funding import promise
from lots.contracts.changes.models import ContractShare
from lots.contracts.models import Contract
from lots.vocabulary import PriceBasis
from marketplace import events
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db
from tests.support.contracts import make_contract, make_live_contract
from tests.support.people import acting_as, make_organisation, make_person, written

VALUE = 36 * 1_000_00


@pytest.fixture
def sides(app):
    """The two organisations, and who acts for them, by role: `sides.director`, `sides.finance`…"""
    region = make_organisation(
        OrganisationKind.REGION, name="Kent, Surrey and Sussex", region_code="K"
    )
    charity = make_organisation(name="Harbour Trust")
    people = {
        role.value: make_person(role, organisation)
        for organisation, roles in (
            (region, [Role.DIRECTOR, Role.CONTRACT_MANAGER, Role.COMMISSIONING_OFFICER]),
            (charity, [Role.TRUSTEE, Role.SERVICE_MANAGER, Role.FINANCE]),
        )
        for role in roles
    }
    actors = {role: acting_as(person) for role, person in people.items()}
    return SimpleNamespace(region=region, charity=charity, people=people, **actors)


@pytest.fixture
def drafted(sides):
    """A contract waiting for its signatures."""
    return make_contract(sides.charity, sides.region)


@pytest.fixture
def live(sides):
    """A live contract with 20 places in Kent."""
    return make_live_contract(sides.charity, buyer=sides.region)


@pytest.fixture
def shared(sides):
    """36 months at £1,000 and 20% VAT: the region 50%, a PCC 30%, a prison's fund 20%."""
    contract = make_live_contract(
        sides.charity, buyer=sides.region, price_basis=PriceBasis.MONTHLY_FEE, price=1_000_00
    )
    pcc = make_organisation(OrganisationKind.PCC, name="Kent PCC", area_code="kent")
    fund = make_organisation(OrganisationKind.OTHER_BUYER, name="Garden Fund")
    with written():
        held = db.session.get_one(Contract, contract.id)
        held.vat_percent, held.value_pence = 20, VALUE
        for organisation, percent in ((sides.region, 50), (pcc, 30), (fund, 20)):
            pence = VALUE * percent // 100
            share = ContractShare(organisation_id=organisation.id, pence=pence)
            share.contract_id = held.id
            db.session.add(share)
        db.session.flush()
        promise(held, None)
    people = {
        "pcc": make_person(Role.COMMISSIONER_LEAD, pcc),
        "fund": make_person(Role.COMMISSIONER_LEAD, fund),
        "auditor": make_person(
            Role.AUDITOR, make_organisation(OrganisationKind.NATIONAL, name="Framework team")
        ),
    }
    return SimpleNamespace(
        id=contract.id,
        reference=contract.reference,
        pcc=pcc,
        fund=fund,
        people=people,
        pcc_lead=acting_as(people["pcc"]),
    )


@pytest.fixture
def heard(app, monkeypatch):
    """What was told to the floors above: a list of (happening, thing's id)."""
    told = []
    emit = events.emit

    def listening(happening, thing, by):
        told.append((happening, thing.id))
        emit(happening, thing, by)

    monkeypatch.setattr(events, "emit", listening)
    return told


@pytest.fixture
def again():
    """Read a row afresh: `again(Contract, id)`."""

    def read(model, row_id):
        db.session.expire_all()
        return db.session.get_one(model, row_id)

    return read
