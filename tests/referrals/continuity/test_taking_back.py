"""Signed changes, later notices and last days: nothing ends undecided by another way round."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lots.contracts import jobs as contract_jobs
from lots.contracts.changes import actions as changes
from lots.contracts.changes import jobs as change_jobs
from lots.contracts.changes.models import ChangeKind, ChangeState, ContractChange
from lots.contracts.continuity import actions, completing
from lots.contracts.continuity.models import (
    ActKind,
    ActReason,
    ActState,
    CancelReason,
    ContinuityAct,
    ContinuityCase,
    ContinuityHold,
    Decision,
)
from lots.contracts.models import Contract, ContractState
from marketplace import clock
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.outbox.models import OutboxMessage
from referrals.answering import actions as case_actions
from referrals.codes import EndReason, ReferralState
from tests.support.continuity import again, days_pass, decide, end_contract, give_notice
from tests.support.people import written
from tests.support.referrals import again as case_again
from tests.support.referrals import finished_answers, send, started

JOINS = {"left": [], "joined": [("K", "surrey", None)], "places": 3}


def change(house, kind, days=0, **asked):
    """A change proposed by the buyer, signed by both sides."""
    with write():
        day = clock.today() + timedelta(days=days)
        proposal = changes.Proposal(kind, asked, "It is small.", day)
        change_id = changes.propose(house.contract.id, proposal, house.by.manager).id
    for by in (house.by.director, house.by.trustee):
        with write():
            seen = db.session.get_one(ContractChange, change_id).text_hash
            changes.sign(change_id, by.name, seen, by)
    return change_id


def kent_leaves(house, days=10):
    return change(house, ChangeKind.AREAS, days, left=[str(house.kent)], joined=[], places=None)


def in_(days):
    return clock.today() + timedelta(days=days)


def time_goes_on(days):
    days_pass(days)
    for _round in range(2):
        change_jobs.bring_in(clock.now())
        contract_jobs.end_contracts(clock.now())
        completing.bring_about(clock.now())
    db.session.expire_all()


def acts(*states):
    db.session.expire_all()
    found = select(ContinuityAct).order_by(ContinuityAct.proposed_at, ContinuityAct.id)
    return [each for each in db.session.scalars(found) if each.state in states or not states]


def state_of(change_id):
    db.session.expire_all()
    return db.session.get_one(ContractChange, change_id).state


def cancel(act_id, by):
    with write():
        actions.cancel(act_id, CancelReason.AGREED, by)


def last_day(house, days):
    with written():
        contract = db.session.get_one(Contract, house.contract.id)
        contract.ends_on = in_(days)
        for area in contract.areas:
            area.ends_on = in_(days)


def test_the_notice_behind_a_signed_change_stands_until_its_cases_are_decided(house):
    case = started(send(house.kent, house.by.practitioner), house.by.caseworker)
    change_id = kent_leaves(house)
    (act,) = acts()
    with pytest.raises(Refusal, match="signed by both sides"):
        cancel(act.id, house.by.manager)
    with write():
        stopped = actions.stop(house.contract.id, ActReason.INSOLVENCY, house.by.director).id
    cancel(stopped, house.by.director)
    assert house.area(house.kent).stopped_at and not house.area(house.sussex).stopped_at
    (given_again,) = acts(ActState.NOTICED)
    assert given_again.kind == ActKind.AREA_LOSS
    time_goes_on(11)
    assert state_of(change_id) == ChangeState.AGREED
    decide(case.id, house.by.practitioner, Decision.RUN_OFF)
    time_goes_on(0)
    assert state_of(change_id) == ChangeState.IN_FORCE
    assert again(given_again.id).state == ActState.COMPLETED


def test_a_change_whose_notice_is_gone_asks_about_the_cases_before_it_is_in_force(house):
    case = started(send(house.kent, house.by.practitioner), house.by.caseworker)
    for _number in range(4):
        waits = send(house.kent, house.by.practitioner)
    change_id = kent_leaves(house, 3)
    with written():  # as if it had never been given
        db.session.query(ContinuityHold).delete()
        db.session.query(ContinuityCase).delete()
        db.session.query(ContinuityAct).delete()
        house.area(house.kent).stopped_at = None
    time_goes_on(4)
    assert state_of(change_id) == ChangeState.AGREED
    (act,) = acts()
    assert act.state == ActState.NOTICED and act.proposed_by_id is None
    assert case_again(waits.id).state == ReferralState.WAITING
    for row in db.session.scalars(select(ContinuityCase.case_ref)).all():
        decide(row, house.by.practitioner, Decision.RUN_OFF)
    time_goes_on(0)
    assert state_of(change_id) == ChangeState.IN_FORCE
    assert case_again(case.id).ended_at is None
    assert case_again(waits.id).state == ReferralState.WITHDRAWN


def test_an_earlier_last_day_takes_the_place_of_an_ending_only_proposed(house):
    case = started(send(house.kent, house.by.practitioner), house.by.caseworker)
    proposed = give_notice(house.contract.id, house.by.manager, ActKind.ENDING, days=60)
    change_id = change(house, ChangeKind.TERM, ends_on=in_(3))
    assert again(proposed.id).state == ActState.REPLACED
    (act,) = acts(ActState.NOTICED)
    with pytest.raises(Refusal, match="signed by both sides"):
        cancel(act.id, house.by.director)
    time_goes_on(5)
    assert state_of(change_id) == ChangeState.AGREED
    assert house.contract_now().state == ContractState.LIVE
    decide(case.id, house.by.practitioner, Decision.EARLY_CLOSE)
    time_goes_on(0)
    assert house.contract_now().state in (ContractState.TERMINATED, ContractState.ENDED)


def test_nobody_joins_a_contract_that_ends_nor_is_its_last_day_moved(house):
    later = {"ends_on": house.contract.ends_on + timedelta(days=90)}
    with write():
        proposal = changes.Proposal(ChangeKind.AREAS, JOINS, "More.", in_(2))
        joins = changes.propose(house.contract.id, proposal, house.by.manager).id
    end_contract(house.contract.id, house.by.manager, house.by.director, 5)
    with pytest.raises(Refusal, match="Cancel that notice first"), write():
        seen = db.session.get_one(ContractChange, joins).text_hash
        changes.sign(joins, house.by.director.name, seen, house.by.director)
    with write():
        changes.withdraw(joins, house.by.manager)
    for kind, asked in ((ChangeKind.TERM, later), (ChangeKind.AREAS, JOINS)):
        with pytest.raises(Refusal, match="Cancel that notice first"):
            change(house, kind, **asked)


def test_a_change_signed_before_the_notice_falls_away_with_the_contract(house):
    joins = change(house, ChangeKind.AREAS, 3, **JOINS)
    end_contract(house.contract.id, house.by.manager, house.by.director, 5)
    time_goes_on(3)
    assert state_of(joins) == ChangeState.AGREED
    time_goes_on(2)
    assert house.contract_now().state == ContractState.TERMINATED
    assert state_of(joins) == ChangeState.WITHDRAWN
    assert all(area.closed_at for area in house.contract_now().areas)


def test_the_end_of_a_contract_closes_what_another_notice_holds_and_that_cannot_come_back(house):
    case = started(send(house.kent, house.by.practitioner), house.by.caseworker)
    loss = give_notice(house.contract.id, house.by.manager, contract_area_id=house.kent, days=30)
    ending = end_contract(house.contract.id, house.by.manager, house.by.director, 5)
    with pytest.raises(Refusal, match="whole contract ends"):
        cancel(loss.id, house.by.manager)
    time_goes_on(6)
    assert again(ending.id).state == ActState.NOTICED  # the case in Kent is undecided
    decide(case.id, house.by.practitioner, Decision.RUN_OFF)
    time_goes_on(0)
    assert house.contract_now().state == ContractState.ENDING
    assert house.area(house.kent).closed_at
    with pytest.raises(Refusal, match="ending or has ended"):
        cancel(loss.id, house.by.manager)
    with pytest.raises(Refusal):
        send(house.kent, house.by.practitioner)


def test_a_suspension_that_nobody_lifted_outlives_the_notices_that_took_its_areas(house):
    case = started(send(house.kent, house.by.practitioner), house.by.caseworker)
    suspension = give_notice(house.contract.id, house.by.manager, ActKind.SUSPENSION, days=1)
    decide(case.id, house.by.practitioner, Decision.RUN_OFF)
    time_goes_on(1)
    loss = give_notice(house.contract.id, house.by.manager, contract_area_id=house.kent)
    cancel(loss.id, house.by.manager)
    ending = end_contract(house.contract.id, house.by.manager, house.by.director, 20)
    with write():
        case_actions.end_early(case.id, EndReason.MOVED, "", house.by.practitioner)
    cancel(ending.id, house.by.director)
    with write():
        stopped = actions.stop(house.contract.id, ActReason.INSOLVENCY, house.by.director).id
    cancel(stopped, house.by.director)
    with pytest.raises(Refusal, match="does not take referrals"):
        send(house.kent, house.by.practitioner)
    goes_on = select(OutboxMessage.id).where(OutboxMessage.template.endswith("/goes_on.txt"))
    assert db.session.scalars(goes_on).all() == []
    time_goes_on(0)
    assert again(suspension.id).state == ActState.COMPLETED
    with write():
        actions.resume(suspension.id, house.by.manager)
    assert send(house.kent, house.by.practitioner).placed_at


def test_a_contract_that_runs_out_asks_about_its_open_cases_four_weeks_before(house):
    author = house.by.practitioner
    last_day(house, 30)
    case = started(send(house.kent, author, complete_in(25)), house.by.caseworker)
    time_goes_on(1)
    assert not acts()
    assert completing.next_day(clock.now()) is not None
    time_goes_on(1)
    (act,) = acts()
    assert (act.kind, act.reason, act.state) == ("ending", "expires", "noticed")
    assert [row.case_ref for row in db.session.scalars(select(ContinuityCase))] == [case.id]
    told = select(OutboxMessage.recipient).where(OutboxMessage.template.endswith("/decide.txt"))
    assert house.people["practitioner"].email in db.session.scalars(told).all()
    with pytest.raises(Refusal, match="agree a later last day"):
        cancel(act.id, house.by.director)
    time_goes_on(29)
    assert house.contract_now().state == ContractState.ENDING
    assert again(act.id).state == ActState.NOTICED
    decide(case.id, author, Decision.RUN_OFF)
    time_goes_on(0)
    assert again(act.id).state == ActState.COMPLETED
    assert house.contract_now().state == ContractState.ENDING
    with write():
        case_actions.end_early(case.id, EndReason.MOVED, "", author)
    time_goes_on(0)
    assert house.contract_now().state == ContractState.ENDED


def complete_in(days):
    return finished_answers(**{"complete-by": {"complete_by": in_(days).isoformat()}})


def test_a_later_last_day_takes_the_notice_back_that_it_runs_out(house):
    last_day(house, 20)
    send(house.kent, house.by.practitioner, complete_in(10))
    time_goes_on(0)
    (act,) = acts()
    with pytest.raises(Refusal, match="Cancel that notice first"):
        change(house, ChangeKind.AREAS, **JOINS)
    change(house, ChangeKind.TERM, ends_on=in_(400))
    assert again(act.id).state == ActState.CANCELLED
    assert send(house.kent, house.by.practitioner).placed_at


def test_an_ending_is_not_confirmed_once_the_contract_runs_off_or_ends_before(house):
    started(send(house.kent, house.by.practitioner), house.by.caseworker)
    act = give_notice(house.contract.id, house.by.manager, ActKind.ENDING, days=60)
    last_day(house, 31)
    with pytest.raises(Refusal, match="ends before this day"), write():
        actions.confirm(act.id, house.by.director)
    time_goes_on(3)
    assert again(act.id).state == ActState.REPLACED  # by the notice that the contract runs out


def test_a_suspension_does_not_resume_once_its_contract_has_run_out(house):
    act = give_notice(house.contract.id, house.by.manager, ActKind.SUSPENSION, days=0)
    time_goes_on(0)
    last_day(house, 1)
    time_goes_on(2)
    with pytest.raises(Refusal, match="ending or has ended"), write():
        actions.resume(act.id, house.by.manager)


def test_nothing_is_accepted_or_begun_where_the_service_has_been_stopped(house):
    sent = send(house.kent, house.by.practitioner)
    with write():
        actions.stop(house.contract.id, ActReason.INSOLVENCY, house.by.director)
    with pytest.raises(Refusal, match="has been stopped"):
        started(sent, house.by.caseworker)
    assert case_again(sent.id).state == ReferralState.SENT
