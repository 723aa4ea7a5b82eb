"""Invitations and roles: who may give them, and that a change ends sessions at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from marketplace import clock
from marketplace.accounts import memberships, queries
from marketplace.accounts.models import (
    Invitation,
    Membership,
    Person,
    PersonState,
    RecoveryCode,
)
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, new_id, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, Refused
from tests.support.mails import facts_of_last_mail, mails_to
from tests.support.people import (
    PASSWORD,
    acting_as,
    give_role,
    make_organisation,
    make_person,
    sign_in,
)

NEWCOMER = "newcomer@example.org"


def invited(organisation, role=Role.CASEWORKER, email=NEWCOMER):
    with write():
        return memberships.invite(organisation, role, email, by=None)


def roles_of(person, organisation):
    return set(
        db.session.scalars(
            select(Membership.role).where(
                Membership.person_id == person.id, Membership.organisation_id == organisation.id
            )
        )
    )


def test_an_invitation_leads_to_an_account_with_both_factors(client):
    charity = make_organisation(name="Stepping Stones")
    manager = make_person(Role.BID_MANAGER, charity)
    sign_in(client, manager)
    page = client.submit(
        f"/organisations/{charity.id}/people/invite",
        "Send the invitation",
        email=NEWCOMER,
        role="caseworker",
    ).page
    assert NEWCOMER in page.text
    client.submit(page, "Sign out")
    token = facts_of_last_mail(NEWCOMER)["token"]
    page = client.show(f"/invitation/{token}")
    assert "“Caseworker” for Stepping Stones" in page.text
    page = client.submit(
        page, "Accept and set up your account", name="Nia Newcomer", password=PASSWORD
    ).page
    assert page.h1 == "Set up your authenticator"
    person = queries.person_with(NEWCOMER)
    assert roles_of(person, charity) == {Role.CASEWORKER}
    client.show(f"/invitation/{token}", status=410)


def test_opening_an_invitation_uses_nothing(client):
    token = invited(make_organisation())
    client.show(f"/invitation/{token}")
    client.show(f"/invitation/{token}")
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_somebody_with_an_account_gets_the_further_role_without_a_second_one(client):
    person, other = make_person(Role.BID_MANAGER), make_organisation()
    token = invited(other, email=person.email.upper())
    client.submit(f"/invitation/{token}", "Accept the role")
    assert roles_of(person, other) == {Role.CASEWORKER}
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1


def test_two_accounts_made_at_the_same_moment_are_one(client, monkeypatch):
    person = make_person(Role.BID_MANAGER)
    token = invited(make_organisation(), email=person.email)
    monkeypatch.setattr(memberships, "person_with", lambda _email: None)
    monkeypatch.setattr(queries, "known_account", lambda _email: False)
    answer = client.submit(
        f"/invitation/{token}",
        "Accept and set up your account",
        name="Nia Newcomer",
        password=PASSWORD,
    )
    assert answer.status_code == 409
    assert "Nothing was done a second time" in answer.page.text
    assert queries.open_invitation(token) is not None
    assert db.session.get_one(Person, person.id).name == person.name


def test_somebody_who_proved_the_address_meanwhile_is_not_signed_in(client, monkeypatch):
    person, other = make_person(Role.BID_MANAGER), make_organisation()
    token = invited(other, email=person.email)
    monkeypatch.setattr(queries, "known_account", lambda _email: False)
    page = client.submit(
        f"/invitation/{token}",
        "Accept and set up your account",
        name="Nia Newcomer",
        password="an entirely new one",
    ).page
    assert page.h1 == "Sign in"
    kept = db.session.get_one(Person, person.id)
    assert (kept.name, kept.password_hash) == (person.name, person.password_hash)
    assert roles_of(person, other) == {Role.CASEWORKER}


def test_an_invitation_runs_out_and_can_be_withdrawn(client):
    charity = make_organisation()
    token = invited(charity)
    with time_machine.travel(clock.technical_now() + timedelta(days=7, seconds=1)):
        client.show(f"/invitation/{token}", status=410)
    sign_in(client, make_person(Role.BID_MANAGER, charity))
    client.submit("/people", f"Withdraw the invitation of {NEWCOMER}")
    client.show(f"/invitation/{token}", status=410)
    invitation = db.session.scalars(select(Invitation)).one()
    assert not queries.invitation_wanted(invitation.id)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaa", NEWCOMER, "nia newcomer"])
def test_a_password_that_is_easy_to_guess_is_refused(client, password):
    token = invited(make_organisation())
    page = client.submit(
        f"/invitation/{token}",
        "Accept and set up your account",
        name="Nia Newcomer",
        password=password,
    ).page
    assert page.h1 == "Your invitation"
    assert queries.person_with(NEWCOMER) is None


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.BID_MANAGER, True),
        (Role.SERVICE_MANAGER, True),
        (Role.DIRECTOR, True),
        (Role.ADMINISTRATOR, True),
        (Role.CASEWORKER, False),
        (Role.COMMISSIONING_OFFICER, False),
        (Role.FRAMEWORK_MANAGER, False),
    ],
)
def test_who_manages_people(client, role, may):
    sign_in(client, make_person(role))
    assert client.get("/people").status_code == (200 if may else 403)


def test_a_manager_does_not_know_other_organisations(client):
    person, elsewhere = make_person(Role.BID_MANAGER), make_organisation()
    stranger = make_person(Role.CASEWORKER, elsewhere)
    sign_in(client, person)
    for path in ("", "/invite", f"/{stranger.id}"):
        assert client.get(f"/organisations/{elsewhere.id}/people{path}").status_code == 404
    with pytest.raises(Refused), write():
        memberships.invite(elsewhere, Role.CASEWORKER, NEWCOMER, acting_as(person))
    with pytest.raises(NotYours), write():
        memberships.grant_role(stranger.id, elsewhere.id, Role.FINANCE, acting_as(person))
    assert roles_of(stranger, elsewhere) == {Role.CASEWORKER}
    assert mails_to(NEWCOMER) == []


def test_roles_fit_the_kind_of_organisation(app):
    with pytest.raises(Refusal), write():
        memberships.invite(make_organisation(), Role.DIRECTOR, NEWCOMER, by=None)


def test_a_change_of_roles_ends_that_persons_sessions_at_once(app):
    charity = make_organisation()
    manager = make_person(Role.BID_MANAGER, charity)
    person = make_person(Role.CASEWORKER, charity)
    his, hers = app.test_client(), app.test_client()
    sign_in(his, manager)
    sign_in(hers, person)
    page = his.show(f"/organisations/{charity.id}/people/{person.id}")
    page = his.submit(page, "Give the role", role="finance").page
    assert roles_of(person, charity) == {Role.CASEWORKER, Role.FINANCE}
    page = hers.show("/account")
    assert page.h1 == "Sign in"
    assert "Your roles have changed" in page.text
    sign_in(hers, person)
    page = his.show(f"/organisations/{charity.id}/people/{person.id}")
    his.submit(page, "Take away Finance")
    assert hers.show("/account").h1 == "Sign in"
    assert roles_of(person, charity) == {Role.CASEWORKER}
    assert his.show("/people").h1.startswith("People of")


def test_nobody_takes_away_their_own_role(app):
    person = make_person(Role.BID_MANAGER)
    membership = db.session.scalars(
        select(Membership).where(Membership.person_id == person.id)
    ).one()
    with pytest.raises(Refusal), write():
        memberships.withdraw_role(membership.id, acting_as(person))


def test_nobody_gives_themselves_a_role(client):
    charity = make_organisation()
    person = make_person(Role.BID_MANAGER, charity)
    with pytest.raises(Refusal, match="give yourself"), write():
        memberships.grant_role(person.id, charity.id, Role.FINANCE, acting_as(person))
    sign_in(client, person)
    page = client.show(f"/organisations/{charity.id}/people/{person.id}")
    assert "Give a further role" not in page.text
    assert roles_of(person, charity) == {Role.BID_MANAGER}


def test_changing_who_may_do_what_asks_for_a_fresh_second_factor(client):
    charity = make_organisation()
    manager = make_person(Role.BID_MANAGER, charity)
    person = make_person(Role.CASEWORKER, charity)
    sign_in(client, manager)
    roles = client.show(f"/organisations/{charity.id}/people/{person.id}")
    invite = client.show(f"/organisations/{charity.id}/people/invite")
    with time_machine.travel(clock.technical_now() + timedelta(minutes=6)):
        for page, button, fields in (
            (roles, "Give the role", {"role": "finance"}),
            (roles, "Take away Caseworker", {}),
            (invite, "Send the invitation", {"email": NEWCOMER, "role": "caseworker"}),
        ):
            answer = client.submit(page, button, fields, follow=False)
            assert answer.location.startswith("/confirm")
        assert client.show("/people").h1.startswith("People of")
    assert roles_of(person, charity) == {Role.CASEWORKER}
    assert mails_to(NEWCOMER) == []


def test_the_same_invitation_is_not_sent_again_while_it_is_open(app):
    charity = make_organisation()
    by = acting_as(make_person(Role.BID_MANAGER, charity))
    with write():
        memberships.invite(charity, Role.CASEWORKER, NEWCOMER, by)
    with pytest.raises(Refusal, match="already invited"), write():
        memberships.invite(charity, Role.CASEWORKER, NEWCOMER.upper(), by)
    with write():
        memberships.invite(charity, Role.FINANCE, NEWCOMER, by)
        memberships.withdraw_invitation(
            queries.open_invitation(facts_of_last_mail(NEWCOMER)["token"]).id, by
        )
        memberships.invite(charity, Role.FINANCE, NEWCOMER, by)
    assert len(mails_to(NEWCOMER)) == 3


def test_a_reset_authenticator_takes_its_recovery_codes_along(app):
    person = make_person(Role.CASEWORKER)
    with write():
        db.session.add(RecoveryCode(id=new_id(), person_id=person.id, code_hash=bytes(32)))
    with write():
        memberships.reset_second_factor(person.id, acting_as(make_person(Role.ADMINISTRATOR)))
    assert db.session.get_one(Person, person.id).totp_secret is None
    assert queries.recovery_codes_left(person.id) == 0


def test_an_administrator_closes_an_account_and_its_sessions_end(app):
    person = make_person(Role.CASEWORKER)
    organisation = queries.seats_of(person.id)[0].organisation
    theirs, ours = app.test_client(), app.test_client()
    sign_in(theirs, person)
    sign_in(ours, make_person(Role.ADMINISTRATOR))
    page = ours.show(f"/organisations/{organisation.id}/people/{person.id}")
    ours.submit(page, "Close the account")
    assert db.session.get_one(Person, person.id).state == PersonState.CLOSED
    assert theirs.show("/account").h1 == "Sign in"


def test_a_person_of_two_organisations_switches_between_them(client):
    charity, prison = make_organisation(), make_organisation(OrganisationKind.PRISON)
    person = make_person(Role.BID_MANAGER, charity)
    give_role(person, prison, Role.PRISON_PRACTITIONER)
    sign_in(client, person, charity)
    assert client.get("/organisation/profile").status_code == 200
    client.submit(
        "/account/switch",
        "Act for this organisation",
        organisation=str(prison.id),
        follow=False,
    )
    assert client.get("/organisation/profile").status_code == 403


def test_nobody_switches_to_an_organisation_without_a_role_there(client):
    sign_in(client, make_person(Role.BID_MANAGER))
    stranger = make_organisation()
    page = client.show("/account/switch")
    answer = client.post(
        "/account/switch",
        data={
            "csrf_token": dict(page.form("Act for this organisation").values())["csrf_token"],
            "organisation": str(stranger.id),
        },
    )
    assert "Select from the options shown" in answer.page.text


def test_the_command_makes_an_administrator(app):
    done = app.test_cli_runner().invoke(
        args=["create-administrator", "admin@example.org"], catch_exceptions=False
    )
    token = facts_of_last_mail("admin@example.org")["token"]
    assert f"/invitation/{token}" in done.output
    invitation = queries.open_invitation(token)
    assert invitation.role == Role.ADMINISTRATOR
    assert invitation.organisation.kind == OrganisationKind.NATIONAL
