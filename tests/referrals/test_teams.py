"""Delivery units: chosen once however often pressed, confirmed by the region's team manager."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import NotYours, Refused
from referrals.lists.tabs import Tab
from referrals.models import TeamMember
from referrals.teams import actions as teams
from tests.support.lists import first_page
from tests.support.people import acting_as, make_person
from tests.support.referrals import send


def chosen(unit, by):
    with write():
        return teams.choose(unit, by).id


def sees_a_case(by):
    return bool(first_page(by, Tab.OPEN).rows)


def test_cases_are_seen_only_once_a_team_manager_has_confirmed(house):
    send(house.area_id, house.by.practitioner)
    member = chosen("east-kent", house.by.colleague)
    assert not sees_a_case(house.by.colleague)
    assert teams.requests_count(house.by.team_manager) == 1
    with write():
        teams.confirm(member, "east-kent", house.by.team_manager)
    assert sees_a_case(house.by.colleague)
    assert teams.requests_count(house.by.team_manager) == 0
    done = db.session.scalars(select(AuditEvent.action)).all()
    assert {"referral_team:choose", "referral_team:confirm"} <= set(done)


def test_choosing_again_is_one_membership_and_asks_again_for_another_unit(house):
    first = chosen("east-kent", house.by.colleague)
    with write():
        teams.confirm(first, "east-kent", house.by.team_manager)
    assert chosen("east-kent", house.by.colleague) == first
    assert db.session.get_one(TeamMember, first).confirmed_at is not None
    assert chosen("west-kent", house.by.colleague) == first
    db.session.expire_all()
    assert db.session.get_one(TeamMember, first).confirmed_at is None
    assert len(db.session.scalars(select(TeamMember)).all()) == 1


def test_what_is_confirmed_is_what_was_shown(house):
    member = chosen("east-kent", house.by.colleague)
    chosen("west-kent", house.by.colleague)
    with pytest.raises(Refusal, match="another delivery unit"), write():
        teams.confirm(member, "east-kent", house.by.team_manager)


def test_nobody_but_a_team_manager_of_the_organisation_confirms_and_once(house):
    member = chosen("east-kent", house.by.colleague)
    elsewhere = acting_as(make_person(Role.TEAM_MANAGER))
    for by, refused in ((house.by.colleague, Refused), (elsewhere, NotYours)):
        with pytest.raises(refused), write():
            teams.confirm(member, "east-kent", by)
        with pytest.raises(refused), write():
            teams.refuse(member, by)
    assert teams.requests(elsewhere) == []
    with write():
        teams.confirm(member, "east-kent", house.by.team_manager)
    with pytest.raises(AlreadyChanged), write():
        teams.confirm(member, "east-kent", house.by.team_manager)
