"""The public directory: what it lists, what it says of each service, and what a page costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lots.contracts.models import ContractArea
from marketplace import clock
from marketplace.database import db, write
from marketplace.observations import EmptySearch
from referrals.lists import queries
from referrals.lists.tabs import Tab
from referrals.models import Referral
from referrals.services import directory
from referrals.services.directory import Directory
from referrals.services.searching import SIZE, Filters, search
from referrals.services.waits import Wait
from tests.support.contracts import make_contract, make_live_contract
from tests.support.lists import first_page
from tests.support.people import sign_in
from tests.support.referrals import finished_answers, send, started
from tests.support.statements import statements_sent


def found(number=1, **wanted):
    return search(Directory(), Filters(**wanted), number)


def ids(results):
    return {each.id for each in results.listings}


def change(area_id, **facts):
    with write():
        db.session.execute(update(ContractArea).where(ContractArea.id == area_id).values(**facts))


def test_need_and_area_narrow_the_list_and_neither_is_needed(house):
    surrey = make_live_contract(
        house.charity, buyer=house.region, area_codes=("surrey",), service_code="ete"
    )
    region = make_live_contract(house.charity, buyer=house.region, area_codes=(None,))
    women = make_live_contract(house.charity, buyer=house.region, service_code="womens-services")
    everything = {house.area_id} | {each.areas[0].id for each in (surrey, region, women)}
    assert ids(found()) == everything
    in_surrey = {surrey.areas[0].id, region.areas[0].id}
    assert ids(found(area="surrey")) == in_surrey
    assert ids(found(need="education-training-employment", area="surrey")) == {surrey.areas[0].id}
    assert ids(found(need="accommodation", area="kent")) == everything - {surrey.areas[0].id}
    assert ids(found(area="gwent")) == set()


@pytest.mark.parametrize(
    "facts",
    [
        {"opened_at": None},
        {"closed_at": "now"},
        {"starts_on": 1},
        {"ends_on": -1},
    ],
)
def test_only_services_that_take_referrals_today_are_listed(house, facts):
    make_contract(house.charity, house.region)
    assert ids(found()) == {house.area_id}
    moment, today = clock.now(), clock.today()
    for name, value in facts.items():
        if value == "now":
            value = moment
        elif isinstance(value, int):
            value = today + timedelta(days=value)
        change(house.area_id, **{name: value})
    assert ids(found()) == set()


def test_free_places_and_waiting_are_the_present_ones(house):
    for waiting in range(4):
        (listing,) = found().listings
        assert (listing.free_places, listing.waiting) == (max(0, 2 - waiting), max(0, waiting - 2))
        send(house.area_id, house.by.practitioner)


def test_the_wait_is_given_from_five_first_sessions_on(house):
    change(house.area_id, contracted_places=9, places=9)
    sent = [send(house.area_id, house.by.practitioner) for _ in range(5)]
    for days, referral in enumerate(sent, 3):
        assert found().listings[0].wait.median_days is None
        started(referral, house.by.caseworker)
        with write():
            db.session.execute(
                update(Referral)
                .where(Referral.id == referral.id)
                .values(sent_at=clock.now() - timedelta(days=days))
            )
    assert found().listings[0].wait == Wait(5)
    with write():
        db.session.execute(update(Referral).values(started_at=clock.now() - timedelta(days=91)))
    assert found().listings[0].wait == Wait(None)


def test_who_can_be_referred_comes_from_service_and_cohort(house):
    women = make_live_contract(
        house.charity, buyer=house.region, service_code="womens-services", cohort="18-25"
    )
    listing = directory.listing(women.areas[0].id)
    assert listing.women_only and listing.ages == (18, 25)
    assert not directory.listing(house.area_id).women_only


def test_a_search_that_finds_nothing_is_noted_without_a_person(house, client):
    page = client.show("/services?need=restorative-justice&area=gwent")
    assert "No service takes referrals for this today" in page.text
    noted = db.session.execute(select(EmptySearch.need, EmptySearch.area)).all()
    assert noted == [("restorative-justice", "gwent")]
    client.show("/services?need=accommodation&area=kent")
    assert len(db.session.execute(select(EmptySearch.id)).all()) == 1


@pytest.mark.parametrize(
    "query", ["need=nonsense", "area=%00", "page=-1", "page=99999999999", "page=x&need="]
)
def test_a_crafted_address_is_answered(house, client, query):
    assert client.get(f"/services?{query}").status_code == 200


KENT = ("kent", "surrey", "sussex")


def test_a_page_costs_the_same_statements_however_many_services_there_are(house, client):
    with statements_sent() as few:
        client.get("/services?need=accommodation")
    for _ in range(7):
        make_live_contract(house.charity, buyer=house.region, area_codes=KENT, places=1)
    with statements_sent() as many:
        page = client.show("/services?need=accommodation")
    assert len(many) == len(few)
    links = page.links()
    assert sum("Harbour Trust" in text for text in links) <= SIZE
    assert any(text.startswith("Next") for text in links)
    second = client.show("/services?need=accommodation&page=2")
    assert any(text.startswith("Previous") for text in second.links())
    assert not any(text.startswith("Next") for text in second.links())


def test_lists_of_cases_cost_the_same_statements_however_long(house, client):
    change(house.area_id, contracted_places=40, places=40)
    send(house.area_id, house.by.practitioner)
    for name, url in (("practitioner", "/my-cases"), ("manager", "/referrals")):
        sign_in(client, house.people[name])
        client.get(url)
        with statements_sent() as few:
            client.get(url)
        if name == "practitioner":
            for number in range(30):
                crn = {"crn": f"X{number:06}"}
                send(house.area_id, house.by.practitioner, finished_answers(crn=crn))
            with statements_sent() as many:
                client.get(url)
            assert len(many) == len(few)
    page = first_page(house.by.manager, Tab.NEW)
    assert len(page.rows) == queries.SIZE and page.after
