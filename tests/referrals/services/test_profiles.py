"""What a provider says of its service: who may, what it is found by, and what is never shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.observations import EmptySearch
from marketplace.overtaken import Overtaken
from marketplace.permissions import NotYours, Refused
from referrals.services import profiles
from referrals.services.directory import Directory, listing
from referrals.services.models import Meeting
from referrals.services.profiles import Said
from referrals.services.searching import Filters, search
from referrals.services.unmet import unmet
from tests.support.contracts import make_live_contract
from tests.support.people import make_person, sign_in
from tests.support.services import describe


def found(**wanted):
    return {each.id for each in search(Directory(), Filters(**wanted), 1).listings}


def test_a_service_is_found_by_what_its_manager_says(house):
    other = make_live_contract(house.charity, buyer=house.region).areas[0].id
    describe(house.area_id, house.by.manager, "step_free", "reach_in", "language-cy")
    assert found(traits=("step_free",)) == {house.area_id}
    assert found(traits=("language-cy", "reach_in", "step_free")) == {house.area_id}
    assert found(traits=("step_free", "veterans")) == set()
    describe(house.area_id, house.by.manager, "veterans")
    assert found(traits=("step_free",)) == set()
    assert found() == {house.area_id, other}
    told = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "service:described"))
    assert [each.details["fields"] for each in told] == [["traits"], ["traits"]]


def test_sex_age_and_group_leave_what_a_person_can_be_referred_to(house):
    for_women = make_live_contract(
        house.charity, buyer=house.region, service_code="womens-services"
    )
    for_young = make_live_contract(house.charity, buyer=house.region, cohort="18-25")
    everybody = house.area_id
    women, young = for_women.areas[0].id, for_young.areas[0].id
    assert found(sex="male") == {everybody, young}
    assert found(sex="female") == {everybody, women, young}
    assert found(age=25) == {everybody, women, young}
    assert found(age=26, sex="male") == {everybody}
    assert found(cohort="18-25") == {young}
    assert found(cohort="women") == {women}


def test_only_those_who_deliver_describe_a_service(house):
    for by, refusal in (
        (house.by.rival, NotYours),
        (house.by.caseworker, Refused),
        (house.by.practitioner, Refused),
    ):
        with pytest.raises(refusal):
            describe(house.area_id, by, "step_free")
    assert profiles.profile_of(house.area_id) is None


def test_the_second_of_two_who_describe_at_once_is_told(house):
    was = profiles.seen(Said())
    describe(house.area_id, house.by.manager, "step_free")
    with pytest.raises(Overtaken), write():
        profiles.describe(house.area_id, Said(description="Mine"), was, house.by.manager)
    db.session.rollback()
    assert profiles.said_of(profiles.profile_of(house.area_id)).traits == ("step_free",)


SECRET = "14 Quiet Lane"


def test_a_withheld_address_is_kept_nowhere(house, client):
    sign_in(client, house.people["manager"])
    url = f"/our-services/{house.area_id}"
    address = {"address_line": SECRET, "town": "Dover", "postcode": "ct16 1aa"}
    said = {"meeting": "shown", "languages": ["en", "pl"], "description": "Tea & <b>talk</b> 🫖"}
    assert "is saved" in client.submit(url, "Save", **said, **address).page.text
    public = (f"/services/{house.area_id}", f"/services/compare?service={house.area_id}")
    data = f"/api/open-referral/services/{house.area_id}"
    for page in public:
        assert f"{SECRET}, Dover, CT16 1AA" in client.show(page).text
    assert "Tea & <b>talk</b> 🫖" in client.show(public[0]).text
    assert SECRET in client.get(data).text
    client.submit(url, "Save", meeting="withheld", **address)
    for page in (*public, data, url, "/services"):
        assert SECRET not in client.get(page).text
    assert "withheld" in client.show(public[0]).text
    profile = profiles.profile_of(house.area_id)
    assert (profile.meeting, profile.address_line) == (Meeting.WITHHELD, "")


def test_a_form_says_what_is_wrong_and_a_stale_one_shows_both(house, client):
    sign_in(client, house.people["manager"])
    url = f"/our-services/{house.area_id}"
    page = client.submit(url, "Save", meeting="shown", reach_in="HMP Example").page
    assert "Enter the building and street" in page.text
    assert "Tick “We go into prisons”" in page.text
    opened = client.show(url)
    describe(house.area_id, house.by.manager, description="Theirs", meeting=Meeting.NONE)
    answer = client.submit(opened, "Save", meeting="none", description="Mine")
    assert answer.status_code == 409
    assert "Theirs" in answer.page.text and "Mine" in answer.page.text


def test_a_next_start_that_has_passed_is_not_told(house):
    today = clock.today()
    describe(house.area_id, house.by.manager, next_start_on=today)
    assert listing(house.area_id).next_start == today
    describe(house.area_id, house.by.manager, next_start_on=today - timedelta(days=1))
    assert listing(house.area_id).next_start is None


def test_unmet_need_is_counted_by_need_area_and_month_and_names_nobody(house, client):
    query = "need=restorative-justice&area=gwent&age=30&sex=male&language=pl&access=step_free"
    for _ in range(2):
        client.show(f"/services?{query}")
    client.show("/services?need=accommodation&area=gwent&cohort=women")
    rows = db.session.execute(select(EmptySearch.need, EmptySearch.area, EmptySearch.wanted)).all()
    assert set(rows) == {
        ("restorative-justice", "gwent", "language-pl step_free"),
        ("accommodation", "gwent", "cohort-women"),
    }
    wales, kent = unmet("D"), unmet("K")
    assert (wales.total, kent.total) == (3, 0)
    assert wales.by_need[0] == ("restorative-justice", 2)
    assert wales.months[clock.today().replace(day=1)] == 3 and len(wales.months) == 12
    assert ("step_free", 2) in wales.wanted
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, house.region))
    assert "Every search found a service." in client.show("/unmet-need").text
    page = client.show("/unmet-need?region=D")
    for words in ("Restorative justice", "Gwent", "Polish", "Women"):
        assert words in page.text
    assert client.get("/unmet-need?region=%00").status_code == 200
