"""A provider keeps its profile; a register number belongs to one organisation."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db
from marketplace.organisations.models import IncomeBand, LegalForm, Organisation
from tests.support.people import make_organisation, make_person, sign_in


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
        contact_email="hello@stepping.example",
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


def test_the_profile_asks_for_little_and_says_what_is_missing(client):
    charity = make_organisation(name="Stepping Stones", legal_form=LegalForm.CHARITY)
    sign_in(client, make_person(Role.BID_MANAGER, charity))
    page = client.show("/organisation/profile")
    assert "Still needed: your income, the areas where you work" in page.text
    assert "Good to add, but not needed: a public email address" in page.text
    page = client.submit("/organisation/profile/change", "Save", name="").page
    assert "Enter the name of the organisation" in page.text
    for wanted in ("at least one area", "your income"):
        assert wanted in page.text
    assert "Where is it based? (optional)" in page.text


def profile_of(client, **changed):
    page = client.show("/organisation/profile/change")
    area = sorted(page.form("Save").choices("areas"))[0]
    facts = {
        "legal_form": "charity",
        "income_band": "10k_to_100k",
        "is_voluntary": "yes",
        "areas": [area],
        "contact_email": "hello@stepping.example",
    }
    return client.submit(page, "Save", **(facts | changed)).page


def test_register_numbers_are_changed_and_shown_with_their_register(client):
    charity = make_organisation(org_ids=["GB-CHC-1234567", "GB-COH-01234567"])
    sign_in(client, make_person(Role.BID_MANAGER, charity))
    page = profile_of(client, company_number="7654321", charity_number="nic100012")
    assert "Charity number, Northern Ireland" in page.text and "NIC100012" in page.text
    assert "07654321" in page.text and "01234567" not in page.text
    kept = db.session.get_one(Organisation, charity.id)
    assert list(kept.org_ids) == ["GB-COH-07654321", "GB-NIC-100012"]
    profile_of(client)
    events = db.session.scalars(
        select(AuditEvent.details).where(AuditEvent.action == "organisation:changed")
    ).all()
    assert ["org_ids" in each["fields"] for each in events] == [True]


def test_a_number_belongs_to_one_organisation_and_the_rest_typed_is_kept(client):
    make_organisation(name="The one before", org_ids=["GB-CHC-1234567"])
    mine = make_organisation()
    sign_in(client, make_person(Role.BID_MANAGER, mine))
    page = profile_of(client, charity_number="123 4567", website="https://mine.example")
    assert "An organisation with the number 1234567 is already registered here" in page.text
    assert "The one before" not in page.text
    assert dict(page.form("Save").values())["website"] == "https://mine.example"
    assert list(db.session.get_one(Organisation, mine.id).org_ids) == []


def test_the_database_keeps_a_number_to_one_organisation(app):
    make_organisation(org_ids=["GB-CHC-1234567"])
    with pytest.raises(IntegrityError):
        make_organisation(org_ids=["GB-CHC-1234567"])


def test_a_person_changes_their_own_name(client):
    person = make_person(Role.BID_MANAGER)
    sign_in(client, person)
    assert "Enter your full name" in client.submit("/account/name", "Save", name=" ").page.text
    page = client.submit("/account/name", "Save", name="Siân O’Brien").page
    assert page.h1 == "My account" and "Siân O’Brien" in page.text
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "person:changed")
    ).one()
    assert event.details["fields"] == ["name"] and "Siân" not in str(event.details)
