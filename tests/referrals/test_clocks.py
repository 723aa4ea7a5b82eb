"""Clocks: due in days that count, paused and not lost, lapsed or late, and told of once."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from lots.contracts.delivery.vocabulary import Indicator
from marketplace import calendar, clock
from marketplace.audit import AuditEvent
from marketplace.calendar import ENGLAND_AND_WALES, ONE_DAY
from marketplace.database import db, write
from marketplace.outbox.models import OutboxMessage
from referrals import clocks, escalating
from referrals.answering import actions as answering
from referrals.codes import EndReason, ReferralState
from referrals.delivery.models import Method
from referrals.delivery.sessions import arrange_session
from referrals.delivery.venues import Venue
from referrals.indicators import indicators
from referrals.models import ClockKind, ReferralClock
from tests.support.mails import facts_of_last_mail
from tests.support.referrals import again, send, started

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
KINDS = st.sampled_from(list(ClockKind))


@given(KINDS, DAYS)
def test_nothing_is_due_before_it_starts_and_working_days_end_on_one(kind, day):
    due = clocks.due(kind, day)
    assert due >= day
    if kind == ClockKind.CONTACT:
        assert due == day + timedelta(days=10)
    elif kind == ClockKind.FEEDBACK:
        assert due == day
    else:
        number = clocks.WORKING_DAYS[kind]
        assert calendar.working_days_between(day, due, ENGLAND_AND_WALES) == number
        assert calendar.is_working_day(due, ENGLAND_AND_WALES)


@given(KINDS, DAYS)
def test_who_starts_later_is_never_due_earlier(kind, day):
    assert clocks.due(kind, day) <= clocks.due(kind, day + ONE_DAY)


@given(KINDS, DAYS, st.integers(0, 20), st.integers(0, 30))
def test_a_pause_takes_no_time_away_and_gives_none_beyond_its_own(kind, day, after, length):
    paused_on = day + timedelta(days=after)
    resumed = paused_on + timedelta(days=length)
    due = clocks.due(kind, day)
    running = SimpleNamespace(kind=kind, started_on=day, due_on=due)
    moved = clocks.moved(running, paused_on, resumed)
    assert moved >= due
    if kind == ClockKind.CONTACT:
        assert moved - due == resumed - paused_on
    else:
        gained = calendar.working_days_between(due, moved, ENGLAND_AND_WALES)
        assert gained == calendar.working_days_between(paused_on, resumed, ENGLAND_AND_WALES)


@given(DAYS, st.integers(1, 60))
def test_a_pause_before_a_clock_starts_changes_nothing(day, ahead):
    starts = day + timedelta(days=ahead)
    due = clocks.due(ClockKind.ASSESSMENT, starts)
    running = SimpleNamespace(kind=ClockKind.ASSESSMENT, started_on=starts, due_on=due)
    assert clocks.moved(running, day, starts) == due


def clocks_of(referral):
    db.session.expire_all()
    return {each.kind: each for each in clocks.clocks_of(referral.id)}


def run_out(referral, *kinds):
    """As if these clocks had run out two days ago."""
    passed = clock.today() - timedelta(days=2)
    with write():
        db.session.execute(
            update(ReferralClock)
            .where(ReferralClock.referral_id == referral.id, ReferralClock.kind.in_(kinds))
            .values(started_on=passed, due_on=passed)
        )
        clocks.note_next(referral.id)


def overdue_mails(referral):
    about = (OutboxMessage.subject_id == referral.id, OutboxMessage.template.contains("overdue"))
    return [each.recipient for each in db.session.scalars(select(OutboxMessage).where(*about))]


@pytest.fixture
def sent(house):
    return send(house.area_id, house.by.practitioner)


def test_what_ran_out_is_told_once_to_managers_and_the_practitioner_and_decides_nothing(
    house, sent
):
    assert escalating.escalate(clock.now()) == 0
    run_out(sent, ClockKind.RESPONSE, ClockKind.CONTACT)
    assert escalating.escalate(clock.now()) == 1
    assert escalating.escalate(clock.now()) == 0
    people = house.people
    told = {people["manager"].email, people["practitioner"].email}
    assert sorted(overdue_mails(sent)) == sorted(told)
    what = facts_of_last_mail(people["manager"].email)["what"]
    assert set(what.split("; ")) == {"Answer the referral", "Arrange the first meeting"}
    assert again(sent.id).state == ReferralState.SENT
    events = select(AuditEvent).where(AuditEvent.action == "referral_clock:escalate")
    assert len(db.session.scalars(events).all()) == 2


def test_a_paused_clock_is_not_told_of_and_the_next_expiry_is_known(house, sent):
    due = clocks_of(sent)[ClockKind.RESPONSE].due_on
    assert escalating.next_expiry(clock.now()) == calendar.end_of(due)
    with write():
        answering.query(sent.id, "Which days?", house.by.manager)
    run_out(sent, *ClockKind)
    assert escalating.escalate(clock.now()) == 0
    assert escalating.next_expiry(clock.now()) is None
    with write():
        answering.reply(sent.id, "Any", house.by.practitioner)
    assert escalating.escalate(clock.now()) == 1


def test_an_end_lets_what_was_not_due_lapse_and_keeps_what_ran_out(house, sent):
    run_out(sent, ClockKind.RESPONSE)
    with write():
        answering.withdraw(sent.id, EndReason.MOVED, "", house.by.practitioner)
    found = clocks_of(sent)
    assert found[ClockKind.RESPONSE].was_late and not found[ClockKind.RESPONSE].lapsed
    assert found[ClockKind.CONTACT].lapsed and found[ClockKind.ASSESSMENT].lapsed
    far = timedelta(days=60)
    figures = indicators(house.contract.id, clock.today() - far, clock.today() + far)
    assert figures[Indicator.RESPONSE] == (0, 1, 1)
    assert figures[Indicator.CONTACT] == figures[Indicator.ASSESSMENT] == (0, 0, 0)


def test_a_session_has_a_clock_of_its_own_and_one_called_off_counts_nowhere(house, sent):
    case = started(sent, house.by.caseworker)
    assert clocks_of(case)[ClockKind.PLAN].due_on == clocks.due(ClockKind.PLAN, clock.today())
    at = clock.now() + timedelta(hours=1)
    with write():
        session = arrange_session(case.id, at, Venue(Method.PHONE), house.by.caseworker).id
    feedback = clocks_of(case)[ClockKind.FEEDBACK]
    assert (feedback.session_id, feedback.due_on) == (session, calendar.day_of(at))
    with write():
        clocks.lapse_feedback(clock.today(), session)
    far = timedelta(days=60)
    figures = indicators(house.contract.id, clock.today() - far, clock.today() + far)
    assert figures[Indicator.FEEDBACK] == (0, 0, 0)
    assert figures[Indicator.PLAN] == (0, 0, 0), "still to come"


def test_a_job_that_fails_half_way_tells_the_rest_the_next_time(house, sent):
    other = send(house.area_id, house.by.practitioner)
    for case in (sent, other):
        run_out(case, ClockKind.RESPONSE)
    with patch.object(escalating, "BATCH", 1):
        assert escalating.escalate(clock.now()) == 1
        assert escalating.escalate(clock.now()) == 1
        assert escalating.escalate(clock.now()) == 0
    assert len(overdue_mails(sent)) == len(overdue_mails(other)) == 2
