"""Somebody in prison: from when a place is given, from when the work is counted, who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lots.contracts.models import Contract
from lots.vocabulary import CustodyClocks
from marketplace import calendar, clock
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from referrals import clocks, waiting
from referrals.answering import actions
from referrals.codes import EndReason, ReferralState
from referrals.models import ClockKind, ReferralClock
from referrals.queries import locked_with_place
from tests.support.continuity import days_pass
from tests.support.lists import position
from tests.support.referrals import again, finished_answers, in_custody, send

DAYS = 14


@pytest.fixture
def prison(house):
    """The house's service gives a place fourteen days before release, and counts from release."""
    with write():
        told = {"custody_days": DAYS, "custody_clocks": CustodyClocks.AT_RELEASE}
        db.session.execute(update(Contract).values(**told))
    return house


def released_in(days):
    day = clock.today() + timedelta(days=days)
    return finished_answers() | in_custody(day.isoformat())


def starts_of(referral):
    rows = db.session.scalars(select(ReferralClock).where(ReferralClock.referral_id == referral.id))
    return {each.kind: each.started_on for each in rows}


def amend(referral, house, release_on):
    """What an amendment of the release date does, besides being recorded."""
    with write():
        case = locked_with_place(referral.id, house.by.practitioner)
        case.release_on = release_on.isoformat()
        waiting.release_changed(case)
    return again(referral.id)


def test_too_early_for_a_place_somebody_waits_and_others_use_it(prison, reserved):
    early = send(prison.area_id, prison.by.practitioner, released_in(40))
    assert early.state == ReferralState.WAITING and early.placed_at is None
    assert early.reserve_from == clock.today() + timedelta(days=40 - DAYS)
    assert reserved() == 0
    others = [send(prison.area_id, prison.by.practitioner) for _ in range(2)]
    assert [each.state for each in others] == [ReferralState.SENT] * 2
    said = waiting.explain(early)
    assert said.startswith("Next on the waiting list.") and "at the earliest" in said


@pytest.mark.parametrize("days", [DAYS, 5])
def test_within_those_days_a_place_is_given_at_sending(prison, days):
    sent = send(prison.area_id, prison.by.practitioner, released_in(days))
    assert sent.state == ReferralState.SENT and sent.reserve_from is None


def test_without_a_release_date_a_place_is_given_at_sending(prison):
    answers = finished_answers() | in_custody(None)
    sent = send(prison.area_id, prison.by.practitioner, answers)
    assert sent.state == ReferralState.SENT
    assert set(starts_of(sent).values()) == {clock.today()}


def test_a_lot_may_give_a_place_at_once(house):
    sent = send(house.area_id, house.by.practitioner, released_in(90))
    assert sent.state == ReferralState.SENT
    assert set(starts_of(sent).values()) == {clock.today()}


def test_when_the_day_comes_the_job_gives_the_place_and_counts_from_release(prison, reserved):
    early = send(prison.area_id, prison.by.practitioner, released_in(15))
    due = waiting.next_due(clock.now())
    assert due == calendar.start_of(early.reserve_from)
    assert waiting.place_when_due(clock.now()) == 0
    days_pass(1)
    assert waiting.place_when_due(clock.now()) == 1
    placed = again(early.id)
    assert placed.state == ReferralState.SENT and reserved() == 1
    release = clock.today() + timedelta(days=DAYS)
    expected = {
        ClockKind.RESPONSE: clock.today(),
        ClockKind.CONTACT: release,
        ClockKind.ASSESSMENT: release,
    }
    assert starts_of(placed) == expected
    assert placed.next_due_on == clocks.due(ClockKind.RESPONSE, clock.today())


def test_a_place_that_frees_before_the_day_goes_to_the_next(prison):
    held = [send(prison.area_id, prison.by.practitioner) for _ in range(2)]
    early = send(prison.area_id, prison.by.practitioner, released_in(40))
    behind = send(
        prison.area_id,
        prison.by.practitioner,
        finished_answers(**{"complete-by": {"complete_by": later(100)}}),
    )
    end(held[0], prison)
    assert again(early.id).state == ReferralState.WAITING
    assert again(behind.id).state == ReferralState.SENT


