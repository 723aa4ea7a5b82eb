"""Telling the case-management system: once each, in order, whatever becomes of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from marketplace import clock
from marketplace.database import db, write
from referrals.answering import actions as answering
from referrals.codes import DeclineReason
from referrals.write_back.actions import tell_again
from referrals.write_back.delivering import MOST_ATTEMPTS, deliver
from referrals.write_back.models import WriteBack, WriteBackState
from referrals.write_back.reading import read_on
from tests.support.drafts import connect
from tests.support.people import sign_in
from tests.support.referrals import send


@pytest.fixture
def connected(app, house, tmp_path):
    """The folder that is told, from now on; a referral sent before is not told of."""
    send(house.area_id, house.by.practitioner)
    system = connect(app, tmp_path / "system")
    assert read_on(clock.now()) == 0
    return system


def files(system, kind):
    found = sorted((system.folder / kind).glob("*.json"))
    return [json.loads(each.read_text(encoding="utf-8")) for each in found]


def make_due():
    with write():
        earlier = clock.technical_now() - timedelta(seconds=1)
        db.session.execute(update(WriteBack).values(due_at=earlier))


def test_nothing_is_read_or_stored_where_no_system_is_connected(house):
    send(house.area_id, house.by.practitioner)
    assert read_on(clock.now()) == deliver(clock.now()) == 0
    assert db.session.scalars(select(WriteBack)).all() == []


def test_each_step_is_told_once_with_its_facts(house, connected):
    referral = send(house.area_id, house.by.practitioner)
    with write():
        answering.decline(referral.id, DeclineReason.NO_STAFF, house.by.caseworker)
    assert (read_on(clock.now()), read_on(clock.now())) == (2, 0)
    assert (deliver(clock.now()), deliver(clock.now())) == (2, 0)
    told = files(connected, "referrals")
    assert {each["happened"] for each in told} == {"send", "decline"}
    assert {each["reference"] for each in told} == {referral.reference}
    assert {each["crn"] for each in told} == {"X123456"}
    rows = db.session.scalars(select(WriteBack)).all()
    assert all(each.state == WriteBackState.DELIVERED and each.facts is None for each in rows)


def test_after_an_unknown_result_it_is_told_again_and_stays_one(house, connected, monkeypatch):
    send(house.area_id, house.by.practitioner)
    read_on(clock.now())
    told = connected.record_referral

    def told_and_lost(key, facts):
        told(key, facts)
        raise ConnectionError("no answer")

    monkeypatch.setattr(connected, "record_referral", told_and_lost)
    assert deliver(clock.now()) == 0
    assert deliver(clock.now()) == 0, "it waits before it tries again"
    monkeypatch.setattr(connected, "record_referral", told)
    make_due()
    assert deliver(clock.now()) == 1
    assert len(files(connected, "referrals")) == 1


def test_what_cannot_be_delivered_is_shown_and_tried_again_on_request(
    house, connected, monkeypatch, client
):
    referral = send(house.area_id, house.by.practitioner)
    read_on(clock.now())
    told = connected.record_referral
    monkeypatch.setattr(connected, "record_referral", lambda key, facts: 1 / 0)
    sign_in(client, house.people["practitioner"])
    url = f"/cases/{referral.id}/other-systems"
    deliver(clock.now())
    assert "Tried 1 time; next try" in client.show(url).text
    for _try in range(MOST_ATTEMPTS):
        make_due()
        deliver(clock.now())
    page = client.show(url)
    assert "Could not be delivered" in page.text
    monkeypatch.setattr(connected, "record_referral", told)
    client.submit(page, "Try again what failed")
    assert deliver(clock.now()) == 1
    assert "Delivered" in client.show(url).text


def test_asking_twice_or_for_nothing_tells_nothing_twice(house, connected):
    referral = send(house.area_id, house.by.practitioner)
    read_on(clock.now())
    deliver(clock.now())
    for _press in range(2):
        with write():
            tell_again(referral.id, house.by.practitioner)
    assert deliver(clock.now()) == 0
