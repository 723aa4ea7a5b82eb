"""Drafts that are competed for together: who puts them there, the limit, and when it is settled."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from lots import actions as lot_actions
from lots.competition.models import Competition
from lots.funding.signing import terms_hash
from lots.models import Lot
from lots.together import actions, queries
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, Refused
from tests.support.lots import make_lot, make_region
from tests.support.people import acting_as, make_person, sign_in


def scene(lots: int = 2):
    buyer = make_region()
    made = [make_lot(LotState.DRAFT, buyer=buyer, title=f"Lot {n}") for n in range(1, lots + 1)]
    officer = make_person(Role.COMMISSIONING_OFFICER, buyer)
    return buyer, [lot.id for lot in made], acting_as(officer, buyer)


def together(lot_ids, by, most: int | None = 1):
    with write():
        competition_id = actions.begin(lot_ids[0], "Two counties’ women", by).id
        for lot_id in lot_ids[1:]:
            actions.join(lot_id, competition_id, by)
        actions.set_rule(lot_ids[0], "Two counties’ women", most, by)
    return competition_id


def deciding(buyer):
    return acting_as(make_person(Role.DIRECTOR, buyer), buyer)


def test_drafts_join_leave_and_the_empty_competition_is_gone(app):
    _buyer, (first, second), by = scene()
    competition_id = together([first, second], by)
    assert {each.id for each in queries.lots_of(competition_id)} == {first, second}
    with write():
        actions.leave(first, by)
    assert [each.id for each in queries.lots_of(competition_id)] == [second]
    with write():
        actions.leave(second, by)
        actions.leave(second, by)
    assert db.session.scalar(select(Competition)) is None


def test_a_competition_is_one_buyers_and_only_its_officers_set_it(app):
    _buyer, (first, _second), by = scene()
    competition_id = together([first], by)
    other_buyer = make_region("K")
    theirs = make_lot(LotState.DRAFT, buyer=other_buyer)
    other = acting_as(make_person(Role.COMMISSIONING_OFFICER, other_buyer), other_buyer)
    with pytest.raises(NotYours), write():
        actions.join(theirs.id, competition_id, other)
    with pytest.raises(Refused), write():
        actions.set_rule(first, "Taken over", None, other)
    assert competition_id not in {each.id for each in queries.to_join(theirs)}


def test_it_is_settled_once_a_lot_is_approved_and_free_again_once_that_is_taken_back(app):
    buyer, (first, second, third), by = scene(3)
    competition_id = together([first, second], by)
    director = deciding(buyer)
    with write():
        lot_actions.approve_lot(first, clock.now() + timedelta(days=2), director)
    for change in (
        lambda: actions.join(third, competition_id, by),
        lambda: actions.leave(second, by),
        lambda: actions.set_rule(second, "Another name", 2, by),
    ):
        with pytest.raises(Refusal, match="bidders rely on it"), write():
            change()
    assert queries.to_join(db.session.get_one(Lot, third)) == []
    with write():
        lot_actions.take_back_lot(first, by)
        actions.join(third, competition_id, by)
    assert len(queries.lots_of(competition_id)) == 3


def test_whoever_sets_the_limit_has_written_in_every_lot_and_does_not_publish_them(app):
    buyer, (first, second), by = scene()
    together([first, second], by)
    person = make_person([Role.COMMISSIONING_OFFICER, Role.DIRECTOR], buyer)
    both = acting_as(person, buyer)
    with write():
        actions.set_rule(first, "Two counties", 1, both)
    with pytest.raises(Refused), write():
        lot_actions.publish_lot(second, both)


def test_a_signature_is_for_the_limit_and_for_the_lots_of_the_competition(app):
    _buyer, (first, second, third), by = scene(3)

    def said():
        db.session.expire_all()
        return terms_hash(db.session.get_one(Lot, first))

    hashes = [said()]
    competition_id = together([first, second], by, most=None)
    hashes.append(said())
    with write():
        actions.set_rule(second, "Two counties’ women", 1, by)
    hashes.append(said())
    with write():
        actions.join(third, competition_id, by)
    hashes.append(said())
    assert len(set(hashes)) == 4
    with write():
        actions.leave(third, by)
    assert said() == hashes[2]


def test_the_page_begins_a_competition_and_the_public_reads_its_rule(client):
    buyer, (first, second), by = scene()
    sign_in(client, make_person(Role.COMMISSIONING_OFFICER, buyer))
    address = f"/lots/{first}/competition"
    page = client.get(address)
    assert "No, by itself" in page.text
    page = client.submit(page.page, choice="new", title="")
    assert "Enter a name for the new competition" in page.text
    client.submit(address, choice="new", title="Women’s services, two counties")
    competition_id = db.session.scalars(select(Competition.id)).one()
    client.submit(f"/lots/{second}/competition", choice=str(competition_id))
    page = client.submit(address, "Save name and limit", name="", most_lots="0")
    assert "There is a problem" in page.text
    assert "Enter a name" in page.text and "must be 1 or more" in page.text
    own = client.show(address)
    with write():
        actions.leave(first, by)
    late = client.submit(own, "Save name and limit", name="Too late", most_lots="1")
    assert "This lot is not in a competition any more" in late.page.text
    with write():
        actions.join(first, competition_id, by)
    client.submit(address, "Save name and limit", name="Women’s services", most_lots="1")
    director = deciding(buyer)
    with write():
        lot_actions.publish_lot(first, director)
    for path in (f"/opportunities/{first}", f"/opportunities/{first}/lot.txt"):
        public = client.get(path).text
        assert "No bidder is awarded more than 1 of these lots" in public
        assert "Lot 2" not in public, "a draft is nobody’s business"
    data = json.loads(client.get(f"/opportunities/{first}/lot.json").text)
    assert data["competition"]["most_lots"] == 1
    assert [each["title"] for each in data["competition"]["lots"]] == ["Lot 1"]
    assert "cannot change any more" in client.get(f"/lots/{second}/competition").text
