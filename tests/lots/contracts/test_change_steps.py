"""Every state x step x role of a change: who may take it, from where, and nothing else."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import update

from lots.contracts.changes import actions
from lots.contracts.changes.lifecycle import AGREE, CHANGE, IN_FORCE, LAPSE, REFUSE, WITHDRAW
from lots.contracts.changes.models import ChangeKind, ChangeState, ContractChange
from lots.contracts.models import Side
from marketplace import clock
from marketplace.acting import ROLES_OF_KIND, OrganisationKind, Role
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import Refused
from tests.lots.contracts.test_changes import funded_by
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_organisation, make_person

STAMPS = {
    ChangeState.PROPOSED: {},
    ChangeState.AGREED: {"agreed_at"},
    ChangeState.IN_FORCE: {"agreed_at", "in_force_at"},
    ChangeState.WITHDRAWN: {"closed_at"},
    ChangeState.REFUSED: {"closed_at"},
}
# Who binds each party; a party's side runs the contract too.
BINDS = {
    "provider": {Role.TRUSTEE, Role.BID_MANAGER},
    "buyer": {Role.DIRECTOR},
    "funder": {Role.DECISION_MAKER},
}
RUNS = {
    "provider": BINDS["provider"] | {Role.SERVICE_MANAGER},
    "buyer": BINDS["buyer"] | {Role.CONTRACT_MANAGER},
}


class Undone(Exception):
    """What the step changed is taken back, so that the next one finds the same."""


def may(step: str, side: Side, whose: str, role: Role) -> bool:
    """Written from the domain: both sides and whoever pays sign; the other side refuses."""
    if step == "sign":
        return role in BINDS.get(whose, ())
    if step == "refuse":
        return role in BINDS.get(whose, ()) and whose != side
    return whose == side and role in RUNS[whose]


@pytest.fixture
def scene(sides):
    """A change to a co-funded contract, and somebody of every role in four organisations."""
    contract = make_live_contract(sides.charity, buyer=sides.region)
    pcc = make_organisation(OrganisationKind.PCC, name="Kent PCC", area_code="kent")
    funded_by(contract, pcc, 1_000_00)
    organisations = {
        "provider": sides.charity,
        "buyer": sides.region,
        "funder": pcc,
        "stranger": make_organisation(name="Oak"),
    }
    people = {
        (whose, role): acting_as(make_person(role, organisation), organisation)
        for whose, organisation in organisations.items()
        for role in ROLES_OF_KIND[organisation.kind]
    }
    with write():
        asked = {"before": "", "scope": "Evenings too."}
        proposal = actions.Proposal(ChangeKind.SCOPE, asked, "People asked.", clock.today())
        change_id = actions.propose(contract.id, proposal, sides.service_manager).id
    return SimpleNamespace(change_id=change_id, people=people)


def steps(change_id):
    """What people can press; signing is tried with the text that stands there."""
    change = db.session.get_one(ContractChange, change_id)
    seen = change.text_hash
    return {
        "sign": lambda by: actions.sign(change_id, by.name, seen, by),
        "refuse": lambda by: actions.refuse(change_id, "No.", by),
        "withdraw": lambda by: actions.withdraw(change_id, by),
    }


def answer(act, by):
    try:
        with write():
            act(by)
            raise Undone
    except Undone:
        return "done"
    except Refused:
        return "refused"
    except AlreadyChanged:
        return "too late"


@pytest.mark.parametrize("side", list(Side))
def test_every_state_step_and_role(scene, side):
    wrong = []
    for state, stamps in STAMPS.items():
        now = dict.fromkeys(("agreed_at", "in_force_at", "closed_at")) | dict.fromkeys(
            stamps, clock.now()
        )
        with write():
            db.session.execute(
                update(ContractChange).values(state=state, proposed_side=side, **now)
            )
        for name, act in steps(scene.change_id).items():
            for (whose, role), by in scene.people.items():
                allowed = may(name, side, whose, role)
                late = "done" if state == ChangeState.PROPOSED else "too late"
                if (got := answer(act, by)) != (expected := late if allowed else "refused"):
                    wrong.append(f"{state} {name} {whose} {role}: {got}, not {expected}")
    assert not wrong, "\n".join(wrong)


def test_the_systems_own_steps_stand_behind_their_guards(scene):
    change = db.session.get_one(ContractChange, scene.change_id)
    for step, reason in ((AGREE, "must sign first"), (LAPSE, "still runs")):
        with pytest.raises(Refusal, match=reason), write():
            CHANGE.take(step, db.session.get_one(ContractChange, change.id), None)
    with pytest.raises(AlreadyChanged), write():
        CHANGE.take(IN_FORCE, db.session.get_one(ContractChange, change.id), None)
    assert {step for step in CHANGE.steps if step.permission} == {WITHDRAW, REFUSE}
