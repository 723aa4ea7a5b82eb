"""A provider registers itself, and keeps its profile."""

from __future__ import annotations

from sqlalchemy import func, select

from marketplace.accounts import registration
from marketplace.accounts.models import Person, PersonState
from marketplace.accounts.queries import person_with, seats_of
from marketplace.acting import OrganisationKind, Role
from marketplace.audit import AuditEvent
from marketplace.database import db
from marketplace.organisations.models import IncomeBand, LegalForm, Organisation
from tests.support.mails import facts_of_last_mail, mails_to
from tests.support.people import PASSWORD, make_organisation, make_person, sign_in

ADDRESS = "trustee@charity.example"


def registering(client, **other):
    page = client.show("/register")
    area = sorted(page.form("Register").choices("based_in") - {""})[0]
    facts = {
        "name": "Stepping Stones",
        "legal_form": "cio",
        "charity_number": "1234567",
        "income_band": "10k_to_100k",
        "is_voluntary": "yes",
        "based_in": area,
        "person_name": "Tess Trustee",
        "email": ADDRESS,
        "password": PASSWORD,
    }
    return client.submit(page, "Register", **(facts | other)).page


def test_a_small_charity_registers_and_confirms_its_address(client):
    assert registering(client).h1 == "Check your email"
    person = person_with(ADDRESS)
    assert person.state == PersonState.UNCONFIRMED
    token = facts_of_last_mail(ADDRESS)["token"]
    page = client.submit(f"/sign-in/with/{token}", "Sign in").page
    assert page.h1 == "Set up your authenticator"
    assert client.show("/organisation/profile").h1 == "Our profile"
    (seat,) = seats_of(person.id)
    assert seat.roles == (Role.BID_MANAGER,)
    registered = seat.organisation
    assert registered.kind == OrganisationKind.PROVIDER
    assert registered.legal_form == LegalForm.CIO
    assert registered.income_band == IncomeBand.TO_100K
    assert registered.org_ids == ["GB-CHC-1234567"]
    assert registered.is_small


def test_an_unconfirmed_account_cannot_sign_in_with_its_password(client):
    registering(client)
    page = client.submit("/sign-in", "Sign in", email=ADDRESS, password=PASSWORD).page
    assert "not in use" in page.text


def test_a_known_address_gets_a_mail_and_the_page_does_not_show_it(client):
    fresh = registering(client).text
    person = make_person(Role.CASEWORKER)
    assert registering(client, email=person.email).text == fresh
    assert [mail.template for mail in mails_to(person.email)] == [
        "marketplace/accounts/mail/known.txt"
    ]
    assert db.session.scalar(select(func.count()).select_from(Person)) == 2


def test_a_registration_sent_twice_at_once_makes_one_account(client, monkeypatch):
    registering(client)
    monkeypatch.setattr(registration, "person_with", lambda _email: None)
    assert registering(client).h1 == "Check your email"
    monkeypatch.undo()
    assert len(seats_of(person_with(ADDRESS).id)) == 1
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_what_is_missing_is_said_in_words_that_help(client):
    page = registering(client, name="", charity_number="12", email="no address")
    assert "Enter the name of the organisation" in page.text
    assert "Charity number must be 6 to 8 numbers" in page.text
    assert "Enter an email address in the correct format" in page.text


def test_the_profile_is_changed_and_the_audit_names_fields_only(client):
    charity = make_organisation(
        name="Stepping Stones",
        legal_form=LegalForm.CHARITY,
        income_band=IncomeBand.TO_100K,
        is_voluntary=True,
    )
    sign_in(client, make_person(Role.BID_MANAGER, charity))
    page = client.show("/organisation/profile/change")
    areas = sorted(page.form("Save").choices("areas"))[:2]
    page = client.submit(
        page,
        "Save",
        based_in=areas[0],
        areas=areas,
        website="https://stepping.example",
        safeguarding_lead="Sasha Safe",
    ).page
    assert "Sasha Safe" in page.text
    changed = db.session.get_one(Organisation, charity.id)
    assert [each.area_code for each in changed.areas] == areas
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "organisation:changed")
    ).one()
    assert {"areas", "website", "safeguarding_lead"} <= set(event.details["fields"])
    assert "Sasha" not in str(event.details)


def test_an_administrator_makes_an_organisation_and_invites_its_first_person(client):
    sign_in(client, make_person(Role.ADMINISTRATOR))
    page = client.show("/organisations/new")
    code = sorted(page.form("Add the organisation").choices("region_code") - {""})[0]
    page = client.submit(
        page, "Add the organisation", name="A region", kind="region", region_code=code
    ).page
    assert page.h1 == "Invite somebody to A region"
    page = client.submit(page, "Send the invitation", email=ADDRESS, role="director").page
    assert ADDRESS in page.text
    assert "A region" in client.show("/organisations?kind=region").text


def test_a_region_must_say_which(client):
    sign_in(client, make_person(Role.ADMINISTRATOR))
    page = client.submit(
        "/organisations/new", "Add the organisation", name="A region", kind="region"
    ).page
    assert "Select which probation region it is" in page.text
