"""Practitioners hear what became of the services of their region, and of places nobody uses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from lots.contracts import places
from lots.contracts.models import ContractArea, PauseReason
from marketplace import clock
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, write
from referrals.bulletins import actions, queries
from referrals.bulletins.models import BulletinKind
from tests.support.continuity import end_contract
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_organisation, make_person, sign_in
from tests.support.referrals import send


@pytest.fixture
def elsewhere():
    region = make_organisation(OrganisationKind.REGION, region_code="L")
    return acting_as(make_person(Role.PRACTITIONER, region), region)


def kinds(by):
    return [each.bulletin.kind for each in queries.bulletins(by).news]


def test_news_of_a_region_is_read_there_and_in_prisons(house, elsewhere):
    manager = house.by.manager
    day = clock.today() + timedelta(days=9)
    with write():
        places.set_places(house.area_id, 1, manager)
    with write():
        places.pause(house.area_id, day, PauseReason.STAFFING, manager)
    with write():
        places.resume(house.area_id, manager)

    told = {BulletinKind.RESUMED, BulletinKind.PAUSED, BulletinKind.CHANGED}
    for reader in (house.by.practitioner, house.by.prison_practitioner):
        assert told <= set(kinds(reader))
        assert queries.unread(reader) >= 3
    assert kinds(elsewhere) == []
    with write():
        actions.mark_read(house.by.practitioner)
    assert queries.unread(house.by.practitioner) == 0
    assert queries.unread(house.by.colleague) >= 3, "each reads for themselves"


def test_the_page_and_the_button(house, client):
    with write():
        day = clock.today() + timedelta(days=9)
        places.pause(house.area_id, day, PauseReason.STAFFING, house.by.manager)
    sign_in(client, house.people["practitioner"])
    assert "Paused, takes people again on" in client.show("/service-news").text
    page = client.submit("/service-news", button="Mark all as read").page
    assert "All news is marked as read" in page.text
    assert queries.unread(house.by.practitioner) == 0


def test_places_are_unused_after_four_weeks_in_which_nobody_came(house, elsewhere):
    def opened(moment):
        with write():
            db.session.execute(update(ContractArea).values(opened_at=moment))

    def unused(by):
        db.session.expire_all()
        return [each.id for each in queries.unused(by)]

    opened(clock.now())
    assert unused(house.by.practitioner) == []
    opened(clock.now() - queries.UNUSED - timedelta(days=1))
    assert unused(house.by.practitioner) == [house.area_id]
    assert unused(elsewhere) == []
    send(house.area_id, house.by.practitioner)
    assert unused(house.by.practitioner) == []


def test_where_one_service_ends_the_others_are_named(house):
    other = make_live_contract(make_organisation(), buyer=house.region, places=3)
    assert queries.bulletins(house.by.practitioner).unaffected == []
    manager, director = (
        acting_as(make_person(role, house.region), house.region)
        for role in (Role.CONTRACT_MANAGER, Role.DIRECTOR)
    )
    end_contract(house.contract.id, manager, director)
    told = queries.bulletins(house.by.practitioner)
    assert told.news[0].bulletin.kind == BulletinKind.ENDING
    assert [each.id for each in told.unaffected] == [other.areas[0].id]
