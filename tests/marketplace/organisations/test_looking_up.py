"""A register is asked where a key is set; what it says is shown first, and filled in on a yes."""

from __future__ import annotations

import pytest
import requests
from sqlalchemy import func, select

from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.organisations import lookups
from marketplace.organisations.models import LegalForm, Organisation
from tests.support.people import make_organisation, make_person, sign_in

REGISTER, PROFILE = "/register", "/organisation/profile/change"
ASK, YES = "Look the number up", "Yes, fill it in"


def look_up(client, **typed):
    return client.submit(REGISTER, ASK, **typed).page


def value(page, name, button=ASK):
    return dict(page.form(button).values()).get(name)


def test_a_charity_is_found_shown_and_filled_in_only_after_a_yes(client, registers):
    page = look_up(client, charity_number="123 4567", person_name="Tess Trustee")
    assert "We found “STEPPING STONES”. Is this you?" in page.text
    assert "01234568" in page.text and "https://www.stepping.example" in page.text
    assert value(page, "name") == ""
    page = client.submit(page, YES).page
    assert "Filled in from the register" in page.text
    assert value(page, "name") == "STEPPING STONES"
    assert value(page, "legal_form") == "charity"
    assert value(page, "charity_number") == "1234567"
    assert value(page, "company_number") == "01234568"
    assert value(page, "person_name") == "Tess Trustee"
    assert registers.asked == ["/allcharitydetailsV2/1234567/0"]
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 0


def test_a_company_is_found_with_its_form_in_law(client, registers):
    page = look_up(client, company_number="1234567")
    assert "We found “LANTERN YARD C.I.C.”. Is this you?" in page.text
    assert value(client.submit(page, YES).page, "legal_form") == "cic"


def test_a_cio_is_known_as_one(client, registers):
    page = look_up(client, charity_number="1234568")
    assert value(client.submit(page, YES).page, "legal_form") == "cio"


@pytest.mark.parametrize("typed", [{"charity_number": "7654321"}, {"company_number": "07654321"}])
def test_one_that_is_no_more_is_said_so_and_not_filled_in(client, registers, typed):
    page = look_up(client, **typed)
    assert "removed or dissolved on 3 May 2024" in page.text
    assert YES not in page.text


def test_an_insolvent_one_is_said_so(client, registers):
    assert "insolvent" in look_up(client, company_number="07654322").text


def test_a_number_that_the_register_has_not(client, registers):
    page = look_up(client, charity_number="999999", name="Typed before")
    assert "The register has no number 999999" in page.text
    assert value(page, "name") == "Typed before"


@pytest.mark.parametrize(
    "broken",
    [(500, b""), (200, b"<html>"), (200, b'{"charity_name": 5}'), (429, b"{}"), (302, b"")],
)
def test_while_the_register_is_away_people_type(client, registers, broken):
    registers.broken = broken
    page = look_up(client, charity_number="1234567", name="Typed before")
    assert "does not answer at the moment" in page.text
    assert value(page, "name") == "Typed before"


def test_a_register_that_nobody_reaches_is_away(client, registers, app):
    app.extensions["settings"].charity_register_address = "http://127.0.0.1:1"
    assert "does not answer at the moment" in look_up(client, charity_number="1234567").text


def test_a_number_that_is_none_is_put_right_first(client, registers):
    page = look_up(client, charity_number="12")
    assert "Charity number must be 6 or 7 digits" in page.text
    assert "Put the number right" in page.text
    assert registers.asked == []


def test_nothing_to_look_up_and_numbers_of_other_registers(client, registers):
    assert "Enter a charity or company number first" in look_up(client).text
    page = look_up(client, charity_number="SC012345")
    assert "We cannot look this number up" in page.text


def test_without_a_key_only_the_button_is_missing(client, registers, app):
    with_keys = client.show(REGISTER)
    app.extensions["settings"].charity_register_key = ""
    app.extensions["settings"].company_register_key = ""
    without = client.show(REGISTER)
    assert ASK in with_keys.text and ASK not in without.text
    buttons = {"look_up"}
    assert with_keys.form("Register").names() - buttons == without.form("Register").names()


def test_a_confirmation_that_was_made_up_fills_in_nothing(client, registers):
    page = look_up(client, charity_number="1234567")
    form = dict(page.form(YES).values()) | {"found": '{"name": "Somebody else"}'}
    answer = client.post(REGISTER, data=form)
    assert "Look the number up again" in answer.page.text
    assert "Somebody else" not in answer.page.text


def test_the_profile_is_filled_in_the_same_way(client, registers):
    charity = make_organisation(name="Old name", legal_form=LegalForm.SOCIETY)
    sign_in(client, make_person(Role.BID_MANAGER, charity))
    page = client.submit(PROFILE, ASK, charity_number="1234567", led_by="Women").page
    page = client.submit(page, YES).page
    assert value(page, "website") == "https://www.stepping.example"
    assert value(page, "name") == "STEPPING STONES"
    assert "Women" in str(dict(page.form(ASK).values()))
    assert db.session.get_one(Organisation, charity.id).name == "Old name"


def test_visitors_look_up_so_often_and_no_oftener(client, registers):
    for _ in range(20):
        look_up(client, charity_number="1234567")
    page = client.show(REGISTER)
    answer = client.submit(page, ASK, charity_number="1234567")
    assert answer.status_code == 429
    assert len(registers.asked) == 20


def test_an_organisation_looks_up_so_often_and_no_oftener(client, registers):
    charity = make_organisation()
    sign_in(client, make_person(Role.BID_MANAGER, charity))
    for _ in range(20):
        client.submit(PROFILE, ASK, charity_number="1234567")
    sign_in(client, make_person(Role.BID_MANAGER, charity))
    answer = client.submit(PROFILE, ASK, charity_number="1234567")
    assert answer.status_code == 429
    assert len(registers.asked) == 20


def test_an_answer_without_end_is_given_up_on(client, registers):
    registers.broken = (200, b'"' + b"x" * 3_000_000 + b'"')
    assert "does not answer at the moment" in look_up(client, charity_number="1234567").text


def test_an_answer_that_drips_is_given_up_on(client, registers, monkeypatch):
    monkeypatch.setattr(lookups, "LONGEST_SECONDS", -1)
    assert "does not answer at the moment" in look_up(client, charity_number="1234567").text


def test_nobody_is_asked_while_the_write_lock_is_held(app, registers):
    with pytest.raises(RuntimeError, match="write lock"), write():
        lookups.look_up("GB-CHC-1234567")


def test_the_register_is_given_up_on_in_time(app, registers, monkeypatch):
    given = {}

    def get(address, **how):
        given.update(how)
        raise requests.Timeout

    monkeypatch.setattr(requests, "get", get)
    with pytest.raises(lookups.RegisterAway):
        lookups.look_up("GB-COH-01234567")
    assert max(given["timeout"]) <= 5
