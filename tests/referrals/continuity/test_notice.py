"""From the notice to its effect: who is told, what is asked, and that nothing ends undecided."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from lots.contracts.changes import actions as changes
from lots.contracts.changes.models import ChangeKind, ContractChange
from lots.contracts.continuity import actions, completing
from lots.contracts.continuity.models import (
    ActKind,
    ActReason,
    ActState,
    CancelReason,
    ContinuityAct,
    ContinuityCase,
    Decision,
)
from lots.contracts.models import ContractState
from lots.funding.models import FunderState, LotFunder
from marketplace import calendar, clock
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, new_id, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import Refused
from referrals.answering import actions as case_actions
from referrals.codes import DeclineReason, EndReason, ReferralState
from referrals.continuity import escalating
from referrals.delivery import sessions
from referrals.delivery.models import CaseSession, Method
from referrals.delivery.venues import Venue
from tests.support.continuity import (
    again,
    days_pass,
    decide,
    end_contract,
    give_notice,
    open_cases,
)
from tests.support.people import make_organisation, make_person
from tests.support.referrals import again as referral_again
from tests.support.referrals import completed, finished_answers, make_draft, send, started


def rows(act):
    found = select(ContinuityCase).where(ContinuityCase.act_id == act.id)
    return db.session.scalars(found.execution_options(populate_existing=True)).all()


def mails(kind=None):
    """Who is to get which mail: (template's name, address) with the facts."""
    found = db.session.scalars(select(OutboxMessage)).all()
    return [
        (mail.template.rpartition("/")[2].removesuffix(".txt"), mail.recipient, mail.facts)
        for mail in found
        if kind is None or f"/{kind}.txt" in mail.template
    ]


def test_a_notice_stops_sending_lists_the_cases_and_tells_each_practitioner_once(house):
    author, other = house.by.practitioner, house.by.colleague
    sent = open_cases(house.kent, [author, other], house.by.caseworker, 3)
    fourth = send(house.kent, author)
    waits = send(house.kent, author)
    draft = make_draft(house.kent, other)
    elsewhere = send(house.sussex, author, finished_answers(area={"area": "sussex"}))
    act = give_notice(house.contract.id, house.by.manager, contract_area_id=house.kent)

    assert {row.case_ref for row in rows(act)} == {*(each.id for each in sent), fourth.id}
    assert all(row.decision is None and row.due_at == act.due_at for row in rows(act))
    assert referral_again(waits.id).state == ReferralState.WAITING
    with pytest.raises(Refusal, match="does not take referrals"):
        send(house.kent, author)
    assert send(house.sussex, author, finished_answers(area={"area": "sussex"})).placed_at
    told = Counter((name, to) for name, to, _facts in mails() if name in TOLD)
    emails = {name: person.email for name, person in house.people.items()}
    assert told[("decide", emails["practitioner"])] == 1
    assert told[("decide", emails["colleague"])] == 1
    assert told[("waiting", emails["practitioner"])] == 1
    assert told[("draft", emails["colleague"])] == 1
    count = {to: json.loads(facts)["count"] for _name, to, facts in mails("decide")}
    assert (count[emails["practitioner"]], count[emails["colleague"]]) == (3, 1)
    text = " ".join(facts for _name, _to, facts in mails("decide"))
    for referral in (*sent, waits, elsewhere, draft):
        assert str(referral.id) not in text
    assert "Robin" not in text and "X123456" not in text


TOLD = ("decide", "waiting", "draft")


def test_both_sides_and_whoever_pays_a_share_hear_of_it(house):
    funder = make_organisation(OrganisationKind.PCC, area_code="kent")
    lead = make_person(Role.COMMISSIONER_LEAD, funder)
    with write():
        db.session.add(
            LotFunder(
                id=new_id(),
                lot_id=house.contract.lot_id,
                organisation_id=funder.id,
                share_pence=100,
                state=FunderState.ACCEPTED,
                invited_by_id=house.by.manager.person_id,
                invited_at=clock.now(),
            )
        )
    give_notice(house.contract.id, house.by.manager, contract_area_id=house.kent)
    assert [to for _name, to, _facts in mails("funder_notice")] == [lead.email]
    told = {to for _name, to, _facts in mails("notice")}
    assert told == {
        house.people[each].email for each in ("manager", "director", "trustee", "service_manager")
    }


def test_an_area_leaves_once_every_case_is_decided_and_the_contract_runs_on(house):
    author = house.by.practitioner
    moved, closed, stays, ends = open_cases(house.kent, [author], house.by.caseworker, 4)
    act = give_notice(house.contract.id, house.by.manager, contract_area_id=house.kent, days=20)
    decide(closed.id, author, Decision.EARLY_CLOSE)
    decide(stays.id, author, Decision.RUN_OFF)
    goes_on = decide(moved.id, author, Decision.TRANSFER, house.elsewhere)
    days_pass(20)
    assert again(act.id).state == ActState.NOTICED
    late = [to for _name, to, _facts in mails("contracts/mail/continuity/late")]
    assert late == [house.people["manager"].email]
    with pytest.raises(Refusal, match="1 case is not decided"), write():
        completing.take_effect(act.id)

    with write():
        case_actions.decline(ends.id, DeclineReason.NO_STAFF, house.by.service_manager)
    assert {row.decision for row in rows(act)} == set(Decision)
    days_pass(0)

    assert again(act.id).state == ActState.COMPLETED
    kent = house.area(house.kent)
    assert (kent.reserved, kent.ends_on) == (1, act.effective_on) and kent.closed_at
    assert house.contract_now().state == ContractState.LIVE
    assert house.area(house.sussex).stopped_at is None
    assert referral_again(goes_on).contract_area_id == house.elsewhere
    assert completing.bring_about(clock.now()) == 0


def test_a_contract_ends_only_with_its_director_and_is_terminated_when_nobody_is_placed(house):
    author = house.by.practitioner
    (stays,) = open_cases(house.kent, [author], house.by.caseworker, 1)
    waits = [send(house.kent, author) for _number in range(4)][-1]
    act = give_notice(house.contract.id, house.by.manager, ActKind.ENDING, days=10)
    assert act.state == ActState.PROPOSED and house.area(house.kent).stopped_at is None
    with pytest.raises(Refused), write():
        actions.confirm(act.id, house.by.manager)
    with write():
        actions.confirm(act.id, house.by.director)
    for row in rows(act):
        decide(row.case_ref, author, Decision.RUN_OFF)
    days_pass(10)
    assert house.contract_now().state == ContractState.ENDING
    assert referral_again(waits.id).end_reason == EndReason.SERVICE_ENDED
    for row in rows(act):
        if row.case_ref != stays.id:
            decide(row.case_ref, author, Decision.EARLY_CLOSE)
    assert completing.bring_about(clock.now()) == 0
    completed(stays, house.by.caseworker)
    assert completing.bring_about(clock.now()) == 1
    contract = house.contract_now()
    assert contract.state == ContractState.TERMINATED
    assert contract.terminated_at == contract.ended_at


def test_a_suspension_ends_again_and_whoever_waited_is_placed(house):
    author = house.by.practitioner
    cases = [send(house.kent, author) for _number in range(4)]
    waits = send(house.kent, author)
    act = give_notice(house.contract.id, house.by.manager, ActKind.SUSPENSION, house.kent, days=3)
    for case in cases[:3]:
        decide(case.id, author, Decision.RUN_OFF)
    decide(cases[3].id, author, Decision.EARLY_CLOSE)
    assert house.area(house.kent).reserved == 3
    days_pass(3)
    assert again(act.id).state == ActState.COMPLETED
    assert referral_again(waits.id).state == ReferralState.WAITING
    with write():
        actions.resume(act.id, house.by.manager)
    assert referral_again(waits.id).state == ReferralState.SENT
    assert house.area(house.kent).stopped_at is None
    assert house.people["practitioner"].email in {to for _n, to, _f in mails("goes_on")}
    assert mails("resumed")


def test_a_cancelled_notice_opens_its_areas_again_and_everybody_hears(house):
    author = house.by.practitioner
    send(house.kent, author)
    act = give_notice(house.contract.id, house.by.manager, contract_area_id=house.kent)
    with write():
        actions.cancel(act.id, CancelReason.AGREED, house.by.director)
    assert send(house.kent, author).placed_at is not None
    assert mails("goes_on") and mails("cancelled")
    again_given = give_notice(house.contract.id, house.by.manager, contract_area_id=house.kent)
    assert len(rows(again_given)) == 2


def test_the_emergency_stop_cancels_sessions_and_its_clock_is_one_working_day(house):
    author, caseworker = house.by.practitioner, house.by.caseworker
    case = started(send(house.kent, author), caseworker)
    ahead = clock.now() + calendar.ONE_DAY
    with write():
        session = sessions.arrange_session(case.id, ahead, Venue(Method.PHONE), caseworker)
        session_id = session.id
    earlier = give_notice(house.contract.id, house.by.manager, contract_area_id=house.kent)
    with write():
        stopped = actions.stop(house.contract.id, ActReason.SAFEGUARDING, house.by.director).id
    act = again(stopped)
    assert again(earlier.id).state == ActState.REPLACED
    assert db.session.get_one(CaseSession, session_id).cancelled_at is not None
    assert house.area(house.sussex).stopped_at is not None
    with pytest.raises(Refusal, match="has been stopped"), write():
        sessions.arrange_session(case.id, ahead + calendar.ONE_DAY, Venue(Method.PHONE), caseworker)
    with pytest.raises(Refusal, match="cannot stay"):
        decide(case.id, author, Decision.RUN_OFF)
    next_day = calendar.add_working_days(clock.today(), 1, calendar.ENGLAND_AND_WALES)
    assert act.due_at == calendar.end_of(next_day)
    assert escalating.escalate(clock.now()) == 0
    days_pass((next_day - clock.today()).days + 1)
    assert escalating.escalate(clock.now()) == 1
    assert escalating.escalate(clock.now()) == 0
    late = {to for _name, to, _facts in mails("late")}
    assert house.people["team_manager"].email in late
    assert house.people["practitioner"].email in late
    assert house.contract_now().state == ContractState.LIVE
    decide(case.id, house.by.team_manager, Decision.EARLY_CLOSE)
    completing.bring_about(clock.now())
    assert house.contract_now().state == ContractState.TERMINATED


def test_a_signed_change_that_takes_an_area_away_is_a_notice_too(house):
    case = send(house.kent, house.by.practitioner)
    asked = {"left": [str(house.kent)], "joined": [], "places": 0}
    day = clock.today() + timedelta(days=21)
    with write():
        proposal = changes.Proposal(ChangeKind.AREAS, asked, "It is small.", day)
        change_id = changes.propose(house.contract.id, proposal, house.by.manager).id
    for by in (house.by.director, house.by.trustee):
        assert house.area(house.kent).stopped_at is None
        with write():
            seen = db.session.get_one(ContractChange, change_id).text_hash
            changes.sign(change_id, by.name, seen, by)
    act = db.session.scalars(select(ContinuityAct)).one()
    assert (act.state, act.kind) == (ActState.NOTICED, ActKind.AREA_LOSS)
    assert act.effective_on == day - timedelta(days=1)
    assert [row.case_ref for row in rows(act)] == [case.id]
    assert house.area(house.kent).stopped_at is not None


def test_notices_that_do_not_fit_are_refused(house):
    manager, contract = house.by.manager, house.contract
    give_notice(contract.id, manager, contract_area_id=house.kent)
    with pytest.raises(Refusal, match="every area that you chose"):
        give_notice(contract.id, manager, contract_area_id=house.kent)
    with pytest.raises(Refusal, match="last area"):
        give_notice(contract.id, manager, contract_area_id=house.sussex)
    with pytest.raises(Refusal, match="in the past"):
        give_notice(contract.id, manager, ActKind.SUSPENSION, house.sussex, days=-1)
    with pytest.raises(Refused):
        give_notice(contract.id, house.by.director, contract_area_id=house.sussex)
    end_contract(contract.id, manager, house.by.director)
    with pytest.raises(Refusal, match="already"):
        give_notice(contract.id, manager, ActKind.SUSPENSION, house.sussex)


def test_a_case_that_is_over_needs_no_decision(house):
    author = house.by.practitioner
    case = send(house.kent, author)
    act = give_notice(house.contract.id, house.by.manager, contract_area_id=house.kent)
    with write():
        case_actions.withdraw(case.id, EndReason.MOVED, "", author)
    assert [row.decision for row in rows(act)] == [Decision.ENDED]
    with pytest.raises(AlreadyChanged):
        decide(case.id, author, Decision.RUN_OFF)
