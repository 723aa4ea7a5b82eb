"""What is still to come when a case ends: called off, the seat in the group free, everybody met."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lots.contracts.models import ContractArea
from marketplace import clock
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from referrals import clocks
from referrals.answering import actions as answering
from referrals.codes import EndReason
from referrals.continuity.moving import move
from referrals.delivery.models import CaseSession
from referrals.ending import actions as ending
from referrals.groups import actions as groups
from referrals.groups import queries
from referrals.models import ClockKind
from referrals.queries import locked_with_place
from tests.support.contracts import make_live_contract
from tests.support.people import make_organisation, sign_in
from tests.support.referrals import accepted, finished_answers, report, send, started
from tests.support.sessions import arranged, group_of, meetings, sessions_in

DAY = timedelta(days=1)


@pytest.fixture
def case(house):
    return send(house.area_id, house.by.practitioner)


def move_elsewhere(referral_id, house):
    other = make_organisation(name="Second Street", contact_email="in@second.example")
    target = make_live_contract(other, buyer=house.region, places=1).areas[0].id
    with write():
        areas = select(ContractArea).where(ContractArea.id.in_((house.area_id, target)))
        db.session.scalars(areas.order_by(ContractArea.id).with_for_update()).all()
        by = house.by.practitioner
        move(locked_with_place(referral_id, by), target, by)


def end(referral_id, way, house):
    if way == "moved":
        move_elsewhere(referral_id, house)
        return
    with write():
        if way == "completed":
            report(referral_id, house.by.caseworker)
        else:
            step = answering.withdraw if way == "withdrawn" else answering.end_early
            step(referral_id, EndReason.MOVED, "", house.by.practitioner)


@pytest.mark.parametrize("way", ["completed", "ended early", "withdrawn", "moved"])
def test_what_is_arranged_is_called_off_with_the_case_and_the_seat_is_free(house, case, way):
    by = house.by.caseworker
    make = accepted if way == "withdrawn" else started
    make(case, by)
    other = started(send(house.area_id, house.by.practitioner), by)
    group = group_of(house.area_id, by, capacity=2)
    meetings(group, by)
    arranged(case.id, by, clock.now() + 3 * DAY)
    with write():
        groups.add_people(group, [case.id, other.id], by)
    if way == "completed":
        with write():
            ending.conclude(case.id, by)
        assert all(each.is_ahead for each in sessions_in(case.id)), "held until the report is sent"
    end(case.id, way, house)
    ahead = [each for each in sessions_in(case.id) if each.starts_at > clock.now()]
    assert len(ahead) == 2 and all(each.cancelled_at for each in ahead)
    due = [each for each in clocks.clocks_of(case.id) if each.kind == ClockKind.FEEDBACK]
    assert due and all(each.lapsed and each.stopped_on for each in due)
    seen, total = queries.members(group, by)
    assert ([each.id for each in seen], total) == ([other.id], 1)
    assert all(each.is_ahead for each in sessions_in(other.id)), "nobody else's"


def test_the_page_of_the_report_says_what_will_be_called_off(house, case, client):
    by = house.by.caseworker
    started(case, by)
    arranged(case.id, by, clock.now() + DAY)
    sign_in(client, house.people["caseworker"])
    page = client.submit(f"/cases/{case.id}", "Finish the sessions").page
    assert "1 session is still arranged. It is called off when the report is sent" in page.text


def test_new_dates_are_for_a_member_too_whom_the_caseworker_cannot_see(house, case):
    restricted = {"restricted": {"is_restricted": "yes", "named": ""}}
    hidden = started(
        send(house.area_id, house.by.practitioner, finished_answers(**restricted)), house.by.manager
    )
    group = group_of(house.area_id, house.by.manager)
    with write():
        groups.add_people(group, [hidden.id], house.by.manager)
    meetings(group, house.by.second_caseworker, weeks=2)
    assert len(sessions_in(hidden.id)) == 2
    busy = clock.now() + 4 * DAY
    arranged(hidden.id, house.by.manager, busy)
    with pytest.raises(Refusal, match="whose case you cannot see") as refused, write():
        groups.add_meetings(group, busy, 1, house.by.second_caseworker)
    assert hidden.reference not in str(refused.value.text)


def test_no_report_while_what_came_of_a_session_that_passed_meanwhile_is_open(house, case):
    by = house.by.caseworker
    started(case, by)
    session = arranged(case.id, by, clock.now() + DAY)
    with write():
        ending.conclude(case.id, by)
        db.session.execute(
            update(CaseSession).where(CaseSession.id == session).values(starts_at=clock.now() - DAY)
        )

    with pytest.raises(Refusal, match="Record what came"):
        report(case.id, by)
