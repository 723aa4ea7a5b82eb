"""Accept, ask, reply, decline, withdraw: who may, what follows, and only once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from marketplace import calendar, clock
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import NotYours, Refused
from referrals import clocks
from referrals.answering import actions, assigning
from referrals.codes import DeclineReason, EndReason, ReferralState
from referrals.lists.tabs import Tab
from referrals.models import Caseworker, ClockKind, ReferralClock, ReferralMessage
from tests.support.lists import first_page
from tests.support.referrals import accepted, again, send, started


def clock_of(referral, kind):
    return db.session.scalars(
        select(ReferralClock).where(
            ReferralClock.referral_id == referral.id, ReferralClock.kind == kind
        )
    ).one()


def mails_about(referral):
    return list(
        db.session.scalars(
            select(OutboxMessage.template).where(OutboxMessage.subject_id == referral.id)
        )
    )


def test_two_caseworkers_accepting_have_one_effect_and_a_clear_message(house):
    referral = send(house.area_id, house.by.practitioner)
    accepted(referral, house.by.caseworker)
    with pytest.raises(AlreadyChanged, match="already been done"), write():
        actions.accept(referral.id, house.by.second_caseworker)
    workers = db.session.scalars(
        select(Caseworker.person_id).where(Caseworker.referral_id == referral.id)
    ).all()
    assert workers == [house.by.caseworker.person_id]
    assert mails_about(referral).count("referrals/mail/accepted.txt") == 1


def test_a_manager_who_accepts_becomes_no_caseworker(house):
    referral = accepted(send(house.area_id, house.by.practitioner), house.by.manager)
    assert db.session.scalars(select(Caseworker)).all() == []
    assert clock_of(referral, ClockKind.RESPONSE).stopped_on == clock.today()


def test_a_question_keeps_the_place_and_halts_the_clocks(house, reserved):
    referral = send(house.area_id, house.by.practitioner)
    with write():
        actions.query(referral.id, "Which days?", house.by.caseworker)
    assert again(referral.id).state == ReferralState.QUERY
    assert reserved() == 1
    asked_on = clock.today() - timedelta(days=7)
    with write():
        db.session.execute(update(ReferralClock).values(started_on=asked_on, paused_on=asked_on))
    before = clock_of(referral, ClockKind.RESPONSE).due_on
    with write():
        actions.reply(referral.id, "Any day", house.by.practitioner)
    assert again(referral.id).state == ReferralState.SENT
    after = clock_of(referral, ClockKind.RESPONSE)
    working_days = calendar.working_days_between(
        asked_on, clock.today(), calendar.ENGLAND_AND_WALES
    )
    assert working_days >= 4
    assert after.due_on == calendar.add_working_days(
        before, working_days, calendar.ENGLAND_AND_WALES
    )
    assert after.paused_on is None
    texts = db.session.scalars(select(ReferralMessage.text).order_by(ReferralMessage.at)).all()
    assert texts == ["Which days?", "Any day"]


def test_only_the_practitioners_side_replies_and_only_the_provider_decides(house):
    referral = send(house.area_id, house.by.practitioner)
    with pytest.raises(Refused), write():
        actions.accept(referral.id, house.by.practitioner)
    with write():
        actions.query(referral.id, "Which days?", house.by.caseworker)
    with pytest.raises(Refused), write():
        actions.reply(referral.id, "Any", house.by.caseworker)
    for outsider in (house.by.rival, house.by.stranger, house.by.prison_practitioner):
        with pytest.raises(NotYours), write():
            actions.decline(referral.id, DeclineReason.NO_STAFF, outsider)
    assert again(referral.id).state == ReferralState.QUERY


def test_a_decline_returns_the_place_with_a_coded_reason(house, reserved):
    referral = send(house.area_id, house.by.practitioner)
    with write():
        actions.decline(referral.id, DeclineReason.RISK_TOO_HIGH, house.by.manager)
    declined = again(referral.id)
    assert declined.decline_reason == DeclineReason.RISK_TOO_HIGH
    assert declined.ended_at is not None and reserved() == 0
    ended = [(each.kind, each.lapsed) for each in clocks.clocks_of(referral.id) if each.stopped_on]
    # The answer was given in time; the rest counts in no figure.
    assert sorted(ended) == [
        (ClockKind.ASSESSMENT, True),
        (ClockKind.CONTACT, True),
        (ClockKind.RESPONSE, False),
    ]
    assert "referrals/mail/declined.txt" in mails_about(referral)


@pytest.mark.parametrize("begun", [False, True])
def test_withdrawing_is_for_before_the_work_and_ending_early_for_after(house, reserved, begun):
    referral = send(house.area_id, house.by.practitioner)
    referral = started(referral, house.by.caseworker) if begun else referral
    right, wrong = actions.withdraw, actions.end_early
    if begun:
        right, wrong = wrong, right
    with pytest.raises(AlreadyChanged), write():
        wrong(referral.id, EndReason.MOVED, "", house.by.practitioner)
    assert reserved() == 1
    with write():
        right(referral.id, EndReason.MOVED, "Now in Leeds", house.by.practitioner)
    ended = again(referral.id)
    assert ended.end_reason == EndReason.MOVED and ended.end_comment == "Now in Leeds"
    assert reserved() == 0
    assert "referrals/mail/ended.txt" in mails_about(referral)


def test_only_own_staff_are_assigned(house):
    referral = accepted(send(house.area_id, house.by.practitioner), house.by.manager)
    with pytest.raises(Refusal, match="your organisation"), write():
        assigning.assign(referral.id, house.by.rival.person_id, house.by.manager)
    with pytest.raises(Refused), write():
        assigning.assign(referral.id, house.by.caseworker.person_id, house.by.caseworker)
    for _again in range(2):
        with write():
            assigning.assign(referral.id, house.by.caseworker.person_id, house.by.manager)
    assert len(db.session.scalars(select(Caseworker)).all()) == 1
    with write():
        assigning.unassign(referral.id, house.by.caseworker.person_id, house.by.manager)
    assert db.session.scalars(select(Caseworker.until)).one() is not None


def test_an_overdue_answer_stands_in_the_overdue_list_of_both_sides(house):
    referral = send(house.area_id, house.by.practitioner)
    for by in (house.by.manager, house.by.practitioner):
        assert first_page(by, Tab.OVERDUE).rows == []
    with write():
        db.session.execute(
            update(ReferralClock)
            .where(ReferralClock.kind == ClockKind.RESPONSE)
            .values(due_on=clock.today() - timedelta(days=1))
        )
        clocks.note_next(referral.id)
    for by in (house.by.manager, house.by.practitioner):
        (row,) = first_page(by, Tab.OVERDUE).rows
        assert row.id == referral.id and row.is_overdue
        assert row.clock.kind == ClockKind.RESPONSE
    accepted(referral, house.by.caseworker)
    assert first_page(house.by.manager, Tab.OVERDUE).rows == []


def test_due_dates_count_working_days(app):
    from datetime import date

    friday = date(2026, 12, 18)
    assert clocks.due(ClockKind.RESPONSE, friday) == date(2026, 12, 22)
    assert clocks.due(ClockKind.ASSESSMENT, friday) == date(2027, 1, 6)
    assert clocks.due(ClockKind.CONTACT, friday) == date(2026, 12, 28)
