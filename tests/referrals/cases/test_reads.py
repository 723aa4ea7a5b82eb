"""Every read of a case can be read: by its practitioner, and by the auditor, who is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, new_id
from marketplace.observations import Reading
from referrals.reads import queries
from tests.support.people import make_person, sign_in, written
from tests.support.referrals import finished_answers, send
from tests.support.statements import statements_sent


@pytest.fixture
def read(house, client):
    """A case whose caseworker has read it and its risk information."""
    referral = send(house.area_id, house.by.practitioner)
    sign_in(client, house.people["caseworker"])
    client.show(f"/cases/{referral.id}")
    client.show(f"/cases/{referral.id}/risk")
    return referral


def kinds_by(person):
    found = select(Reading.kind).where(Reading.person_id == person.id).order_by(Reading.at)
    return db.session.scalars(found).all()


def test_the_practitioner_reads_who_has_read_it_and_that_is_recorded(house, read, client):
    practitioner = house.people["practitioner"]
    sign_in(client, practitioner)
    page = client.show(f"/cases/{read.id}/reads")
    assert page.text.count(house.people["caseworker"].name) >= 2
    assert "Harbour Trust" in page.text and "The risk information" in page.text
    assert kinds_by(practitioner) == ["referral_reads"]
    assert "Who has read the case" in client.show(f"/cases/{read.id}/reads").text


def test_others_are_not_told_who_has_read_it(house, read, client):
    for name, answer in (("caseworker", 403), ("manager", 403), ("stranger", 404), ("rival", 403)):
        sign_in(client, house.people[name])
        assert client.get(f"/cases/{read.id}/reads").status_code == answer, name


def test_whoever_is_named_for_a_restricted_case_reads_it(house, client):
    named = {"is_restricted": "yes", "named": house.people["colleague"].email}
    hidden = send(house.area_id, house.by.practitioner, finished_answers(restricted=named))
    sign_in(client, house.people["colleague"])
    assert "Who has read the case" in client.show(f"/cases/{hidden.id}/reads").text


def test_the_auditor_finds_reads_by_case_and_by_person(house, read, client):
    auditor = make_person(Role.AUDITOR)
    sign_in(client, auditor)
    page = client.submit("/audit/case-reads", "Show who has read it", reference="AB0000CD").page
    assert "No case has this reference" in page.text
    typed = f" {read.reference.lower()} "
    page = client.submit("/audit/case-reads", "Show who has read it", reference=typed).page
    caseworker = house.people["caseworker"]
    assert page.text.count(caseworker.name) == 2
    assert read.name not in page.text and read.crn not in page.text
    today = clock.today()
    period = {
        f"{name}-{part}": str(getattr(today, part))
        for name in ("first", "last")
        for part in ("day", "month", "year")
    }
    page = client.submit(
        "/audit/case-reads",
        "Show what they have read",
        fields={"email": caseworker.email, **period},
    ).page
    assert page.text.count(read.reference) == 2 and caseworker.name in page.h1
    assert "email" not in page.url and caseworker.email not in page.url
    backwards = {**period, "last-year": str(today.year - 1)}
    page = client.submit(
        "/audit/case-reads",
        "Show what they have read",
        fields={"email": caseworker.email, **backwards},
    ).page
    assert "first day or later" in page.text
    assert kinds_by(auditor) == ["referral_reads", "reads_of_person"]
    for path in ("", f"/cases/{new_id()}", f"/people/{new_id()}?first=x&last=2026-02-31"):
        assert client.get(f"/audit/case-reads{path}").status_code == (404 if path else 200)


def test_long_records_are_paged_in_the_same_number_of_statements(house, read, app):
    with statements_sent() as few:
        assert len(queries.reads_of(read.id).rows) == 2
    add_readings(house, read, queries.SIZE * 2)
    with statements_sent() as many:
        page = queries.reads_of(read.id)
    assert len(page.rows) == queries.SIZE and page.more
    assert len(many) == len(few)


def add_readings(house, read, number):
    with written():
        db.session.add_all(
            Reading(
                at=clock.now() - timedelta(minutes=each),
                kind="referral",
                subject_id=read.id,
                person_id=house.people["manager"].id,
                organisation_id=house.charity.id,
            )
            for each in range(number)
        )
