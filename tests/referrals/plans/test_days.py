"""Enforceable days: one for each calendar day attended, over the person's open referrals."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.calendar import start_of
from marketplace.database import write
from referrals.answering import actions as answering
from referrals.codes import EndReason
from referrals.delivery.models import Attendance
from referrals.plans.rar import days_used
from tests.support.referrals import again, finished_answers, send, started
from tests.support.sessions import attended


@pytest.fixture
def cases(house):
    """Two cases of one person; three days are referred for in each."""
    answers = finished_answers() | {"rar-days": {"rar_days": 3}}
    return [
        started(send(house.area_id, house.by.practitioner, answers), house.by.caseworker)
        for _ in range(2)
    ]


def meet(referral, by, days, hour, attendance=Attendance.ATTENDED):
    """A session so many days from today at this hour in London, with what came of it."""
    at = start_of(clock.today() + timedelta(days=days)) + timedelta(hours=hour)
    attended(referral.id, by, at, attendance)


def used(referral):
    days = days_used(again(referral.id))
    return days.here, days.in_all


def test_a_day_counts_once_however_many_sessions_and_services_it_held(house, cases):
    one, other = cases
    worker = house.by.caseworker
    assert used(one) == (0, 0), "the assessment does not count"
    meet(one, worker, 1, 10)
    meet(one, worker, 1, 15, Attendance.LATE)
    meet(one, worker, 2, 10, Attendance.ABSENT)
    meet(one, worker, 3, 10, Attendance.NOT_HELD)
    assert used(one) == (1, 1)
    meet(other, worker, 1, 12)  # the same day at the other service
    meet(other, worker, 4, 23)
    assert used(one) == (1, 2) and used(other) == (2, 2)
    stranger = finished_answers() | {"crn": {"crn": "X999999"}}
    assert used(send(house.area_id, house.by.practitioner, stranger)) == (0, 0)


def test_an_ended_case_leaves_the_sum_and_the_maximum_warns_without_refusing(house, cases, user):
    one, other = cases
    worker = house.by.caseworker
    for day in (1, 2):
        meet(one, worker, day, 10)
    assert not days_used(again(one.id)).is_reached
    meet(one, worker, 3, 10)
    assert days_used(again(one.id)).is_reached
    meet(one, worker, 4, 10)
    assert used(other) == (0, 4)
    warned = user("practitioner").show(f"/cases/{one.id}").text
    assert "All enforceable days of this person have been used" in warned
    assert "used: 4 of 3" in warned
    with write():
        answering.end_early(one.id, EndReason.MOVED, "", house.by.practitioner)
    assert used(other) == (0, 0) and used(one) == (4, 4)