def later(days):
    return (clock.today() + timedelta(days=days)).isoformat()


def end(referral, house):
    with write():
        actions.withdraw(referral.id, EndReason.MOVED, "", house.by.practitioner)


def test_an_earlier_release_gives_the_place_at_once_and_a_later_one_takes_none_back(prison):
    early = send(prison.area_id, prison.by.practitioner, released_in(60))
    sooner = clock.today() + timedelta(days=10)
    placed = amend(early, prison, sooner)
    assert (placed.state, placed.needed_on) == (ReferralState.SENT, sooner)
    assert starts_of(placed)[ClockKind.CONTACT] == sooner
    much_later = clock.today() + timedelta(days=100)
    kept = amend(placed, prison, much_later)
    assert kept.state == ReferralState.SENT
    assert starts_of(kept)[ClockKind.ASSESSMENT] == much_later
    assert starts_of(kept)[ClockKind.RESPONSE] == clock.today()


def test_the_days_of_a_question_stay_added_when_the_release_is_amended(prison):
    sent = send(prison.area_id, prison.by.practitioner, released_in(10))
    placed_on = clock.today()
    with write():
        actions.query(sent.id, "Which door?", prison.by.caseworker)
    days_pass(3)
    with write():
        actions.reply(sent.id, "The red one", prison.by.practitioner)
    days_pass(1)
    with write():
        actions.query(sent.id, "And which floor?", prison.by.caseworker)
    days_pass(2)
    kept = amend(sent, prison, placed_on + timedelta(days=1))
    with write():
        actions.reply(sent.id, "The second", prison.by.practitioner)
    assert starts_of(kept)[ClockKind.CONTACT] == placed_on + timedelta(days=1)
    due = {each.kind: each.due_on for each in clocks.clocks_of(sent.id)}
    # Two days of the first question, as the clock started in the middle, and two of the second.
    assert due[ClockKind.CONTACT] == placed_on + timedelta(days=1 + 10 + 2 + 2)


def test_a_later_release_moves_the_day_and_the_order(prison):
    first = send(prison.area_id, prison.by.practitioner, released_in(30))
    second = send(prison.area_id, prison.by.practitioner, released_in(40))
    assert position(second) == 2
    assert "1 with an earlier release date" in waiting.explain(second)
    day = clock.today() + timedelta(days=50)
    moved = amend(first, prison, day)
    assert moved.reserve_from == day - timedelta(days=DAYS)
    assert position(again(second.id)) == 1


def test_the_order_is_explained_by_priority_release_and_sending(house):
    by = house.by.practitioner
    for _ in range(2):
        send(house.area_id, by)
    urgent = {"priority": {"priority": "harm_to_self"}}
    send(house.area_id, by, finished_answers(**urgent))
    send(house.area_id, by)
    send(house.area_id, by, released_in(20))
    last = send(house.area_id, by, released_in(30))
    assert waiting.explain(last) == (
        "Number 4 on the waiting list: 1 with a higher priority, 1 with an earlier release date, "
        "1 in the community already."
    )
    assert "sent earlier" in waiting.explain(send(house.area_id, by))


@pytest.mark.parametrize(
    ("status", "taken"),
    [("licence", True), ("community_order", False), ("remand", True), ("prison", True)],
)
def test_points_of_a_sentence_that_a_service_does_not_take_are_refused(house, status, taken):
    with write():
        db.session.execute(update(Contract).values(statuses=["licence", "custody"]))
    answers = finished_answers() | {"sentence-status": {"status": status}}
    if taken:
        assert send(house.area_id, house.by.practitioner, answers).state == ReferralState.SENT
        return
    with pytest.raises(Refusal, match="at this point of a sentence: Community order"):
        send(house.area_id, house.by.practitioner, answers)


@pytest.mark.parametrize(
    ("ages", "says"),
    [({"min_age": 50}, "aged 50 or over"), ({"max_age": 30}, "aged 30 or under")],
)
def test_ages_of_the_contract_are_asked(house, ages, says):
    with write():
        db.session.execute(update(Contract).values(**ages))
    with pytest.raises(Refusal, match=says):
        send(house.area_id, house.by.practitioner)
