"""Places hold in any order of what people do: judged by the audit chain told again.

The race on PostgreSQL (`tests/races/test_places_hold.py`) asks the same of many at once.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

from flask import g
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select, update

from lots.contracts import jobs as contract_jobs
from lots.contracts import places
from lots.contracts.models import Contract, PauseReason
from marketplace import clock
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import Refused
from referrals import waiting
from referrals.answering import actions
from referrals.codes import HOLDING, DeclineReason, EndReason, Priority, ReferralState, Whereabouts
from referrals.continuity.moving import move
from referrals.models import Referral
from referrals.queries import locked_with_place
from tests.support.contracts import make_live_contract
from tests.support.placing import Replay, events_of_places
from tests.support.referrals import finished_answers, in_custody, send

PICK = st.integers(0, 30)
ANY_STATE = (*HOLDING, ReferralState.WAITING)
CUSTODY_DAYS = 5


class Places(RuleBasedStateMachine):
    """Two services of two places each; what everybody may do with them, and days going by."""

    house: SimpleNamespace

    def __init__(self):
        super().__init__()
        self.areas = [
            make_live_contract(self.house.charity, buyer=self.house.region, places=2).areas[0].id
            for _service in range(2)
        ]
        with write():
            db.session.execute(update(Contract).values(custody_days=CUSTODY_DAYS))
        self.since = db.session.scalar(select(func.max(AuditEvent.number))) or 0

    def do(self, act):
        """One request, which a rule may refuse."""
        g.pop("business_now", None)
        with suppress(Refusal, Refused), write():
            act()

    def some(self, number, states):
        """One of the cases in these states; None where there is none."""
        found = db.session.scalars(
            select(Referral.id)
            .where(Referral.contract_area_id.in_(self.areas), Referral.state.in_(states))
            .order_by(Referral.sent_at, Referral.id)
        ).all()
        return found[number % len(found)] if found else None

    @rule(
        number=PICK,
        priority=st.sampled_from([Priority.NONE, Priority.NONE, Priority.RECALL_LIKELY]),
        days=st.sampled_from([None, None, 3, 6, 9]),
    )
    def somebody_sends(self, number, priority, days):
        told = {"priority": {"priority": priority.value}}
        if days is not None:
            told |= in_custody((clock.today() + timedelta(days=days)).isoformat())
        with suppress(Refusal):
            send(
                self.areas[number % 2],
                self.house.by.practitioner,
                finished_answers(**told),
            )

    @rule(number=PICK, verb=st.sampled_from(["accept", "query", "decline", "reply"]))
    def the_provider_is_answered_or_answers(self, number, verb):
        by = self.house.by
        asked = ReferralState.QUERY if verb == "reply" else ReferralState.SENT
        one = self.some(number, (asked,))
        does = {
            "accept": lambda: actions.accept(one, by.caseworker),
            "query": lambda: actions.query(one, "Which days?", by.manager),
            "decline": lambda: actions.decline(one, DeclineReason.NO_STAFF, by.manager),
            "reply": lambda: actions.reply(one, "Any day", by.practitioner),
        }
        if one is not None:
            self.do(does[verb])

    @rule(number=PICK)
    def somebody_is_withdrawn(self, number):
        one = self.some(number, ANY_STATE)
        if one is not None:
            by = self.house.by.practitioner
            self.do(lambda: actions.withdraw(one, EndReason.MOVED, "", by))

    @rule(number=PICK, places_wanted=st.integers(0, 2))
    def the_limit_changes(self, number, places_wanted):
        area = self.areas[number % 2]
        self.do(lambda: places.set_places(area, places_wanted, self.house.by.manager))

    @rule(number=PICK, days=st.integers(1, 3))
    def a_service_pauses(self, number, days):
        until = clock.today() + timedelta(days=days)
        area, by = self.areas[number % 2], self.house.by.manager
        self.do(lambda: places.pause(area, until, PauseReason.STAFFING, by))

    @rule(number=PICK)
    def a_service_resumes(self, number):
        self.do(lambda: places.resume(self.areas[number % 2], self.house.by.manager))

    @rule(number=PICK)
    def somebody_moves(self, number):
        one = self.some(number, HOLDING)
        if one is None:
            return
        here = db.session.get_one(Referral, one).contract_area_id
        there = next(each for each in self.areas if each != here)
        by = self.house.by.practitioner

        def moves():
            for area in sorted(self.areas):
                db.session.get(places.ContractArea, area, with_for_update=True)
            move(locked_with_place(one, by), there, by)

        self.do(moves)

    @rule(number=PICK, days=st.integers(1, 12))
    def a_release_date_changes(self, number, days):
        one = self.some(number, ANY_STATE)
        if one is None:
            return

        def amends():
            case = locked_with_place(one, self.house.by.practitioner)
            if case.whereabouts == Whereabouts.CUSTODY:
                case.release_on = (clock.today() + timedelta(days=days)).isoformat()
                waiting.release_changed(case)

        self.do(amends)

    @rule(days=st.sampled_from([1, 1, 2]))
    def days_go_by(self, days):
        with write():
            clock.set_offset(clock.offset_seconds() + days * 86400)
        g.pop("business_now", None)
        contract_jobs.end_pauses(clock.now())
        waiting.place_when_due(clock.now())

    @invariant()
    def places_hold(self):
        db.session.expire_all()
        # Dates are amended here: the order is judged as it stands after each rule.
        limits = {str(area): 2 for area in self.areas}
        replay = Replay(limits, judges_order=False).tell(events_of_places(self.since))
        replay.judges_order = True
        replay.agrees_with_what_stands(clock.today())


def test_in_any_order(house):
    machine = type("PlacesHere", (Places,), {"house": house})
    run_state_machine_as_test(machine, settings=settings(stateful_step_count=20, max_examples=10))
