"""A provider registers itself, and keeps its profile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace import clock
from marketplace.accounts import actions, memberships, passwords, registration, sessions
from marketplace.accounts.models import Person, PersonState, RecoveryCode
from marketplace.accounts.passwords import password_matches
from marketplace.accounts.queries import (
    open_sessions_of,
    person_with,
    recovery_codes_left,
    seats_of,
)
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, new_id, write
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import IncomeBand, LegalForm, Organisation
from tests.support.mails import facts_of_last_mail, mails_to
from tests.support.people import (
    CHEAP_HASHER,
    PASSWORD,
    acting_as,
    give_role,
    make_organisation,
    make_person,
    sign_in,
)

ADDRESS = "trustee@charity.example"


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch):
    """Hash cheaply; what is compared stays the same."""
    monkeypatch.setattr(passwords, "_hasher", CHEAP_HASHER)


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
    }
    return client.submit(page, "Register", **(facts | other)).page


def test_a_small_charity_registers_and_confirms_its_address(client):
    assert registering(client).h1 == "Check your email"
    person = person_with(ADDRESS)
    assert person.state == PersonState.UNCONFIRMED
    token = facts_of_last_mail(ADDRESS)["token"]
    page = client.show(f"/sign-in/with/{token}")
    assert "“Stepping Stones”" in page.text
    page = client.submit(page, "Confirm and sign in", password=PASSWORD).page
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


def test_an_unconfirmed_account_cannot_sign_in_with_a_password(client):
    registering(client)
    set_password(ADDRESS)
    page = client.submit("/sign-in", "Sign in", email=ADDRESS, password=PASSWORD).page
    assert "not in use" in page.text


def set_password(email):
    """As if whoever registered the address had been able to leave a password of their own."""
    with write():
        person_with(email).password_hash = CHEAP_HASHER.hash(PASSWORD)


def test_confirming_needs_a_password_chosen_by_whoever_reads_the_mail(client):
    registering(client)
    set_password(ADDRESS)
    token = facts_of_last_mail(ADDRESS)["token"]
    page = client.submit(f"/sign-in/with/{token}", "Confirm and sign in", password="").page
    assert "Choose a password" in page.text
    assert person_with(ADDRESS).state == PersonState.UNCONFIRMED
    with pytest.raises(Refusal), write():
        actions.use_link(token)
    client.submit(page, "Confirm and sign in", password="chosen by the reader")
    confirmed = person_with(ADDRESS)
    assert confirmed.state == PersonState.ACTIVE
    assert not password_matches(confirmed.password_hash, PASSWORD)
    assert password_matches(confirmed.password_hash, "chosen by the reader")


def test_an_invitation_leaves_nothing_to_whoever_registered_the_address_before(client):
    registering(client)
    set_password(ADDRESS)
    mine = seats_of(person_with(ADDRESS).id)[0].organisation
    region = make_organisation(OrganisationKind.REGION)
    with write():
        token = memberships.invite(region, Role.DIRECTOR, ADDRESS, by=None)
    page = client.submit(
        f"/invitation/{token}",
        "Accept and set up your account",
        name="Dinah Director",
        password="chosen by the director",
    ).page
    assert page.h1 == "Set up your authenticator"
    person = person_with(ADDRESS)
    assert (person.name, person.state) == ("Dinah Director", PersonState.ACTIVE)
    assert [seat.organisation.id for seat in seats_of(person.id)] == [region.id]
    assert db.session.get_one(Organisation, mine.id).name == "Stepping Stones"
    client.submit(page, "Sign out")
    answer = client.submit("/sign-in", "Sign in", email=ADDRESS, password=PASSWORD)
    assert "is not right" in answer.page.text
    answer = client.submit("/sign-in", "Sign in", email=ADDRESS, password="chosen by the director")
    assert answer.page.h1 == "Set up your authenticator"


def test_an_invitation_ends_what_an_unconfirmed_account_could_be_entered_with(client):
    registering(client)
    person, other = person_with(ADDRESS), make_person(Role.BID_MANAGER)
    with write():
        opened = db.session.get_one(Person, person.id)
        opened.totp_secret = "JBSWY3DPEHPK3PXP"
        db.session.add(RecoveryCode(id=new_id(), person_id=person.id, code_hash=bytes(32)))
        seat = seats_of(person.id)[0].organisation
        sessions.begin(opened, seat.id, second_factor=True, how="test")
        give_role(other, seat, Role.FINANCE)
        token = memberships.invite(make_organisation(), Role.CASEWORKER, ADDRESS, by=None)
    with pytest.raises(Refusal), write():
        memberships.accept_invitation(token, "", None)
    with write():
        memberships.accept_invitation(token, "Cass Caseworker", CHEAP_HASHER.hash("theirs"))
    person = person_with(ADDRESS)
    assert person.totp_secret is None
    assert recovery_codes_left(person.id) == 0
    assert open_sessions_of(person.id) == []
    assert seat.id in {each.organisation.id for each in seats_of(person.id)}


def test_an_unconfirmed_account_is_not_opened_by_closing_and_opening_it(app):
    person = make_person(Role.BID_MANAGER, state=PersonState.UNCONFIRMED)
    by = acting_as(make_person(Role.ADMINISTRATOR))
    with write():
        memberships.reopen_account(person.id, by)
    assert db.session.get_one(Person, person.id).state == PersonState.UNCONFIRMED
    with write():
        memberships.close_account(person.id, by)
        memberships.reopen_account(person.id, by)
    assert db.session.get_one(Person, person.id).password_hash is None


def test_a_known_address_gets_a_mail_and_the_page_does_not_show_it(client):
    fresh = registering(client).text
    person = make_person(Role.CASEWORKER)
    assert registering(client, email=person.email, charity_number="7654321").text == fresh
    assert [mail.template for mail in mails_to(person.email)] == [
        "marketplace/accounts/mail/known.txt"
    ]
    assert db.session.scalar(select(func.count()).select_from(Person)) == 2


def test_a_registration_sent_twice_at_once_makes_one_account(client, monkeypatch):
    registering(client)
    monkeypatch.setattr(registration, "person_with", lambda _email: None)
    monkeypatch.setattr(registration, "check_numbers_free", lambda _org_ids: None)
    assert registering(client).h1 == "Check your email"
    monkeypatch.undo()
    assert len(seats_of(person_with(ADDRESS).id)) == 1
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_what_is_missing_is_said_in_words_that_help(client):
    page = registering(client, name="", charity_number="12", email="no address")
    assert "Enter the name of the organisation" in page.text
    assert "Charity number must be 6 or 7 digits, like 1234567" in page.text
    assert "Enter an email address in the correct format" in page.text


def test_registering_a_number_that_is_here_says_so_whoever_asks(client):
    holder = make_organisation(name="The one before", org_ids=["GB-CHC-1234567"])
    known = make_person(Role.BID_MANAGER, holder)
    fresh = registering(client)
    assert "Ask a colleague who uses this service to invite you" in fresh.text
    assert "The one before" not in fresh.text
    assert person_with(ADDRESS) is None
    same = registering(client, email=known.email)
    assert fresh.text.replace(ADDRESS, "") == same.text.replace(known.email, "")
    assert mails_to(known.email) == []


def test_whoever_sends_the_form_again_is_told_nothing_of_their_own_number(client):
    assert registering(client).h1 == registering(client).h1 == "Check your email"
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_a_number_typed_by_somebody_who_never_confirmed_is_free_again(client):
    registering(client)
    first_id = db.session.scalars(select(Organisation.id)).one()
    other = {"email": "real@charity.example", "name": "The real one"}
    assert "already registered here" in registering(client, **other).text
    with write():
        earlier = clock.now() - timedelta(minutes=actions.LINK_MINUTES + 1)
        db.session.get_one(Organisation, first_id).created_at = earlier
    assert registering(client, **other).h1 == "Check your email"
    assert list(db.session.get_one(Organisation, first_id).org_ids) == []
    real = db.session.scalars(select(Organisation).where(Organisation.name == "The real one")).one()
    assert list(real.org_ids) == ["GB-CHC-1234567"]


def test_a_number_in_use_is_never_let_go(client):
    registering(client)
    with write():
        person_with(ADDRESS).state = PersonState.ACTIVE
        db.session.scalars(select(Organisation)).one().created_at = clock.now() - timedelta(days=9)
    assert "already registered here" in registering(client, email="other@charity.example").text


def test_a_community_interest_company_is_no_charity(client):
    page = registering(client, legal_form="cic")
    assert "A community interest company cannot be a charity" in page.text


def test_whether_it_is_voluntary_is_asked_only_where_the_law_does_not_say(client):
    page = registering(client, legal_form="company", is_voluntary=None)
    assert "Select yes if it is driven by its values" in page.text
    assert registering(client, legal_form="charity", is_voluntary=None).h1 == "Check your email"
    assert db.session.scalars(select(Organisation)).one().is_voluntary


@pytest.mark.parametrize(
    ("legal_form", "said", "kept"),
    [("public_body", "yes", False), ("cio", "no", True), ("society", "yes", True)],
)
def test_the_law_decides_before_what_is_said(client, legal_form, said, kept):
    registering(client, legal_form=legal_form, is_voluntary=said)
    assert db.session.scalars(select(Organisation)).one().is_voluntary is kept


def test_one_tick_makes_the_address_the_public_one(client):
    registering(client, is_public=True)
    assert db.session.scalars(select(Organisation)).one().contact_email == ADDRESS


def test_an_address_is_not_made_public_unasked(client):
    registering(client)
    assert db.session.scalars(select(Organisation)).one().contact_email is None


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


def sent_twice(client, page, button, **fields):
    """Send one page's form a second time; the answer to that."""
    client.submit(page, button, **fields)
    return client.submit(page, button, **fields)


def test_a_form_sent_twice_makes_one_organisation_and_one_invitation(client):
    administrator = make_person(Role.ADMINISTRATOR)
    sign_in(client, administrator)
    page = client.show("/organisations/new")
    code = sorted(page.form("Add the organisation").choices("region_code") - {""})[0]
    facts = {"name": "A region", "kind": "region", "region_code": code}
    answer = sent_twice(client, page, "Add the organisation", **facts)
    assert answer.status_code == 409
    assert "Nothing was done a second time" in answer.page.text
    made = db.session.scalars(select(Organisation).where(Organisation.name == "A region")).one()
    page = client.show(f"/organisations/{made.id}/people/invite")
    facts = {"email": ADDRESS, "role": "director"}
    answer = sent_twice(client, page, "Send the invitation", **facts)
    assert answer.status_code == 409
    assert len(mails_to(ADDRESS)) == 1


def test_a_region_must_say_which(client):
    sign_in(client, make_person(Role.ADMINISTRATOR))
    page = client.submit(
        "/organisations/new", "Add the organisation", name="A region", kind="region"
    ).page
    assert "Select which probation region it is" in page.text
