"""A contract in two areas whose Kent service is about to stop, and a service next door."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from lots.contracts.models import Contract, ContractArea
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db
from referrals.teams import actions as teams
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_organisation, make_person, written


@pytest.fixture
def house(app):
    """`house.by.manager` as the buyer's contract manager acts, and so on by role."""
    region = make_organisation(OrganisationKind.REGION, region_code="K")
    charity = make_organisation(name="Harbour Trust", contact_email="in@harbour.example")
    neighbour = make_organisation(name="Lantern House", contact_email="in@lantern.example")
    people = {
        "manager": make_person(Role.CONTRACT_MANAGER, region),
        "director": make_person(Role.DIRECTOR, region),
        "practitioner": make_person(Role.PRACTITIONER, region),
        "colleague": make_person(Role.PRACTITIONER, region),
        "team_manager": make_person(Role.TEAM_MANAGER, region),
        "caseworker": make_person(Role.CASEWORKER, charity),
        "service_manager": make_person(Role.SERVICE_MANAGER, charity),
        "trustee": make_person(Role.TRUSTEE, charity),
        "neighbour": make_person(Role.CASEWORKER, neighbour),
    }
    by = SimpleNamespace(**{name: acting_as(person) for name, person in people.items()})
    with written():
        teams.choose("east-kent", by.team_manager)
        colleague = teams.choose("east-kent", by.colleague)
        teams.confirm(colleague.id, "east-kent", by.team_manager)
    contract = make_live_contract(charity, buyer=region, places=4, area_codes=("kent", "sussex"))
    kent, sussex = (
        next(each.id for each in contract.areas if each.area_code == code)
        for code in ("kent", "sussex")
    )
    elsewhere = make_live_contract(neighbour, buyer=region, places=2)
    return SimpleNamespace(
        people=people,
        by=by,
        contract=contract,
        kent=kent,
        sussex=sussex,
        elsewhere=elsewhere.areas[0].id,
        neighbour=neighbour,
        region=region,
        charity=charity,
        area=lambda area_id: db.session.get_one(ContractArea, area_id, populate_existing=True),
        contract_now=lambda: db.session.get_one(Contract, contract.id, populate_existing=True),
    )
