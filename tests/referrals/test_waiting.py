"""The waiting list: its order, and who gets a place that comes free."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from lots.contracts import actions as contract_actions
from lots.contracts import places
from lots.contracts.models import Contract, ContractArea, ContractState
from marketplace import calendar, clock
from marketplace.database import db, write
from marketplace.outbox.models import OutboxMessage
from referrals import waiting
from referrals.answering import actions
from referrals.codes import DeclineReason, EndReason, ReferralState
from referrals.lists.indexing import index_cases
from referrals.models import Referral, ReferralClock
from tests.support.competition import move_to
from tests.support.contracts import make_live_contract
from tests.support.lists import position
from tests.support.people import sign_in
from tests.support.referrals import again, finished_answers, in_custody, send
from tests.support.statements import statements_sent


def fill(house):
    """Take both places."""
    return [send(house.area_id, house.by.practitioner) for _ in range(2)]


def decline(referral, house):
    with write():
        actions.decline(referral.id, DeclineReason.NO_STAFF, house.by.manager)


def priority(reason):
    return finished_answers(priority={"priority": reason})


def released_in(days):
    day = clock.today() + timedelta(days=days)
    return finished_answers() | in_custody(day.isoformat())


def test_the_order_is_priority_then_date_needed_then_sending(house):
    fill(house)
    by = house.by.practitioner
    later_release = send(house.area_id, by, released_in(60))
    sooner_release = send(house.area_id, by, released_in(30))
    community = send(house.area_id, by)
    second_community = send(house.area_id, by)
    urgent = send(house.area_id, by, priority("no_address"))
    most_urgent = send(house.area_id, by, priority("harm_to_self"))
    order = [most_urgent, urgent, community, second_community, sooner_release, later_release]
    assert [position(each) for each in order] == [1, 2, 3, 4, 5, 6]
    ids = db.session.scalars(
        select(Referral.id).where(Referral.state == ReferralState.WAITING).order_by(*waiting.ORDER)
    ).all()
    assert ids == [each.id for each in order]


def test_a_declined_place_goes_to_the_first_who_waits(house, reserved):
    first, _second = fill(house)
    waits = send(house.area_id, house.by.practitioner)
    decline(first, house)
    placed = again(waits.id)
    assert placed.state == ReferralState.SENT and placed.placed_at is not None
    assert reserved() == 2
    clocks = db.session.scalars(select(ReferralClock).where(ReferralClock.referral_id == waits.id))
    assert len(clocks.all()) == 3
    told = db.session.scalars(
        select(OutboxMessage.template).where(OutboxMessage.subject_id == waits.id)
    )
    assert sorted(told) == ["referrals/mail/new_referral.txt", "referrals/mail/placed.txt"]


def test_without_anybody_waiting_the_place_is_free(house, reserved):
    first, _second = fill(house)
    decline(first, house)
    assert reserved() == 1


def test_leaving_the_list_frees_no_place(house, reserved):
    fill(house)
    waits = send(house.area_id, house.by.practitioner)
    with write():
        actions.withdraw(waits.id, EndReason.MOVED, "", house.by.practitioner)
    assert again(waits.id).state == ReferralState.WITHDRAWN
    assert reserved() == 2


def test_a_lower_limit_swallows_the_freed_place(house, reserved):
    first, _second = fill(house)
    waits = send(house.area_id, house.by.practitioner)
    with write():
        places.set_places(house.area_id, 1, house.by.manager)
    decline(first, house)
    assert again(waits.id).state == ReferralState.WAITING
    assert reserved() == 1


def test_raising_the_limit_places_people_at_once(house, reserved):
    with write():
        places.set_places(house.area_id, 0, house.by.manager)
    people = [send(house.area_id, house.by.practitioner) for _ in range(3)]
    assert all(each.state == ReferralState.WAITING for each in people)
    with write():
        places.set_places(house.area_id, 2, house.by.manager)
    states = [again(each.id).state for each in people]
    assert states == [ReferralState.SENT, ReferralState.SENT, ReferralState.WAITING]
    assert reserved() == 2


def test_somebody_the_service_no_longer_fits_is_passed_over(house):
    first, second = fill(house)
    with write():
        db.session.execute(update(ContractArea).values(cohort="26+"))
    today = clock.today()
    old = send(house.area_id, house.by.practitioner)
    with write():
        db.session.execute(update(ContractArea).values(cohort="18-25"))
    born = {"date_of_birth": today.replace(year=today.year - 20, day=1).isoformat()}
    young = send(house.area_id, house.by.practitioner, finished_answers(born=born))
    decline(first, house)
    assert again(young.id).state == ReferralState.SENT
    assert again(old.id).state == ReferralState.WAITING
    with write():
        db.session.execute(update(ContractArea).values(cohort=None))
    decline(second, house)
    assert again(old.id).state == ReferralState.SENT


def test_nobody_overtakes_those_who_wait(house, reserved):
    """A pause has run out and nothing has placed people yet: a new sender stands behind them."""
    with write():
        places.pause(house.area_id, clock.today() + timedelta(days=7), "staffing", house.by.manager)
    earlier = [send(house.area_id, house.by.practitioner) for _ in range(2)]
    with write():
        db.session.execute(update(ContractArea).values(paused_until=None, pause_reason=None))
    late = send(house.area_id, house.by.practitioner)
    assert late.state == ReferralState.WAITING
    assert [again(each.id).state for each in earlier] == [ReferralState.SENT] * 2
    assert reserved() == 2


def test_after_a_pause_the_job_places_those_who_wait(house, reserved):
    with write():
        places.pause(house.area_id, clock.today() + timedelta(days=7), "staffing", house.by.manager)
    people = [send(house.area_id, house.by.practitioner) for _ in range(3)]
    assert waiting.place_when_due(clock.now()) == 0
    with write():
        db.session.execute(update(ContractArea).values(paused_until=clock.today()))
    assert waiting.place_when_due(clock.now()) == 2
    assert [again(each.id).state for each in people][2] == ReferralState.WAITING
    assert reserved() == 2
    assert waiting.place_when_due(clock.now()) == 0


def test_whose_completion_date_is_over_is_not_looked_at_again_each_round(house):
    fill(house)
    waits = send(house.area_id, house.by.practitioner)
    index_cases(clock.now())
    with write():
        db.session.execute(update(ContractArea).values(reserved=0))
    move_to(calendar.start_of(date.fromisoformat(waits.complete_by) + timedelta(days=1)))
    assert waiting.place_when_due(clock.now()) == 0
    move_to(clock.now() + timedelta(weeks=1))
    with statements_sent() as sent:
        assert waiting.place_when_due(clock.now()) == 0
    asked = [each for each in sent if "clock_offset" not in each]
    assert len(asked) == 1, "no service is locked for them"
    assert again(waits.id).state == ReferralState.WAITING


def test_the_job_wakes_when_a_pause_ends(house):
    until = clock.today() + timedelta(days=7)
    with write():
        places.pause(house.area_id, until, "staffing", house.by.manager)
    assert waiting.next_due(clock.now()) is None
    send(house.area_id, house.by.practitioner)
    due = waiting.next_due(clock.now())
    assert due is not None and due.date() in (until, until - timedelta(days=1))


def run_past_the_end(house):
    """The contract's last day was yesterday; what the job does about it."""
    yesterday = clock.today() - timedelta(days=1)
    with write():
        db.session.execute(
            update(ContractArea).values(ends_on=yesterday, starts_on=yesterday - timedelta(days=90))
        )
        db.session.execute(
            update(Contract).values(ends_on=yesterday, starts_on=yesterday - timedelta(days=90))
        )
    with write():
        contract_actions.run_out(house.contract.id)


