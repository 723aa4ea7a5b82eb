"""Who may know of a case at all: the same condition for lists, look-up, pages and actions."""

from __future__ import annotations

import pytest

from marketplace.database import write
from marketplace.permissions import NotYours
from referrals.answering import actions, assigning
from referrals.lists import searching
from referrals.lists.tabs import Tab
from referrals.queries import case
from referrals.teams import actions as teams
from tests.support.lists import first_page
from tests.support.people import acting_as
from tests.support.referrals import accepted, finished_answers, send


def join(unit, by, house):
    teams.confirm(teams.choose(unit, by).id, unit, house.by.team_manager)


def seen(by):
    return {row.id for tab in (Tab.OPEN, Tab.ENDED) for row in first_page(by, tab).rows}


def test_each_side_sees_its_own_and_nobody_else_any(house):
    referral = send(house.area_id, house.by.practitioner)
    for name in ("practitioner", "manager", "caseworker"):
        assert seen(getattr(house.by, name)) == {referral.id}, name
    for name in ("colleague", "team_manager", "rival", "stranger", "prison_practitioner"):
        assert seen(getattr(house.by, name)) == set(), name
        with pytest.raises(NotYours):
            case(referral.id, getattr(house.by, name))


def test_a_team_sees_its_units_cases(house):
    referral = send(house.area_id, house.by.practitioner)
    with write():
        join("east-kent", house.by.colleague, house)
        teams.choose("west-kent", house.by.team_manager)
    assert seen(house.by.colleague) == {referral.id}
    assert seen(house.by.team_manager) == set()


def test_a_restricted_case_is_hidden_from_the_team_but_not_from_those_named(house):
    colleague = house.people["colleague"]
    with write():
        join("east-kent", house.by.colleague, house)
        teams.choose("east-kent", house.by.team_manager)
    named = {"is_restricted": "yes", "named": colleague.email}
    referral = send(house.area_id, house.by.practitioner, finished_answers(restricted=named))
    assert seen(house.by.colleague) == {referral.id}
    assert seen(house.by.team_manager) == set()
    assert seen(house.by.manager) == {referral.id}
    assert seen(house.by.caseworker) == set()
    with write():
        actions.accept(referral.id, house.by.manager)
        assigning.assign(referral.id, house.by.caseworker.person_id, house.by.manager)
    assert seen(house.by.caseworker) == {referral.id}


def test_a_provider_does_not_see_who_waits(house):
    for _ in range(2):
        send(house.area_id, house.by.practitioner)
    waits = send(house.area_id, house.by.practitioner)
    assert waits.id not in seen(house.by.manager)
    assert waits.id in seen(house.by.practitioner)


def test_acting_for_another_organisation_shows_nothing(house):
    referral = send(house.area_id, house.by.practitioner)
    from marketplace.acting import Role
    from tests.support.people import give_role, make_organisation

    elsewhere = make_organisation()
    give_role(house.people["practitioner"], elsewhere, Role.SERVICE_MANAGER)
    assert seen(acting_as(house.people["practitioner"], elsewhere)) == set()
    assert seen(house.by.practitioner) == {referral.id}


@pytest.mark.parametrize("typed", ["X123456", " x123456 ", "x 123456"])
def test_exact_look_up_by_crn_finds_only_what_one_may_see(house, typed):
    referral = accepted(send(house.area_id, house.by.practitioner), house.by.caseworker)
    assert [row.id for row in searching.search(typed, house.by.caseworker).rows] == [referral.id]
    assert [
        row.id for row in searching.search(referral.reference.lower(), house.by.manager).rows
    ] == [referral.id]
    assert searching.search(typed, house.by.rival).rows == []
