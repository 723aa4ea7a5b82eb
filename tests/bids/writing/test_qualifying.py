"""Qualifying as a step of the bid, from the public lot on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bids.checklist import tasks
from bids.models import Bid
from bids.tasks import Group
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, new_id, write
from marketplace.qualification.models import (
    Application,
    ApplicationState,
    Correction,
    Ground,
    Qualification,
    QualificationState,
)
from tests.support.bids import bid_as_stored, bidder
from tests.support.lots import make_open_lot
from tests.support.mails import facts_of_last_mail
from tests.support.people import PASSWORD, browser_of, make_person
from tests.support.qualification import qualify


def begun(app, person):
    lot = make_open_lot()
    client = browser_of(app, person)
    return client, client.submit(f"/opportunities/{lot.id}", "Start a bid").page


def own_task(app, organisation):
    bid = db.session.scalars(select(Bid)).one()
    with app.test_request_context():
        found = tasks(bid_as_stored(bid.id), organisation.id)
    return next(task for task in found if task.group is Group.QUALIFICATION)


def test_an_organisation_that_has_not_applied_is_led_to_the_form_with_the_category_ticked(app):
    organisation, person = bidder(qualified=False)
    client, page = begun(app, person)
    assert "has not applied to qualify for Women" in page.text
    form = client.show(page.links()["Qualification: Women"])
    assert ("categories", "women") in form.form().values()


@pytest.mark.parametrize(
    ("state", "sentence", "blocks"),
    [
        (ApplicationState.DRAFT, "begun and not sent yet", True),
        (ApplicationState.SUBMITTED, "You can submit your bid meanwhile", False),
        (ApplicationState.NOT_YET, "decided “not yet”", True),
    ],
)
def test_the_task_says_how_the_application_stands_and_leads_to_it(app, state, sentence, blocks):
    organisation, person = bidder(qualified=False)
    qualify(organisation, state=state)
    client, page = begun(app, person)
    assert sentence in page.text
    assert (own_task(app, organisation).problem is not None) == blocks
    application = client.show(page.links()["Qualification: Women"])
    # And from there back to the bid whose step it is.
    assert client.show(application.links()[f"Go to the bid {title(page)}"]).h1 == page.h1


def title(page):
    return page.h1.removeprefix("Your bid: ")


def test_a_correction_asked_for_is_shown_as_what_must_be_done_and_does_not_block(app):
    organisation, person = bidder(qualified=False)
    qualify(organisation, state=ApplicationState.CORRECTION_REQUESTED)
    application = db.session.scalars(select(Application)).one()
    with write():
        db.session.add(
            Correction(
                id=new_id(),
                application_id=application.id,
                requested_at=clock.now(),
                requested_by_id=person.id,
                question_ids=[],
                why="Say more",
                until=clock.today() + timedelta(days=5),
            )
        )
    _client, page = begun(app, person)
    assert "asks you to correct your application by" in page.text and "To do" in page.text
    assert own_task(app, organisation).problem is None


def test_a_suspended_qualification_is_named_as_such(app):
    organisation, person = bidder()
    with write():
        held = db.session.scalars(
            select(Qualification).where(Qualification.organisation_id == organisation.id)
        ).one()
        held.state = QualificationState.SUSPENDED
        held.suspended_at = clock.now()
        held.suspended_until = clock.today() + timedelta(days=9)
        held.suspension_ground, held.suspension_text = Ground.UNTRUE_ANSWER, "See the letter"
    _client, page = begun(app, person)
    assert "is suspended" in page.text


def test_others_see_no_way_to_bids_on_the_pages_of_qualification(app):
    organisation, person = bidder(qualified=False)
    begun(app, person)
    other = browser_of(app, bidder(qualified=False)[1])
    assert "Go to the bid" not in other.show("/qualification").text
    assert "Go to the bid" in browser_of(app, person).show("/qualification").text


def test_finance_people_read_of_the_qualification_without_a_dead_link(app):
    organisation, person = bidder(qualified=False)
    _client, page = begun(app, person)
    finance = browser_of(app, make_person(Role.FINANCE, organisation), organisation)
    read = finance.show(page.url.partition("?")[0])
    assert "Qualification: Women" in read.text and "Qualification: Women" not in read.links()


def test_from_a_public_lot_through_registering_back_to_the_lot(app):
    lot = make_open_lot()
    client = app.test_client()
    page = client.show(f"/opportunities/{lot.id}")
    register = client.show(page.links()["New here? Register your organisation"])
    sent = client.submit(
        register,
        "Register",
        name="Beacon Trust",
        legal_form="cio",
        charity_number="1234567",
        income_band="10k_to_100k",
        is_voluntary="yes",
        based_in=sorted(register.form("Register").choices("based_in") - {""})[0],
        person_name="Bea Con",
        email="bea@beacon.example",
    )
    assert sent.page.h1 == "Check your email"
    # The mail says nothing of the lot: it would tie the two together.
    facts = facts_of_last_mail("bea@beacon.example")
    assert str(lot.id) not in str(facts)
    opened = client.show(f"/sign-in/with/{facts['token']}")
    set_up = client.submit(opened, "Confirm and sign in", password=PASSWORD).page
    later = client.show(set_up.links()["Do this later"])
    assert later.h1 == page.h1
    assert "What is missing" in client.submit(later, "Start a bid").page.text


def test_signing_in_from_a_public_lot_comes_back_to_it(app):
    lot = make_open_lot()
    client = app.test_client()
    page = client.show(f"/opportunities/{lot.id}")
    sign_in = client.show(page.links()["Sign in to bid"])
    assert f"next=/opportunities/{lot.id}" in sign_in.links()["Register your organisation"]
    assert f"next=/opportunities/{lot.id}" in sign_in.links()["Get a link by email"]


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_no_way_leads_out_of_the_service(app, elsewhere):
    client = app.test_client()
    client.get("/register", query_string={"next": elsewhere})
    with client.session_transaction() as cookie:
        assert "going_to" not in cookie
