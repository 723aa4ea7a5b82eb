"""Signing in: both factors, the one-time link, and what a stranger learns (nothing)."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import LargeBinary, select, type_coerce

from marketplace import clock
from marketplace.accounts.models import Person, PersonState, SignInSession
from marketplace.accounts.second_factor import STEP_SECONDS, step_of
from marketplace.acting import OrganisationKind, Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from tests.support.mails import facts_of_last_mail, mails_to
from tests.support.people import (
    PASSWORD,
    give_role,
    make_organisation,
    make_person,
    sign_in,
    totp_code,
)

ACCOUNT = "/account"


def give_password(client, email, password=PASSWORD):
    return client.submit("/sign-in", "Sign in", email=email, password=password)


def signed_in_fully(client):
    return client.get(ACCOUNT).status_code == 200


def test_password_and_code_open_the_account(client):
    person = make_person(Role.BID_MANAGER)
    page = give_password(client, person.email.upper()).page
    assert page.h1 == "Enter your code"
    assert not signed_in_fully(client)
    client.submit(page, "Continue", code=totp_code(person))
    assert signed_in_fully(client)


@pytest.mark.parametrize("known", [True, False], ids=["wrong password", "unknown address"])
def test_a_failed_sign_in_says_the_same_to_everybody(client, known):
    email = make_person(Role.BID_MANAGER).email if known else "nobody@example.org"
    page = give_password(client, email, "not the password").page
    assert "The email address or password is not right, or the account is not in use" in page.text
    assert not signed_in_fully(client)


def test_a_code_works_once(client):
    person = make_person(Role.BID_MANAGER)
    code = totp_code(person)
    sign_in(client, person, second_factor=False)
    client.submit("/sign-in/second-factor", "Continue", code=code)
    assert signed_in_fully(client)
    sign_in(client, person, second_factor=False)
    page = client.submit("/sign-in/second-factor", "Continue", code=code).page
    assert "has been used" in page.text
    assert not signed_in_fully(client)


@pytest.mark.parametrize(("off", "accepted"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_code_may_be_one_step_off(app, off, accepted):
    person, now = make_person(Role.BID_MANAGER), clock.technical_now()
    with time_machine.travel(now, tick=False):
        code = totp_code(person, steps=off)
    found = step_of(person.totp_secret, code, 0, now)
    assert (found is not None) is accepted
    if accepted:
        assert found == int(now.timestamp()) // STEP_SECONDS + off


def test_recovery_codes_work_once_each(client):
    person = make_person(Role.BID_MANAGER, totp_secret=None)
    sign_in(client, person, second_factor=False)
    codes = enrolled(client)
    assert len(codes) == 10
    sign_in(client, person, second_factor=False)
    page = client.submit("/sign-in/recovery-code", "Continue", code=codes[0].upper()).page
    assert "Recovery codes left: 9" in page.text
    sign_in(client, person, second_factor=False)
    page = client.submit("/sign-in/recovery-code", "Continue", code=codes[0]).page
    assert "is not right or has been used" in page.text


def enrolled(client):
    """Set up an authenticator on the page; returns the recovery codes shown."""
    page = client.show("/account/authenticator")
    key = next(e.text for e in page.all("strong") if e.get("class") == "app-key")
    code = pyotp.TOTP(key.replace(" ", "")).at(clock.technical_now())
    page = client.submit(page, "Continue", code=code).page
    assert page.h1 == "Keep your recovery codes"
    return [e.text for e in page.all("code")]


def test_the_database_holds_no_name_address_or_secret_in_the_clear(client):
    person = make_person(Role.BID_MANAGER)
    columns = Person.__table__.c
    stored = db.session.execute(
        select(
            *[type_coerce(columns[name], LargeBinary) for name in ("name", "email")],
            columns.password_hash,
        ).where(columns.id == person.id)
    ).one()
    name, email, password_hash = tuple(stored)
    assert person.name.encode() not in bytes(name)
    assert person.email.encode() not in bytes(email)
    assert password_hash.startswith("$argon2id$")


def test_a_link_takes_the_place_of_the_password_but_never_of_the_code(client):
    person = make_person(Role.BID_MANAGER)
    client.submit("/sign-in/link", "Send the link", email=person.email)
    token = facts_of_last_mail(person.email)["token"]
    page = client.show(f"/sign-in/with/{token}")
    assert db.session.scalars(select(SignInSession)).all() == []
    client.submit(page, "Sign in")
    assert client.get("/organisation/profile").status_code == 200
    assert client.show(ACCOUNT).h1 == "Enter your code"
    client.show(f"/sign-in/with/{token}", status=410)


def test_a_link_runs_out_after_a_quarter_of_an_hour(client):
    person = make_person(Role.BID_MANAGER)
    client.submit("/sign-in/link", "Send the link", email=person.email)
    token = facts_of_last_mail(person.email)["token"]
    with time_machine.travel(clock.technical_now() + timedelta(minutes=15, seconds=1)):
        client.show(f"/sign-in/with/{token}", status=410)


def test_a_link_request_looks_the_same_for_everybody(client):
    person = make_person(Role.BID_MANAGER)
    known = client.submit("/sign-in/link", "Send the link", email=person.email).page
    unknown = client.submit("/sign-in/link", "Send the link", email="no@example.org").page
    assert known.text == unknown.text
    assert mails_to("no@example.org") == []


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.DIRECTOR])
def test_people_who_also_act_for_buyers_set_a_new_password_with_their_code(client, role):
    person = make_person(Role.BID_MANAGER)
    give_role(person, make_organisation(OrganisationKind.REGION), role)
    client.submit("/sign-in/link", "Send the link", email=person.email)
    token = facts_of_last_mail(person.email)["token"]
    client.show(f"/sign-in/with/{token}", status=410)
    path, new = f"/new-password/{token}", "an entirely new one"
    page = client.submit(path, "Set the password", password=new, code="000000").page
    assert "The code is not right" in page.text
    client.submit(path, "Set the password", password=new, code=totp_code(person))
    client.show(path, status=410)
    assert "is not right" in give_password(client, person.email).page.text
    assert give_password(client, person.email, new).page.h1 == "Enter your code"


def test_too_many_tries_for_one_account_are_refused_even_with_the_right_password(client):
    person = make_person(Role.BID_MANAGER)
    for _try in range(10):
        give_password(client, person.email, "not the password")
    answer = give_password(client, person.email)
    assert answer.status_code == 429
    assert "You can try again at" in answer.page.text
    assert int(answer.headers["Retry-After"]) <= 15 * 60
    other = make_person(Role.BID_MANAGER)
    assert give_password(client, other.email).page.h1 == "Enter your code"


def test_codes_cannot_be_guessed_for_long(client):
    person = make_person(Role.BID_MANAGER)
    sign_in(client, person, second_factor=False)
    for _try in range(5):
        client.submit("/sign-in/second-factor", "Continue", code="000000")
    answer = client.submit("/sign-in/second-factor", "Continue", code=totp_code(person))
    assert answer.status_code == 429
    assert not signed_in_fully(client)


def test_limits_count_anew_in_the_next_window(client):
    person = make_person(Role.BID_MANAGER)
    for _try in range(11):
        give_password(client, person.email, "not the password")
    with time_machine.travel(clock.technical_now() + timedelta(minutes=15)):
        assert give_password(client, person.email).page.h1 == "Enter your code"


def test_signing_out_ends_the_session_for_good(client):
    row = sign_in(client, make_person(Role.BID_MANAGER))
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    client.submit("/cookies", "Sign out")
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert not signed_in_fully(client)
    assert db.session.get_one(SignInSession, row.id).ended_at is not None


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example"]
)
def test_signing_in_never_leads_to_another_site(client, elsewhere):
    person = make_person(Role.BID_MANAGER)
    client.get("/sign-in", query_string={"next": elsewhere})
    sign_in(client, person, second_factor=False)
    page = client.get("/sign-in/second-factor", query_string={"next": elsewhere}).page
    answer = client.submit(page, "Continue", follow=False, code=totp_code(person))
    assert answer.location == "/"


def test_after_signing_in_one_is_where_one_wanted_to_be(client):
    person = make_person(Role.BID_MANAGER)
    page = client.show("/account")
    assert page.h1 == "Sign in"
    page = client.submit(page, "Sign in", email=person.email, password=PASSWORD).page
    assert client.submit(page, "Continue", code=totp_code(person)).page.h1 == "My account"


def test_the_audit_of_signing_in_holds_nothing_personal(client):
    person = make_person(Role.BID_MANAGER)
    page = give_password(client, person.email).page
    client.submit(page, "Continue", code=totp_code(person))
    events = db.session.scalars(select(AuditEvent)).all()
    assert {"session:begun", "session:second_factor"} <= {event.action for event in events}
    noted = " ".join(str(event.details) for event in events)
    assert person.email not in noted and person.name not in noted


def test_a_closed_account_cannot_sign_in(client):
    person = make_person(Role.BID_MANAGER)
    with write():
        db.session.get_one(Person, person.id).state = PersonState.CLOSED
    page = give_password(client, person.email).page
    assert "not in use" in page.text