def mails_about(referral):
    return list(
        db.session.scalars(
            select(OutboxMessage.template).where(OutboxMessage.subject_id == referral.id)
        )
    )


@pytest.mark.parametrize("holders", [0, 2])
def test_nobody_is_left_waiting_for_a_service_that_has_run_out(house, reserved, client, holders):
    """With places held the contract runs off; with none it ends: either way nobody waits on."""
    held = fill(house) if holders else []
    with write():
        places.pause(house.area_id, clock.today() + timedelta(days=7), "staffing", house.by.manager)
    waits = [send(house.area_id, house.by.practitioner) for _ in range(2)]
    run_past_the_end(house)
    state = db.session.get_one(Contract, house.contract.id).state
    assert state == (ContractState.ENDING if holders else ContractState.ENDED)
    for each in waits:
        left = again(each.id)
        assert left.state == ReferralState.WITHDRAWN and left.end_reason == EndReason.SERVICE_ENDED
        assert left.ended_at is not None
        assert mails_about(each) == ["referrals/mail/service_ended.txt"]
    assert all(again(each.id).state == ReferralState.SENT for each in held)
    assert reserved() == holders
    sign_in(client, house.people["practitioner"])
    assert waits[0].reference in client.show("/my-cases?show=ended").text
    assert "The service ended" in client.show(f"/cases/{waits[0].id}").text


def test_the_end_of_another_contract_leaves_the_list_alone(house):
    fill(house)
    waits = send(house.area_id, house.by.practitioner)
    other = make_live_contract(house.charity, buyer=house.region)
    waiting.end_waiting(other, None)
    assert again(waits.id).state == ReferralState.WAITING


def due_by(days):
    day = clock.today() + timedelta(days=days)
    return finished_answers(**{"complete-by": {"complete_by": day.isoformat()}})


def test_somebody_whose_date_has_passed_is_not_placed_and_is_shown_overdue(house, client):
    first, _second = fill(house)
    late = send(house.area_id, house.by.practitioner, due_by(30))
    in_time = send(house.area_id, house.by.practitioner)
    with write():
        passed = (clock.today() - timedelta(days=1)).isoformat()
        db.session.get_one(Referral, late.id).complete_by = passed
    decline(first, house)
    assert again(late.id).state == ReferralState.WAITING
    assert again(in_time.id).state == ReferralState.SENT
    sign_in(client, house.people["practitioner"])
    assert "Overdue" in client.show("/my-cases?show=waiting").text
    assert "has passed" in client.show(f"/cases/{late.id}").text


def test_somebody_is_not_placed_where_the_service_ends_before_their_date(house):
    first, _second = fill(house)
    waits = send(house.area_id, house.by.practitioner, due_by(200))
    with write():
        db.session.execute(update(ContractArea).values(ends_on=clock.today() + timedelta(days=100)))
    decline(first, house)
    assert again(waits.id).state == ReferralState.WAITING
