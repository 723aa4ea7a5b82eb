"""A live service in Kent with two places, and people on both sides of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from lots.contracts.models import ContractArea
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_organisation, make_person


@pytest.fixture
def house(app):
    """`house.area_id` is the service; people by role, `house.by.practitioner` as they act."""
    region = make_organisation(
        OrganisationKind.REGION, name="Kent, Surrey and Sussex", region_code="K"
    )
    charity = make_organisation(name="Harbour Trust", contact_email="in@harbour.example")
    prison = make_organisation(OrganisationKind.PRISON, name="HMP Example")
    people = {
        "practitioner": make_person(Role.PRACTITIONER, region),
        "colleague": make_person(Role.PRACTITIONER, region),
        "team_manager": make_person(Role.TEAM_MANAGER, region),
        "manager": make_person(Role.SERVICE_MANAGER, charity),
        "caseworker": make_person(Role.CASEWORKER, charity),
        "second_caseworker": make_person(Role.CASEWORKER, charity),
        "rival": make_person(Role.SERVICE_MANAGER),
        "stranger": make_person(Role.PRACTITIONER),
        "prison_practitioner": make_person(Role.PRISON_PRACTITIONER, prison),
    }
    contract = make_live_contract(charity, buyer=region, places=2)
    return SimpleNamespace(
        region=region,
        charity=charity,
        contract=contract,
        area_id=contract.areas[0].id,
        people=people,
        by=SimpleNamespace(**{name: acting_as(person) for name, person in people.items()}),
    )


@pytest.fixture
def reserved(house):
    """How many places of the service are taken now: `reserved()`."""

    def read() -> int:
        db.session.expire_all()
        return db.session.get_one(ContractArea, house.area_id).reserved

    return read
