"""Every state x every step of every thing: a step is taken from its own states only, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from marketplace.commands import state_machines
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Lifecycle, Refusal, Step, lifecycles
from marketplace.permissions import policy
from tests.support.isolation import rolled_back
from tests.support.walking import changed_tables, contents
from tests.support.world import World

ARCHITECTURE = Path(__file__).parents[2] / "docs" / "architecture.md"
DRAWN = ("<!-- state machines: drawn by `flask --app wsgi draw-states` -->", "<!-- end -->")
KINDS = (
    "application",
    "bid",
    "bid_opening",
    "bid_partner",
    "challenge",
    "claim",
    "clarification",
    "continuity_act",
    "contract",
    "contract_change",
    "contribution",
    "evaluation",
    "file",
    "finder_entry",
    "finder_thread",
    "grant_instalment",
    "grant_report",
    "invoice",
    "lot",
    "lot_change",
    "lot_funder",
    "market_policy",
    "mismatch",
    "notice",
    "panel_member",
    "price_review",
    "partner_payment",
    "payee_account",
    "payment",
    "question_set",
    "qualification",
    "referral",
    "referral_correction",
    "referral_plan",
    "referral_early_end",
    "removal_notice",
    "top_up",
)


@pytest.fixture(scope="module")
def app(the_world: World) -> Iterator[Flask]:
    """The world's product; what a step changes is undone at the end."""
    with rolled_back(the_world.app), the_world.app.app_context():
        yield the_world.app


@pytest.fixture(params=KINDS)
def lifecycle(app, request) -> Lifecycle:
    """Each kind's table of steps."""
    return next(each for each in lifecycles(app) if each.kind == request.param)


def stored(lifecycle: Lifecycle) -> object:
    """Any stored thing of this kind, read afresh."""
    return db.session.scalars(
        select(lifecycle.model).limit(1).execution_options(populate_existing=True)
    ).one()


def pretended(lifecycle: Lifecycle, state: object) -> object:
    """The thing as somebody still sees it who read it while it was in this state."""
    thing = stored(lifecycle)
    set_committed_value(thing, "state", state)
    return thing


def test_every_lifecycle_is_tested(app):
    assert sorted(each.kind for each in lifecycles(app)) == sorted(KINDS)


def test_every_state_has_a_label_and_every_step_too(lifecycle):
    for state in states(lifecycle):
        assert str(lifecycle.labels[state]), state
    for step in lifecycle.steps:
        assert str(step.label), step.name


def states(lifecycle: Lifecycle) -> list:
    """Every state that the database allows."""
    return list(lifecycle.model.__table__.columns["state"].type.enum_class)


def test_every_state_is_where_something_begins_or_can_be_reached(lifecycle):
    left = {state for step in lifecycle.steps for state in step.frm}
    reached = {step.to for step in lifecycle.steps}
    assert set(states(lifecycle)) == left | reached


def test_step_names_are_unique_and_no_step_leads_nowhere(lifecycle):
    names = [step.name for step in lifecycle.steps]
    assert len(set(names)) == len(names)
    for step in lifecycle.steps:
        assert step.frm and set(step.frm) <= set(states(lifecycle)), step.name
        assert step.to in states(lifecycle), step.name


def test_permissions_of_steps_stand_in_the_policy(app, lifecycle):
    asked = {step.permission for step in lifecycle.steps} - {None}
    assert asked <= policy(app).rules.keys()


def test_no_step_is_taken_from_another_state(app, lifecycle):
    before = contents(db.session.connection())
    for state in states(lifecycle):
        for step in lifecycle.steps:
            if state not in step.frm:
                with pytest.raises(AlreadyChanged), write():
                    lifecycle.take(step, pretended(lifecycle, state), by=None)
    assert not changed_tables(before, contents(db.session.connection()))


def test_a_step_overtaken_by_another_changes_nothing(app, lifecycle):
    """What was read is out of date: the guarded UPDATE finds nothing, or a guard says so."""
    before = contents(db.session.connection())
    for step in lifecycle.steps:
        for state in step.frm:
            if _in_any_of(lifecycle, step):
                continue
            with pytest.raises(Refusal), write():
                lifecycle.take(step, pretended(lifecycle, state), by=None)
    assert not changed_tables(before, contents(db.session.connection()))


def _in_any_of(lifecycle: Lifecycle, step: Step) -> bool:
    return stored(lifecycle).state in step.frm


def test_the_drawing_in_the_documentation_is_the_present_one(app):
    text = ARCHITECTURE.read_text()
    begin, end = DRAWN
    assert begin in text and end in text, f"no drawings between {begin} and {end}"
    drawn = text.split(begin)[1].split(end)[0].strip()
    assert drawn == state_machines(app).strip(), "run: flask --app wsgi draw-states"
