"""Every state of a lot against every step."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from lots import lifecycle
from lots.lifecycle import LOT
from lots.models import Lot
from lots.permissions import LotPermission
from lots.vocabulary import LotState, Route
from marketplace import clock
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import Refused
from tests.support.lots import make_lot, whole_lot
from tests.support.people import acting_as, make_person

S = LotState
# Reviewed by hand: where each step may start, and where it leads. Not read from the code.
ALLOWED = {
    "plan": ({S.DRAFT}, S.PLANNED),
    "publish": ({S.DRAFT, S.PLANNED}, S.OPEN),
    "approve": ({S.DRAFT, S.PLANNED}, S.APPROVED),
    "open": ({S.APPROVED}, S.OPEN),
    "take_back": ({S.APPROVED}, S.PLANNED),
    "close": ({S.OPEN}, S.CLOSED),
    "start_evaluation": ({S.CLOSED}, S.EVALUATING),
    "recommend": ({S.EVALUATING}, S.RECOMMENDED),
    "start_standstill": ({S.RECOMMENDED}, S.STANDSTILL),
    "send_back": ({S.RECOMMENDED}, S.EVALUATING),
    "pause_standstill": ({S.STANDSTILL}, S.STANDSTILL),
    "resume_standstill": ({S.STANDSTILL}, S.STANDSTILL),
    "reopen": ({S.STANDSTILL}, S.EVALUATING),
    "award": ({S.STANDSTILL}, S.AWARDED),
    "award_grant": ({S.RECOMMENDED}, S.AWARDED),
    "cancel": (
        {S.DRAFT, S.PLANNED, S.APPROVED, S.OPEN, S.CLOSED, S.EVALUATING, S.RECOMMENDED}
        | {S.STANDSTILL},
        S.CANCELLED,
    ),
    "no_award": ({S.CLOSED, S.RECOMMENDED}, S.NO_AWARD),
}
STEPS = {step.name: step for step in LOT.steps}
SEALS = {
    "public_key": b"k" * 32,
    "wrapped_private_key": b"w",
    "price_public_key": b"p" * 32,
    "wrapped_price_key": b"w",
}
# What a step brings with it; the opening of an approved lot is judged from its own row.
PAUSED = {
    "standstill_paused_at": datetime(2026, 1, 5, tzinfo=UTC),
    "standstill_days_left": 1,
    "standstill_ends_on": None,
}
RUNS_ON = {
    "standstill_paused_at": None,
    "standstill_days_left": None,
    "standstill_ends_on": date(2030, 1, 1),
}
FACTS = {
    "publish": SEALS,
    "open": SEALS,
    "pause_standstill": PAUSED,
    "resume_standstill": RUNS_ON,
}


def test_the_table_knows_every_step():
    assert STEPS.keys() == ALLOWED.keys()


@pytest.mark.parametrize("state", list(LotState))
def test_each_step_starts_only_where_it_may(app, state):
    for name, step in STEPS.items():
        route = Route.GRANT if name == "award_grant" else Route.CONTRACT
        lot_id = _lot_in(state, route, paused=name == "resume_standstill")
        sources, target = ALLOWED[name]
        facts = FACTS.get(name, {})
        if state in sources:
            with write():
                LOT.take(step, db.session.get_one(Lot, lot_id), None, facts)
            assert whole_lot(lot_id).state is target
        else:
            with pytest.raises(AlreadyChanged), write():
                LOT.take(step, db.session.get_one(Lot, lot_id), None, facts)
            assert whole_lot(lot_id).state is state


def _lot_in(state, route, *, paused=False):
    """A sound draft put straight into a state, so that only the step under test is judged."""
    lot = make_lot(S.DRAFT, route=route)
    decider = make_person(Role.DIRECTOR, lot.lead_buyer)
    with write():
        lot = db.session.get_one(Lot, lot.id)
        lot.approved_by_id = decider.id
        ahead = timedelta(minutes=1) if state in (S.DRAFT, S.PLANNED) else -timedelta(minutes=1)
        lot.opens_at = clock.now() + ahead
        if state not in (S.DRAFT, S.PLANNED, S.APPROVED):
            for name, value in SEALS.items():
                setattr(lot, name, value)
            lot.closes_at = clock.now() - timedelta(minutes=1)
        lot.standstill_ends_on = None if paused else clock.today() - timedelta(days=1)
        lot.standstill_paused_at = clock.now() if paused else None
        lot.standstill_days_left = 1 if paused else None
        lot.state = state
        return lot.id


def test_a_lot_closes_at_its_moment_and_not_before(app):
    lot = make_lot(S.OPEN)
    with pytest.raises(Refusal), write():
        LOT.take(lifecycle.CLOSE, db.session.get_one(Lot, lot.id), None)
    assert whole_lot(lot.id).state is S.OPEN


def test_a_contract_waits_for_its_standstill(app):
    lot = make_lot(S.STANDSTILL)
    with pytest.raises(Refusal), write():
        LOT.take(lifecycle.AWARD, db.session.get_one(Lot, lot.id), None)
    assert whole_lot(lot.id).state is S.STANDSTILL


def test_a_contract_is_never_awarded_like_a_grant_nor_a_grant_like_a_contract(app):
    contract = make_lot(S.RECOMMENDED, route=Route.CONTRACT)
    grant = make_lot(S.RECOMMENDED, route=Route.GRANT)
    for lot, step in (
        (contract, lifecycle.AWARD_GRANT),
        (grant, lifecycle.START_STANDSTILL),
    ):
        with pytest.raises(Refusal), write():
            LOT.take(step, db.session.get_one(Lot, lot.id), None)
        assert whole_lot(lot.id).state is S.RECOMMENDED


@pytest.mark.parametrize("role", [Role.COMMISSIONING_OFFICER, Role.EVALUATOR])
def test_only_who_decides_takes_the_deciding_steps(app, role):
    lot = make_lot(S.RECOMMENDED)
    by = acting_as(make_person(role, lot.lead_buyer))
    for step in (lifecycle.START_STANDSTILL, lifecycle.NO_AWARD, lifecycle.CANCEL):
        with pytest.raises(Refused), write():
            LOT.take(step, db.session.get_one(Lot, lot.id), by)
    assert whole_lot(lot.id).state is S.RECOMMENDED


def test_another_regions_director_can_do_nothing(app):
    lot = make_lot(S.RECOMMENDED)
    other = acting_as(make_person(Role.DIRECTOR))
    assert LOT.offers(lot, other) == []
    for step in LOT.steps:
        if step.permission is not None and lot.state in step.frm:
            with pytest.raises(Refused), write():
                LOT.take(step, db.session.get_one(Lot, lot.id), other)


def test_the_steps_that_no_person_takes(app):
    assert [step.name for step in LOT.steps if step.permission is None] == [
        "open",
        "close",
        "send_back",
        "pause_standstill",
        "resume_standstill",
    ]
    assert lifecycle.PUBLISH.permission is LotPermission.PUBLISH


def test_every_step_leaves_an_audit_event(app):
    lot = make_lot(S.AWARDED)
    actions = db.session.scalars(
        select(AuditEvent.action)
        .where(AuditEvent.subject_id == str(lot.id))
        .order_by(AuditEvent.number)
    ).all()
    steps = ["publish", "close", "start_evaluation", "recommend", "start_standstill", "award"]
    assert [each for each in actions if each.removeprefix("lot:") in steps] == [
        f"lot:{name}" for name in steps
    ]
