"""Whatever happens in whatever order, no act takes effect with an undecided case."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

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
from lots.contracts.models import Contract, ContractState
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import Refused
from referrals import actions as case_actions
from referrals.codes import HOLDING, EndReason, ReferralState
from referrals.models import Referral
from tests.support.continuity import days_pass, decide, give_notice
from tests.support.contracts import make_live_contract
from tests.support.referrals import accepted, send

CHOICES = (Decision.TRANSFER, Decision.EARLY_CLOSE, Decision.RUN_OFF)


PICK = st.integers(0, 30)


class Continuity(RuleBasedStateMachine):
    """Sending, deciding, ending, time, and every verb of an act; each run has its own contract."""

    house: SimpleNamespace

    def __init__(self):
        super().__init__()
        contract = make_live_contract(
            self.house.charity, area_codes=("kent", "sussex"), places=3, buyer=self.house.region
        )
        self.contract_id = contract.id
        self.kent, self.sussex = (each.id for each in contract.areas)

    def cases(self):
        held = select(Referral.id).where(
            Referral.contract_area_id.in_([self.kent, self.sussex]),
            Referral.state.in_(HOLDING),
        )
        return db.session.scalars(held.order_by(Referral.sent_at, Referral.id)).all()

    def acts(self):
        by_id = select(ContinuityAct.id).order_by(ContinuityAct.proposed_at, ContinuityAct.id)
        return db.session.scalars(by_id.where(ContinuityAct.contract_id == self.contract_id)).all()

    @rule()
    def somebody_sends(self):
        with suppress(Refusal, Refused):
            send(self.kent, self.house.by.practitioner)

    @rule(number=PICK)
    def somebody_accepts(self, number):
        sent = select(Referral).where(
            Referral.contract_area_id == self.kent, Referral.state == ReferralState.SENT
        )
        found = db.session.scalars(sent.order_by(Referral.sent_at, Referral.id)).all()
        if found:
            accepted(found[number % len(found)], self.house.by.caseworker)

    @rule(kind=st.sampled_from([ActKind.SUSPENSION, ActKind.AREA_LOSS, ActKind.ENDING]))
    def notice(self, kind):
        area = None if kind == ActKind.ENDING else self.kent
        with suppress(Refusal, Refused):
            give_notice(self.contract_id, self.house.by.manager, kind, area, days=1)

    @rule()
    def emergency(self):
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

    @rule()
    def a_day_passes(self):
        days_pass(1)

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
        held = {each: self.house.area(each) for each in (self.kent, self.sussex)}
        assert sum(area.reserved for area in held.values()) == len(self.cases())
        state = db.session.get_one(Contract, self.contract_id).state
        if state == ContractState.TERMINATED:
            assert not self.cases()
        stopped = [each for each, area in held.items() if area.stopped_at]
        listed = select(ContinuityCase.case_ref)
        unlisted = select(func.count()).where(
            Referral.contract_area_id.in_(stopped),
            Referral.state.in_(HOLDING),
            Referral.id.not_in(listed),
        )
        assert db.session.scalar(unlisted) == 0


def test_in_any_order(house):
    machine = type("ContinuityHere", (Continuity,), {"house": house})
    run_state_machine_as_test(machine, settings=settings(stateful_step_count=14, max_examples=10))
