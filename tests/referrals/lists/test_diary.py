"""The diary of those who deliver: what is theirs, by day, and what is still to be recorded."""

from __future__ import annotations

from datetime import timedelta

from marketplace import clock
from marketplace.database import db, write
from referrals.delivery.models import CaseSession
from referrals.groups import actions as groups
from referrals.lists.diary import diary
from tests.support.people import sign_in
from tests.support.referrals import started
from tests.support.sessions import arranged, group_of, meetings


def shown(by):
    found = diary(by)
    return {each.id for each in found.to_record}, [
        each.id for _day, entries in found.days for each in entries
    ]


def back(session_id, days):
    with write():
        db.session.get_one(CaseSession, session_id).starts_at = clock.now() - timedelta(days=days)


def test_a_diary_holds_own_sessions_and_a_managers_everybodys(town, client):
    by = town.by
    own = started(town.refer(), by.caseworker).id
    of_other = started(town.refer(crn="X000002"), by.manager).id
    late = arranged(own, by.caseworker, clock.now() + timedelta(minutes=5))
    back(late, 1)
    soon = arranged(own, by.caseworker, clock.now() + timedelta(days=2))
    arranged(own, by.caseworker, clock.now() + timedelta(days=20))
    theirs = arranged(of_other, by.manager, clock.now() + timedelta(days=3))
    group_id = group_of(town.large.areas[0].id, by.manager)
    (meeting,) = meetings(group_id, by.manager)
    with write():
        groups.add_people(group_id, [own, of_other], by.manager)
    to_record, ahead = shown(by.caseworker)
    assert late in to_record
    assert ahead == [meeting, soon]
    to_record, ahead = shown(by.manager)
    assert late in to_record
    assert ahead == [meeting, soon, theirs]
    sign_in(client, town.people["caseworker"])
    page = client.show("/my-sessions")
    assert f"/cases/{own}/sessions/{late}" in page.html
    assert "Tenancy skills" in page.text
    assert 'href="/my-sessions"' in client.show("/referrals").html
