"""Every state of an act, and of a case in it, against every step and role; reviewed by hand."""

from __future__ import annotations

from itertools import product

import pytest
from sqlalchemy import update

from lots.contracts.continuity import cases
from lots.contracts.continuity.lifecycle import ACT
from lots.contracts.continuity.models import (
    ActKind,
    ActState,
    CancelReason,
    ContinuityAct,
    ContinuityCase,
    Decision,
)
from marketplace import clock
from marketplace.acting import ROLES_OF_KIND, OrganisationKind
from marketplace.database import db, new_id, write
from marketplace.lifecycle import AlreadyChanged
from marketplace.permissions import Refused
from tests.support.continuity import give_notice
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_organisation, make_person

FROM = {
    "give_notice": {"proposed"},
    "take_effect": {"noticed"},
    "cancel": {"proposed", "noticed"},
    "resume": {"completed"},
    "replace": {"proposed", "noticed", "completed"},
    "restore": {"replaced"},
}
# Of the buyer; the end of a contract is not given by its manager.
GIVES = {
    ActKind.ENDING: {"director"},
    ActKind.EMERGENCY: {"director", "contract_manager"},
    ActKind.SUSPENSION: {"contract_manager"},
    ActKind.AREA_LOSS: {"contract_manager"},
}


def offered(kind: ActKind, state: ActState, side: str, role: str) -> set[str]:
    """What somebody is offered; the system alone replaces, and has an act take effect."""
    if side != "buyer":
        return set()
    pressed = {
        "give_notice": GIVES[kind],
        "cancel": {"director", "contract_manager"},
        "resume": {"contract_manager"} if kind == ActKind.SUSPENSION else set(),
    }
    return {name for name, who in pressed.items() if role in who and state in FROM[name]}


@pytest.fixture
def people(app):
    """Everybody of the buyer, the provider, and a region that has nothing to do with it."""
    found, organisations = {}, {}
    for side, kind in (
        ("buyer", OrganisationKind.REGION),
        ("provider", OrganisationKind.PROVIDER),
        ("elsewhere", OrganisationKind.REGION),
    ):
        organisations[side] = make_organisation(kind)
        for role in ROLES_OF_KIND[kind]:
            person = make_person(role, organisations[side])
            found[side, str(role)] = acting_as(person, organisations[side])
    contract = make_live_contract(organisations["provider"], buyer=organisations["buyer"])
    return contract, found


def test_every_state_step_and_role_of_an_act(people):
    contract, found = people
    assert {step.name: set(step.frm) for step in ACT.steps} == FROM
    for kind, state in product(ActKind, ActState):
        act = ContinuityAct(
            id=new_id(), kind=kind, state=state, contract=contract, effective_on=clock.today()
        )
        for (side, role), by in found.items():
            steps = {step.name for step in ACT.offers(act, by)}
            assert steps == offered(kind, state, side, role), (kind, state, side, role)
            for step in ACT.steps:
                if step.permission is None or step.name in steps:
                    continue
                if state not in step.frm:
                    with pytest.raises((AlreadyChanged, Refused)):
                        ACT.take(step, act, by)
                elif step.name != "resume" or role != "contract_manager" or side != "buyer":
                    with pytest.raises(Refused):
                        ACT.take(step, act, by)
        db.session.expunge_all()


def test_every_state_of_a_case_in_every_state_of_its_act(people):
    contract, found = people
    act = give_notice(
        contract.id, found["buyer", "contract_manager"], ActKind.SUSPENSION, contract.areas[0].id
    )
    owner, area_id, case_ref = found["buyer", "practitioner"], contract.areas[0].id, new_id()
    with write():
        cases.list_open(act, [cases.OpenCase(area_id, case_ref, owner.person_id)])
    for state, decision in product(ActState, (None, *Decision)):
        with write():
            _put(act, state)
            _decided(case_ref, decision, area_id, owner.person_id)
        wanted = state == "noticed" and decision is None
        stays = state in ("noticed", "completed") and decision == "run_off"
        assert (cases.case_of(case_ref) is not None) == (wanted or stays), (state, decision)
        if decision is None:
            with write():
                cases.settle(case_ref)
            row = db.session.query(ContinuityCase).populate_existing().one()
            assert (row.decision == Decision.ENDED) == (state == "noticed")


def _put(act, state):
    cancelled = state == ActState.CANCELLED
    db.session.execute(
        update(ContinuityAct)
        .where(ContinuityAct.id == act.id)
        .values(
            state=state,
            completed_at=clock.now(),
            cancelled_at=clock.now() if cancelled else None,
            cancel_reason=CancelReason.AGREED if cancelled else None,
        )
    )


def _decided(case_ref, decision, area_id, person_id):
    db.session.execute(
        update(ContinuityCase)
        .where(ContinuityCase.case_ref == case_ref)
        .values(
            decision=decision,
            decided_at=clock.now() if decision else None,
            decided_by_id=person_id if decision else None,
            target_contract_area_id=area_id if decision == Decision.TRANSFER else None,
        )
    )
