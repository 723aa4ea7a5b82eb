"""Saving a list: guarded, counted in the audit, without names for most, never a restricted case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.accounts.models import SignInSession
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.permissions import Refused
from referrals.lists import saving
from referrals.lists.asking import Asked
from referrals.lists.saving import SaveReason
from referrals.lists.tabs import Sort, Tab
from tests.support.people import browser_of, sign_in, written


def test_a_manager_saves_a_part_with_names_and_why(app, town, monkeypatch):
    town.refer("=HYPERLINK(1)", "X000001")
    town.refer("Ann Example", "X000002")
    secret = town.refer("Hidden Name", "X000003", restricted={"is_restricted": "yes", "named": ""})
    monkeypatch.setattr(saving, "SIZE", 1)
    manager = browser_of(app, town.people["manager"])
    form = manager.show(manager.show("/referrals").links()["Save this list as a table"])
    assert "in this part, and more in the next" in form.text
    refused = manager.submit(form, "Save the table")
    assert "Choose why you need this table" in refused.page.text
    saved = manager.submit(form, "Save the table", reason="meeting", names=True)
    assert saved.mimetype == "text/csv" and "Ann Example" in saved.text
    second = manager.show(form.links()["The next part of this list"])
    rest = manager.submit(second, "Save the table", reason="meeting", names=True).text
    assert "'=HYPERLINK(1)" in rest and "Ann" not in rest
    assert secret.reference not in saved.text + rest
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "referral:save_list")
    ).all()
    assert [each.details["cases"] for each in events] == [1, 1]
    assert events[0].details["reason"] == "meeting" and events[0].details["names"] is True
    assert "Ann" not in str(events[0].details)


def test_whoever_saves_a_list_confirms_that_it_is_them(town, client):
    signed_in = sign_in(client, town.people["manager"])
    assert client.get("/cases/save?show=new").status_code == 200
    with write():
        row = db.session.get_one(SignInSession, signed_in.id)
        row.second_factor_at = clock.technical_now() - timedelta(minutes=6)
    asked = client.get("/cases/save?show=new")
    assert asked.location.startswith("/confirm") and "show" in asked.location


def test_others_save_without_names_whatever_they_send(app, town):
    town.refer("Ann Example", "X000002")
    caseworker = browser_of(app, town.people["caseworker"])
    form = caseworker.show("/cases/save?show=new")
    assert "With names" not in form.text
    saved = caseworker.submit(form, "Save the table", reason="supervision").text
    assert "Ann" not in saved and "X000002" not in saved
    asked = Asked(Tab.NEW, Sort.NEWEST)
    with app.test_request_context(), pytest.raises(Refused), written():
        saving.save(asked, SaveReason.MEETING, True, town.by.caseworker)
