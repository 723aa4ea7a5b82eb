"""Looking a person up: confirmed rather than typed, and never in the way."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.throttles import Limit
from marketplace.audit import AuditEvent
from marketplace.database import db
from referrals.case_system import interface
from referrals.case_system.files import PEOPLE
from referrals.drafts import known, queries
from tests.support.drafts import connect
from tests.support.people import sign_in
from tests.support.referrals import make_draft, send


@pytest.fixture
def writing(house, client):
    """A new draft of the practitioner, who is signed in: its id and address."""
    draft = make_draft(house.area_id, house.by.practitioner, {})
    sign_in(client, house.people["practitioner"])
    return draft.id, f"/referral-drafts/{draft.id}"


def answers(house, draft_id):
    return queries.draft_of(draft_id, house.by.practitioner).answers


def test_what_the_system_knows_is_confirmed_and_not_typed(app, house, client, writing, tmp_path):
    connect(app, tmp_path)
    draft_id, url = writing
    page = client.submit(f"{url}/crn", crn="x123456").page
    assert page.h1 == "Is this the person?" and "28 February 1990" in page.text
    assert "name" not in answers(house, draft_id)
    client.submit(page, use_these="yes")
    found = answers(house, draft_id)
    assert found["name"] == {"name": "Robin O’Example"} and found["found"] is None
    assert found["language"] == {"language": "cy", "other_language": None}
    asked = {each.slug for each in queries.draft_of(draft_id, house.by.practitioner).unanswered}
    assert not asked & {"name", "born", "sex", "language", "contact"}


def test_who_looked_up_whom_is_on_record_without_the_crn_and_not_without_end(
    app, client, house, writing, tmp_path, monkeypatch
):
    connect(app, tmp_path)
    monkeypatch.setattr(known, "LOOK_UPS", Limit("case_system.look_ups", 1, timedelta(hours=1)))
    draft_id, url = writing
    client.submit(f"{url}/crn", crn="x123456")
    page = client.submit(f"{url}/crn", crn="X123 456").page
    assert page.h1 != "Is this the person?"
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "referral_draft:look_up")
    ).one()
    assert event.person_id == house.by.practitioner.person_id
    assert event.subject_id == str(draft_id)
    assert event.details["crn_hash"] == queries.crn_hash("X123456").hex()
    assert "123456" not in str(event.details).replace(event.details["crn_hash"], "")


def test_details_of_somebody_else_are_not_taken_over(app, house, client, writing, tmp_path):
    connect(app, tmp_path)
    draft_id, url = writing
    page = client.submit(f"{url}/crn", crn="X123456").page
    client.submit(page, use_these="no")
    assert set(answers(house, draft_id)) == {"crn", "found"}
    client.submit(f"{url}/crn", crn="X999999")
    assert answers(house, draft_id)["found"] is None


def broken(crn):
    raise ConnectionError("away")


def hanging(crn):
    threading.Event().wait(60)


@pytest.mark.parametrize("look_up", [broken, hanging, lambda crn: None])
def test_a_system_that_fails_hangs_or_knows_nobody_is_not_waited_for(
    app, house, client, writing, tmp_path, monkeypatch, look_up
):
    system = connect(app, tmp_path)
    monkeypatch.setattr(system, "look_up", look_up)
    monkeypatch.setattr(interface, "LOOK_UP_SECONDS", 0.01)
    draft_id, url = writing
    page = client.submit(f"{url}/crn", crn="X123456").page
    assert page.h1 == "What is the person’s full name?"
    assert set(answers(house, draft_id)) == {"crn"}


@pytest.mark.parametrize(
    "known",
    [
        {"crn": "X123456", "name": "N" * 300, "sex": "unheard of", "phone": "<script>"},
        {"crn": "X123456", "name": " ", "date_of_birth": "2001-02-30"},
        {"crn": "X123456", "name": "Zoë 🦊 محمد", "language": "so" * 100, "email": "x"},
    ],
)
def test_nonsense_from_the_system_breaks_nothing(app, client, writing, tmp_path, known):
    connect(app, tmp_path)
    (tmp_path / PEOPLE).write_text(json.dumps([known]), encoding="utf-8")
    page = client.submit(f"{writing[1]}/crn", crn="X123456").page
    if page.h1 == "Is this the person?":
        page = client.submit(page, use_these="yes").page
    for slug in ("name", "sex", "contact", "language"):
        assert client.get(f"{writing[1]}/{slug}").status_code == 200


def test_an_open_referral_is_told_of_as_soon_as_the_crn_is_known(house, client, writing):
    referral = send(house.area_id, house.by.practitioner)
    page = client.submit(f"{writing[1]}/crn", crn="X123456").page
    assert "already an open referral" in page.text and referral.reference in page.text
    page = client.show(page.links()["Delete this draft"])
    page = client.submit(page, "Delete the draft").page
    assert "deleted" in page.text
