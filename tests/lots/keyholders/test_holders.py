"""Choosing who holds the key, making codes, and what a lot needs before it opens."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text

from lots import actions as lot_actions
from lots.keyholders import actions, codes, queries
from lots.keyholders.models import KeyHolder, LotKeyShare
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.accounts.models import Membership
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, Refused
from tests.support.keyholders import divided_draft, divided_lot
from tests.support.lots import make_lot, whole_lot
from tests.support.people import acting_as, make_person, sign_in


def test_the_service_keeps_no_private_key_of_a_divided_lot(app):
    lot = divided_lot(3).lot
    assert lot.public_key and lot.price_public_key
    assert lot.wrapped_private_key is None
    assert lot.wrapped_price_key is None
    assert len(db.session.scalars(select(LotKeyShare)).all()) == 6


def test_it_does_not_open_before_two_have_confirmed_their_codes(app):
    made = divided_draft(3, confirmed=1)
    with pytest.raises(Refusal, match="Fewer than two people"):
        made.publish()
    with pytest.raises(Refusal, match="Fewer than two people"), write():
        opens_at = clock.now() + timedelta(days=3)
        lot_actions.approve_lot(made.lot.id, opens_at, made.acting(made.director))
    by = made.acting(made.holders[1])
    with write():
        code = actions.make_code(made.lot.id, by)
    with pytest.raises(Refusal):
        made.publish()
    with write():
        actions.confirm_code(made.lot.id, code, by)
    assert made.publish().state == LotState.OPEN


def test_a_holder_who_left_does_not_count(app):
    made = divided_draft(2)
    with write():
        db.session.execute(delete(Membership).where(Membership.person_id == made.holders[0].id))
    with pytest.raises(Refusal, match="Fewer than two people"):
        made.publish()


def test_of_an_open_lot_it_is_not_said_that_it_cannot_be_published(app, client):
    made = divided_lot(2)
    with write():
        db.session.execute(delete(Membership).where(Membership.person_id == made.holders[0].id))
    sign_in(client, made.officer)
    page = client.show(f"/lots/{made.lot.id}/key-holders")
    assert "their code does not count" in page.text
    assert "cannot be approved or published" not in page.text


def test_only_officers_and_deciders_of_the_lead_buyer_hold_a_part(app):
    made = divided_draft(1)
    officer = made.acting(made.officer)
    for person in (
        make_person(Role.EVALUATOR, made.lot.lead_buyer),
        make_person(Role.COMMISSIONING_OFFICER),
        made.holders[0],
    ):
        with pytest.raises(Refusal), write():
            actions.add_holder(made.lot.id, person.id, officer)


def test_a_fifth_person_is_too_many_and_a_place_that_is_free_is_filled(app):
    made = divided_draft(4)
    officer = made.acting(made.officer)
    with pytest.raises(Refusal, match="4 people"), write():
        actions.add_holder(made.lot.id, made.director.id, officer)
    second = queries.holders_of(made.lot.id)[1]
    with write():
        actions.remove_holder(made.lot.id, second.id, officer)
    with write():
        actions.add_holder(made.lot.id, made.director.id, officer)
    assert queries.holders_of(made.lot.id)[1].person_id == made.director.id


def test_whoever_chooses_the_holders_does_not_publish_the_lot(app):
    lot = make_lot(LotState.DRAFT)
    both = make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer)
    director = make_person(Role.DIRECTOR, lot.lead_buyer)
    with pytest.raises(Refused), write():
        actions.choose_splitting(lot.id, True, acting_as(director, lot.lead_buyer))
    with write():
        actions.choose_splitting(lot.id, True, acting_as(both, lot.lead_buyer))
    assert both.id in {editor.person_id for editor in whole_lot(lot.id).editors}


def test_nobody_else_makes_or_confirms_a_code(app):
    made = divided_draft(2)
    with pytest.raises(NotYours), write():
        actions.make_code(made.lot.id, made.acting(made.director))
    with pytest.raises(actions.WrongCode), write():
        actions.confirm_code(made.lot.id, made.codes[0], made.acting(made.holders[1]))


def test_once_the_lot_is_open_holders_and_codes_stay_as_they_are(app):
    made = divided_lot(3)
    officer, holder = made.acting(made.officer), made.acting(made.holders[0])
    first = queries.holders_of(made.lot.id)[0]
    for change in (
        lambda: actions.choose_splitting(made.lot.id, False, officer),
        lambda: actions.add_holder(made.lot.id, made.director.id, officer),
        lambda: actions.remove_holder(made.lot.id, first.id, officer),
        lambda: actions.make_code(made.lot.id, holder),
    ):
        with pytest.raises(Refusal), write():
            change()


def test_a_new_code_replaces_the_one_before(app):
    made = divided_draft(2)
    by = made.acting(made.holders[0])
    with write():
        again = actions.make_code(made.lot.id, by)
    holder = queries.holder(made.lot.id, by.person_id)
    assert holder.confirmed_at is None
    assert codes.fits(made.codes[0], holder.id, holder.public_key) is None
    assert codes.fits(again, holder.id, holder.public_key) is not None


def test_the_key_goes_back_to_the_service_with_all_its_holders(app):
    made = divided_draft(3)
    with write():
        actions.choose_splitting(made.lot.id, False, made.acting(made.officer))
    assert not db.session.scalars(select(KeyHolder)).all()
    assert made.publish().wrapped_private_key is not None


def test_screens_from_the_choice_to_a_confirmed_code(app, client):
    lot = make_lot(LotState.DRAFT)
    officer = make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer)
    holder = make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer, name="Siân O’Hare")
    sign_in(client, officer)
    page = client.show(f"/lots/{lot.id}/key-holders")
    page = client.submit(page, "Save", kept="people").page
    page = client.submit(page, "Add this person", person=str(holder.id)).page
    assert "Siân O’Hare" in page.text and "No code yet" in page.text
    assert "cannot be approved or published" in page.text
    assert client.get(f"/lots/{lot.id}/opening-code").status_code == 404, "not a holder"
    sign_in(client, holder)
    assert "Make your opening code" in client.show("/").text
    made = client.submit(f"/lots/{lot.id}/opening-code", "Make my opening code")
    assert made.headers["Cache-Control"] == "no-store"
    code = re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", made.get_data(as_text=True)).group()
    wrong = client.submit(made.page, "Confirm my code", code="ABCD " + code[5:])
    assert "This is not your opening code" in wrong.page.text
    again = client.show(f"/lots/{lot.id}/opening-code")
    assert code not in again.text, "shown once"
    page = client.submit(again, "Confirm my code", code=code.lower()).page
    assert "Code confirmed" in page.text
    assert "Make your opening code" not in client.show("/").text


def test_no_row_holds_a_code(app):
    made = divided_lot(2)
    bare = {code.replace(" ", "") for code in made.codes}
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(text(f'SELECT * FROM "{table.name}"')):
            line = repr(tuple(row)).replace(" ", "")
            assert not any(code in line for code in bare), table.name
