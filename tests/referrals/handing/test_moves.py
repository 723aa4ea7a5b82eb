"""Cases that go on at another service, all or none; somebody who moves out of the area."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lots.contracts.models import ContractArea
from marketplace import clock
from marketplace.database import db, new_id, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, Refused
from referrals import clocks
from referrals.codes import EndReason, ReferralState
from referrals.handing import moves
from referrals.models import Referral
from referrals.notes.queries import notes_of
from referrals.sending.queries import sent_together
from tests.support.contracts import make_live_contract
from tests.support.people import make_organisation, sign_in
from tests.support.referrals import accepted, again, in_custody, send
from tests.support.referrals import finished_answers as answers


@pytest.fixture
def elsewhere(house):
    other = make_organisation(name="Second Street", contact_email="in@second.example")
    return make_live_contract(other, buyer=house.region, places=1).areas[0].id


def held(area_id):
    return db.session.get_one(ContractArea, area_id, populate_existing=True).reserved


def test_all_go_or_none_and_every_place_is_kept(house, elsewhere):
    two = [send(house.area_id, house.by.practitioner) for _each in range(2)]
    ids = [each.id for each in two]
    with pytest.raises(Refusal, match="no place free"), write():
        moves.transfer(ids, elsewhere, house.by.practitioner)
    assert (held(house.area_id), held(elsewhere)) == (2, 0)
    for who, error in (("colleague", NotYours), ("caseworker", Refused), ("stranger", NotYours)):
        with pytest.raises(error), write():
            moves.transfer(ids[:1], elsewhere, getattr(house.by, who))
    with write():
        [there] = moves.transfer(ids[:1], elsewhere, house.by.practitioner)
    assert again(there).continues_id == ids[0] and again(there).state == ReferralState.SENT
    assert again(ids[0]).end_reason == EndReason.TRANSFERRED
    assert (held(house.area_id), held(elsewhere)) == (1, 1)
    with pytest.raises(Refusal, match="has ended"), write():
        moves.transfer(ids, elsewhere, house.by.practitioner)


def test_a_case_that_waited_moves_without_what_belonged_to_its_earlier_part(house, elsewhere):
    case = send(house.area_id, house.by.practitioner)
    with write():
        stored = db.session.get_one(Referral, case.id)
        stored.batch_id, stored.reserve_from = new_id(), clock.today()
    with write():
        [there] = moves.transfer([case.id], elsewhere, house.by.practitioner)
    moved = again(there)
    assert (moved.batch_id, moved.reserve_from, moved.next_due_on) == (
        None,
        None,
        min(each.due_on for each in clocks.clocks_of(there)),
    )
    assert [each.id for each in sent_together(again(case.id).batch_id, house.by.practitioner)] == [
        case.id
    ]


def test_in_prison_no_place_is_taken_before_its_day(house, elsewhere):
    with write():
        db.session.get_one(ContractArea, elsewhere).contract.custody_days = 10
    release = (clock.today() + timedelta(days=60)).isoformat()
    case = send(house.area_id, house.by.practitioner, answers(**in_custody(release)))
    assert moves.options_for_all([case], None) == []
    with pytest.raises(Refusal), write():
        moves.transfer([case.id], elsewhere, house.by.practitioner)


def test_on_screen_cases_are_ticked_and_moved(house, elsewhere, client):
    case = send(house.area_id, house.by.practitioner)
    sign_in(client, house.people["practitioner"])
    page = client.show(f"/cases/transfer?service={house.area_id}")
    look = client.submit(page, fields={"cases": [str(case.id)]}).page
    assert "Second Street" in look.text
    page = client.submit(look, fields={"target": str(elsewhere)}).page
    assert "1 case has moved" in page.text
    page = client.submit(look, fields={"target": str(elsewhere)}).page
    assert "has ended" in page.text and "Nothing was moved" in page.text
    assert held(elsewhere) == 1


def test_who_moves_away_has_three_ways(house, client):
    case = accepted(send(house.area_id, house.by.practitioner), house.by.caseworker)
    other = make_organisation(name="Sussex Homes")
    sussex = make_live_contract(other, buyer=house.region, area_codes=("sussex",), places=3)
    sign_in(client, house.people["practitioner"])
    url = f"/cases/{case.id}/moves-away"
    page = client.submit(url, fields={"way": "remote"}).page
    assert "Say how the provider should go on" in page.text
    page = client.submit(url, fields={"way": "remote", "why": "By video, Tuesdays"}).page
    assert "go on by phone or video" in page.text
    [note] = notes_of(again(case.id), house.by.practitioner).page.items
    assert note.text == "By video, Tuesdays"
    page = client.submit(url, fields={"way": "transfer"}).page
    assert "Select where the person moves to" in page.text
    look = client.submit(url, fields={"way": "transfer", "area": "sussex"}).page
    assert "Sussex Homes" in look.text
    target = str(sussex.areas[0].id)
    page = client.submit(look, fields={"target": target}).page
    assert "1 case has moved" in page.text and held(sussex.areas[0].id) == 1
    second = accepted(send(house.area_id, house.by.practitioner), house.by.caseworker)
    page = client.submit(f"/cases/{second.id}/moves-away", fields={"way": "close"}).page
    assert "The case has ended" in page.text
    assert again(second.id).end_reason == EndReason.MOVED and held(house.area_id) == 0
    assert client.get(f"/cases/{second.id}/moves-away").status_code == 409
