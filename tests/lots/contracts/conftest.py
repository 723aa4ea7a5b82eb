"""A contract with one person of each role on its sides."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from marketplace import events
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db
from tests.support.contracts import make_contract, make_live_contract
from tests.support.people import acting_as, make_organisation, make_person


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
