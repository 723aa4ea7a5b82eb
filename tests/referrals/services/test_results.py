"""Results: counted of the last twelve whole months, and nothing of fewer than five people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lots.contracts.models import ContractArea
from marketplace import clock
from marketplace.database import db, write
from marketplace.permissions import NotYours
from referrals import results
from referrals.ending.models import EndReport
from referrals.models import Referral
from referrals.services import fitting
from referrals.services.directory import Directory, listing
from referrals.services.models import Counted, ServiceResult
from tests.support.contracts import make_live_contract
from tests.support.people import sign_in
from tests.support.referrals import completed, finished_answers, make_draft, send


def told(house):
    """What the directory says: started, completed in a hundred, points further on, rating."""
    db.session.expire_all()
    found = listing(house.area_id).result
    if found is None:
        return None
    return (
        found.shown_starts,
        found.shown_completion,
        found.shown_distance,
        found.shown_rating,
    )


def happened(days):
    """Have everything happened so many days before the last whole month ended."""
    moment = clock.now() - timedelta(days=clock.today().day + days)
    with write():
        db.session.execute(update(Referral).values(started_at=moment, ended_at=moment))
        db.session.execute(update(EndReport).values(sent_at=moment, rating=4))


def count_anew():
    """Count as if a month had ended since the last time."""
    with write():
        long_ago = clock.today() - timedelta(days=99)
        db.session.execute(update(Counted).values(until_on=long_ago))
    results.count(clock.now())


def test_results_are_told_from_five_people_on(house):
    with write():
        values = {"contracted_places": 9, "places": 9}
        db.session.execute(update(ContractArea).values(**values))
    for number in range(4):
        crn = {"crn": f"X12345{number}"}
        sent = send(house.area_id, house.by.practitioner, finished_answers(crn=crn))
        completed(sent, house.by.caseworker)
    # The same person a second time makes five cases, and still four people.
    completed(
        send(house.area_id, house.by.practitioner, finished_answers(crn=crn)), house.by.caseworker
    )
    happened(3)
    assert results.count(clock.now()) == 1
    assert results.count(clock.now()) == 0
    assert told(house) == (None, None, None, None)
    completed(send(house.area_id, house.by.practitioner, finished_answers()), house.by.caseworker)
    happened(3)
    count_anew()
    assert told(house) == (6, 100, 2.0, 4.0)
    happened(400)
    count_anew()
    assert db.session.scalars(select(ServiceResult)).all() == []


def test_a_draft_says_of_each_service_whether_it_fits_and_why_not(house, client):
    women = make_live_contract(house.charity, buyer=house.region, service_code="womens-services")
    answers = finished_answers(sex={"sex": "male"}, name={"name": "Rhys O’Dea <x>"})
    draft = make_draft(house.area_id, house.by.practitioner, answers)
    person = fitting.fitting(draft.id, house.by.practitioner, Directory())
    assert person.reasons(listing(house.area_id)) == []
    assert person.reasons(listing(women.areas[0].id)) == ["it is for women only"]
    for by in (house.by.colleague, house.by.stranger, house.by.manager):
        with pytest.raises(NotYours):
            fitting.fitting(draft.id, by, Directory())
    sign_in(client, house.people["practitioner"])
    page = client.show(f"/services?draft={draft.id}")
    assert "Rhys O’Dea <x>" in page.text and "it is for women only" in page.text
    assert "Fits this person" in client.show(f"/services/{house.area_id}?draft={draft.id}").text
    url = f"/services/compare?service={women.areas[0].id}&service={house.area_id}"
    assert "it is for women only" in client.show(f"{url}&draft={draft.id}").text
    assert client.get("/services?draft=nonsense").status_code == 200
    sign_in(client, house.people["colleague"])
    assert client.get(f"/services?draft={draft.id}").status_code == 404
    client.get("/sign-out")


def test_at_most_four_services_are_compared(house, client):
    more = [make_live_contract(house.charity, buyer=house.region) for _ in range(4)]
    ids = [house.area_id, *(each.areas[0].id for each in more)]
    page = client.show("/services/compare?" + "&".join(f"service={each}" for each in ids))
    assert "The first 4 are shown" in page.text
    assert sum("Leave out" in text for text in page.links()) <= 4
    crafted = f"service=x&service={house.region.id}&service={ids[0]}&service={ids[0]}"
    assert "Harbour Trust" in client.show(f"/services/compare?{crafted}").text
    assert "Tick at least one service" in client.show("/services/compare").text
    assert "RECONNECT" in client.show("/services/elsewhere").text
    assert "duty to refer" in client.show("/services?need=accommodation&area=kent").text
