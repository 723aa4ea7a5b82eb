"""Whatever happens in whatever order, no act, change or last day ends an undecided case."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from lots.contracts import actions as contract_actions
from lots.contracts import jobs as contract_jobs
from lots.contracts.changes import actions as changes
from lots.contracts.changes import jobs as change_jobs
from lots.contracts.changes.models import ChangeKind, ContractChange
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
from lots.contracts.models import Contract, ContractArea, ContractState
from marketplace import clock
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import Refused
from referrals.answering import actions as case_actions
from referrals.codes import HOLDING, EndReason, ReferralState
from referrals.models import Referral
from tests.support.continuity import days_pass, decide, give_notice
from tests.support.contracts import make_live_contract
from tests.support.referrals import accepted, finished_answers, send

CHOICES = (Decision.TRANSFER, Decision.EARLY_CLOSE, Decision.RUN_OFF)


PICK = st.integers(0, 30)


class Continuity(RuleBasedStateMachine):
    """Sending, deciding, ending, time, and every verb of an act; each run has its own contract."""

    house: SimpleNamespace

    def __init__(self):
        super().__init__()
        contract = make_live_contract(
            self.house.charity,
            area_codes=("kent", "sussex"),
            places=3,
            buyer=self.house.region,
            term_months=1,
        )
        self.contract_id = contract.id
        self.kent, self.sussex = (each.id for each in contract.areas)

    def cases(self):
        held = select(Referral.id).where(
            Referral.contract_area_id.in_(self.areas()), Referral.state.in_(HOLDING)
        )
        return db.session.scalars(held.order_by(Referral.sent_at, Referral.id)).all()

    def areas(self):
        of_it = select(ContractArea.id).where(ContractArea.contract_id == self.contract_id)
        return db.session.scalars(of_it.order_by(ContractArea.starts_on, ContractArea.id)).all()

    def acts(self):
        by_id = select(ContinuityAct.id).order_by(ContinuityAct.proposed_at, ContinuityAct.id)
        return db.session.scalars(by_id.where(ContinuityAct.contract_id == self.contract_id)).all()

    @rule(number=PICK)
    def somebody_sends(self, number):
        areas = self.areas()
        to = db.session.get_one(ContractArea, areas[number % len(areas)])
        day = (clock.today() + timedelta(days=1)).isoformat()
        told = {"area": {"area": to.area_code}, "complete-by": {"complete_by": day}}
        with suppress(Refusal, Refused):
            send(to.id, self.house.by.practitioner, finished_answers(**told))

    @rule(kind=st.sampled_from(["leaves", "joins", "earlier", "later"]), days=st.integers(0, 2))
    def both_sides_sign_a_change(self, kind, days):
        by, day = self.house.by, clock.today() + timedelta(days=days)
        joins = [("K", "surrey", None)] if kind == "joins" else []
        left = [str(self.kent)] if kind == "leaves" else []
        areas = {"left": left, "joined": joins, "places": 2}
        last = {"earlier": day + timedelta(days=2), "later": day + timedelta(days=300)}
        asked = {"ends_on": last[kind]} if kind in last else areas
        proposal = changes.Proposal(
            ChangeKind.TERM if kind in last else ChangeKind.AREAS, asked, "It is needed.", day
        )
        with suppress(Refusal, Refused), write():
            change_id = changes.propose(self.contract_id, proposal, by.manager).id
            seen = db.session.get_one(ContractChange, change_id).text_hash
            changes.sign(change_id, by.director.name, seen, by.director)
            changes.sign(change_id, by.trustee.name, seen, by.trustee)
        for each in self.areas():
            with suppress(Refusal, Refused), write():
                if db.session.get_one(ContractArea, each).places_set_at is None:
                    contract_actions.set_places(each, 2, by.service_manager)

    @rule(number=PICK)
    def somebody_accepts(self, number):
        sent = select(Referral).where(
            Referral.contract_area_id.in_(self.areas()), Referral.state == ReferralState.SENT
        )
        found = db.session.scalars(sent.order_by(Referral.sent_at, Referral.id)).all()
        if found:
            with suppress(Refusal):
                accepted(found[number % len(found)], self.house.by.caseworker)

    @rule(kind=st.sampled_from([ActKind.SUSPENSION, ActKind.AREA_LOSS, ActKind.ENDING]))
    def notice(self, kind):
        area = None if kind == ActKind.ENDING else self.kent
        with suppress(Refusal, Refused):
            give_notice(self.contract_id, self.house.by.manager, kind, area, days=1)

    @rule(number=st.integers(0, 4))
    def emergency(self, number):
        if number:  # rarely, for little happens after it
            return
        with suppress(Refusal, Refused), write():
            actions.stop(self.contract_id, ActReason.INSOLVENCY, self.house.by.director)

    @rule(number=PICK, verb=st.sampled_from(["confirm", "cancel", "resume", "take_effect"]))
    def act(self, number, verb):
        acts = self.acts()
        if not acts:
            return
        act_id, by = acts[number % len(acts)], self.house.by
        does = {
            "confirm": lambda: actions.confirm(act_id, by.director),
            "cancel": lambda: actions.cancel(act_id, CancelReason.AGREED, by.director),
            "resume": lambda: actions.resume(act_id, by.manager),
            "take_effect": lambda: completing.take_effect(act_id),
        }
        with suppress(Refusal, Refused), write():
            does[verb]()

    @rule(number=PICK, decision=st.sampled_from(CHOICES))
    def decision(self, number, decision):
        cases = self.cases()
        if cases:
            target = self.house.elsewhere if decision == Decision.TRANSFER else None
            with suppress(Refusal, Refused):
                decide(cases[number % len(cases)], self.house.by.practitioner, decision, target)

    @rule(number=PICK)
    def a_case_ends(self, number):
        cases = self.cases()
        if cases:
            with suppress(Refusal, Refused), write():
                case_actions.withdraw(
                    cases[number % len(cases)], EndReason.MOVED, "", self.house.by.practitioner
                )

    @rule(days=st.sampled_from([1, 1, 2, 20]))
    def days_go_by(self, days):
        days_pass(days)
        change_jobs.bring_in(clock.now())
        contract_jobs.end_contracts(clock.now())
        completing.bring_about(clock.now())

    @invariant()
    def nothing_took_effect_undecided(self):
        db.session.expire_all()
        undecided = (
            select(func.count())
            .select_from(ContinuityCase)
            .join(ContinuityAct, ContinuityAct.id == ContinuityCase.act_id)
            .where(
                ContinuityAct.state.in_((ActState.COMPLETED, ActState.RESUMED)),
                ContinuityCase.decision.is_(None),
            )
        )
        assert db.session.scalar(undecided) == 0

    @invariant()
    def places_and_listed_cases_are_those_of_open_referrals(self):
        held = {each: self.house.area(each) for each in self.areas()}
        assert sum(area.reserved for area in held.values()) == len(self.cases())
        state = db.session.get_one(Contract, self.contract_id).state
        if state in (ContractState.TERMINATED, ContractState.ENDED):
            assert not self.cases()
        if state not in (ContractState.MOBILISING, ContractState.LIVE):
            assert all(area.closed_at for area in held.values())
        # What is stopped or over is held by an act, and each of its cases is listed by one.
        stopped = [each for each, area in held.items() if area.stopped_at or area.closed_at]
        acting = select(ContinuityHold.contract_area_id).where(
            ContinuityHold.contract_area_id.in_(stopped), ContinuityHold.released_at.is_(None)
        )
        with_cases = {each for each in stopped if held[each].reserved}
        assert with_cases <= set(db.session.scalars(acting))
        listed = (
            select(ContinuityCase.case_ref)
            .join(ContinuityAct, ContinuityAct.id == ContinuityCase.act_id)
            .where(ContinuityAct.state.in_((ActState.NOTICED, ActState.COMPLETED)))
        )
        unlisted = select(func.count()).where(
            Referral.contract_area_id.in_(stopped),
            Referral.state.in_(HOLDING),
            Referral.id.not_in(listed),
        )
        assert db.session.scalar(unlisted) == 0


def test_in_any_order(house):
    machine = type("ContinuityHere", (Continuity,), {"house": house})
    run_state_machine_as_test(machine, settings=settings(stateful_step_count=18, max_examples=10))
