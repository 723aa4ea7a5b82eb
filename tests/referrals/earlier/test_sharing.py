"""An earlier assessment reaches the next provider only through its practitioner's decision."""

from __future__ import annotations

import pytest

from marketplace.acting import Role
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours
from referrals.answering import actions as answering
from referrals.codes import DeclineReason
from referrals.earlier.actions import decide
from referrals.earlier.models import LawfulBasis
from referrals.earlier.queries import offered_for, shared_with
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_organisation, make_person, sign_in
from tests.support.referrals import finished_answers, send, started


@pytest.fixture
def cases(house):
    """An assessed case with the first provider, and a new one of the same person with another."""
    earlier = started(send(house.area_id, house.by.practitioner), house.by.caseworker)
    other = make_organisation(name="Second Chance Trust", contact_email="in@second.example")
    area_id = make_live_contract(other, buyer=house.region, places=2).areas[0].id
    house.people["next"] = make_person(Role.CASEWORKER, other)
    house.by.next = acting_as(house.people["next"])
    return earlier, send(area_id, house.by.practitioner), area_id


def test_it_is_offered_with_who_made_it_and_read_once_confirmed(house, cases, client):
    _earlier, new, _area_id = cases
    sign_in(client, house.people["practitioner"])
    page = client.show(f"/cases/{new.id}")
    assert "assessed before" in page.text
    url = f"/cases/{new.id}/earlier-assessment/share"
    page = client.show(url)
    assert "Harbour Trust" in page.text and house.people["caseworker"].name in page.text
    (chosen,) = page.form("Save").choices("assessment") - {"none"}
    refused = client.submit(page, "Save", assessment=chosen).page
    assert "There is a problem" in refused.text
    assert "Select why sharing it is lawful" in refused.text
    client.submit(page, "Save", assessment=chosen, basis="agreed", confirmed=True)
    assert "assessed before" not in client.show(f"/cases/{new.id}").text
    sign_in(client, house.people["next"])
    assert "Read the earlier assessment" in client.show(f"/cases/{new.id}").text
    page = client.show(f"/cases/{new.id}/earlier-assessment")
    assert "Found well" in page.text and "The person knows and agrees" in page.text


def test_before_the_decision_the_provider_reads_nothing(house, cases, client):
    _earlier, new, _area_id = cases
    sign_in(client, house.people["next"])
    assert "assessed before" not in client.show(f"/cases/{new.id}").text
    assert "Found well" not in client.show(f"/cases/{new.id}/earlier-assessment").text
    assert client.get(f"/cases/{new.id}/earlier-assessment/share").status_code == 403


def test_deciding_against_it_takes_it_back(house, cases):
    _earlier, new, _area_id = cases
    (offered,) = offered_for(new, house.by.practitioner)
    with write():
        decide(new.id, offered.id, LawfulBasis.SENTENCE, house.by.practitioner)
    assert shared_with(new.id) is not None
    with write():
        decide(new.id, None, None, house.by.practitioner)
    assert shared_with(new.id) is None


def test_nobody_shares_what_is_anothers_or_of_somebody_else(house, cases):
    _earlier, new, area_id = cases
    (offered,) = offered_for(new, house.by.practitioner)
    someone = finished_answers() | {"crn": {"crn": "X777777"}}
    different = send(area_id, house.by.practitioner, someone)
    assert offered_for(different, house.by.practitioner) == []
    with pytest.raises(NotYours), write():
        decide(different.id, offered.id, LawfulBasis.SENTENCE, house.by.practitioner)
    with pytest.raises(NotYours), write():
        decide(new.id, offered.id, LawfulBasis.SENTENCE, house.by.stranger)


def test_after_the_end_nothing_more_is_shared(house, cases):
    _earlier, new, _area_id = cases
    (offered,) = offered_for(new, house.by.practitioner)
    with write():
        answering.decline(new.id, DeclineReason.NO_STAFF, house.by.next)
    with pytest.raises(Refusal, match="has ended"), write():
        decide(new.id, offered.id, LawfulBasis.SENTENCE, house.by.practitioner)
