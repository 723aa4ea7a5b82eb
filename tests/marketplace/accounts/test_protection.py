"""Every endpoint declares who may call it; what is declared is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask, g
from sqlalchemy import update

from marketplace import clock
from marketplace.accounts.models import Person, SignInSession
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.permissions import Policy, Refused
from marketplace.web import protection
from tests.support.people import acting_as, make_person, sign_in, totp_code


def test_every_endpoint_declares_who_may_call_it(app):
    undeclared = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if not protection._is_static(endpoint) and not hasattr(view, "permission")
    ]
    assert undeclared == []


def bare_app(testing):
    """An application with one endpoint that declares nothing."""
    bare = Flask("bare")
    bare.testing = testing
    bare.extensions["policy"] = Policy()
    bare.add_url_rule("/open", "open", lambda: "open")
    bare.register_error_handler(Refused, lambda _error: ("no", 403))
    protection.register(bare)
    return bare


def test_an_endpoint_that_declares_nothing_is_refused():
    assert bare_app(testing=False).test_client().get("/open").status_code == 403
    with pytest.raises(protection.UndeclaredEndpoint):
        bare_app(testing=True).test_client().get("/open")


def test_a_visitor_is_sent_to_sign_in_and_comes_back(client):
    answer = client.get("/account/switch?x=1")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/account/switch?x%3D1"


def test_a_role_without_the_permission_is_refused(client):
    sign_in(client, make_person(Role.CASEWORKER))
    assert client.get("/organisations").status_code == 403


def test_what_needs_the_second_factor_asks_for_it_first(client):
    sign_in(client, make_person(Role.BID_MANAGER), second_factor=False)
    assert client.get("/people").location == "/sign-in/second-factor?next=/people"


def test_whoever_has_no_authenticator_yet_sets_one_up(client):
    sign_in(client, make_person(Role.BID_MANAGER, totp_secret=None), second_factor=False)
    assert client.show("/people").h1 == "Set up your authenticator"


def test_a_step_up_is_asked_after_five_minutes_and_leads_back(client):
    person = make_person(Role.BID_MANAGER)
    row = sign_in(client, person)
    assert client.show("/account/password").h1 == "Change your password"
    ago = clock.technical_now() - timedelta(minutes=5)
    with write():
        db.session.execute(
            update(SignInSession).where(SignInSession.id == row.id).values(second_factor_at=ago)
        )
    page = client.show("/account/password")
    assert page.h1 == "Confirm that it is you"
    assert client.submit(page, "Confirm", code=totp_code(person)).page.h1 == "Change your password"


def test_a_form_sent_too_late_for_its_step_up_changes_nothing_and_leads_back(client):
    person = make_person(Role.BID_MANAGER)
    sign_in(client, person)
    page = client.show("/account/password")
    with time_machine.travel(clock.technical_now() + timedelta(minutes=6)):
        answer = client.submit(
            page, "Change password", follow=False, password="another long password"
        )
        assert answer.location.startswith("/confirm")
        assert "nothing has been sent yet" in client.show(answer.location).text
    stored = db.session.get_one(Person, person.id).password_hash
    assert stored == person.password_hash


def test_outside_the_demonstration_no_button_signs_anybody_in(client):
    person = make_person(Role.BID_MANAGER, is_demonstration=True)
    page = client.show("/sign-in")
    token = dict(page.form("Sign in").values())["csrf_token"]
    organisation = acting_as(person).organisation_id
    facts = {"csrf_token": token, "person": str(person.id), "organisation": str(organisation)}
    assert client.post("/sign-in/demonstration", data=facts).status_code == 404
    assert "Demonstration accounts" not in page.text


@pytest.fixture
def demonstration(app, monkeypatch):
    """The product in demonstration mode."""
    settings = app.extensions["settings"]
    monkeypatch.setitem(
        app.extensions, "settings", settings.model_copy(update={"demonstration": True})
    )


def test_in_the_demonstration_one_click_gives_both_factors(demonstration, client):
    person = make_person(Role.DIRECTOR, is_demonstration=True, name="Dee Director")
    page = client.show("/sign-in?next=/account")
    assert "Regional Probation Director" in page.text
    page = client.submit(page, "Dee Director, Regional Probation Director").page
    assert page.h1 == "My account"
    with time_machine.travel(clock.technical_now() + timedelta(minutes=6)):
        page = client.show("/account/password")
        assert "This is a demonstration" in page.text
        page = client.submit(page, "Confirm (demonstration)").page
    assert page.h1 == "Change your password"
    assert acting_as(person).roles == {Role.DIRECTOR}


@pytest.mark.parametrize("given", [timedelta(minutes=6), None])
def test_invented_people_confirm_by_a_button_though_they_have_no_authenticator(
    demonstration, client, given
):
    person = make_person(Role.DIRECTOR, is_demonstration=True, totp_secret=None)
    row = sign_in(client, person)
    at = clock.technical_now() - given if given else None
    with write():
        db.session.execute(
            update(SignInSession).where(SignInSession.id == row.id).values(second_factor_at=at)
        )
    page = client.show("/account/password")
    assert page.h1 == "Confirm that it is you"
    assert "This is a demonstration" in page.text
    assert client.submit(page, "Confirm (demonstration)").page.h1 == "Change your password"


def test_in_the_demonstration_real_people_need_their_code(demonstration, client):
    person = make_person(Role.DIRECTOR)
    row = sign_in(client, person)
    with write():
        db.session.execute(
            update(SignInSession)
            .where(SignInSession.id == row.id)
            .values(second_factor_at=clock.technical_now() - timedelta(minutes=6))
        )
    page = client.show("/account/password")
    assert "code" in page.form("Confirm").names()


def test_nothing_of_the_person_stays_for_the_next_request(client):
    sign_in(client, make_person(Role.BID_MANAGER))
    client.get("/account")
    assert "acting" not in g
