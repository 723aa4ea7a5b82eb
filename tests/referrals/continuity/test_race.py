"""Notices, decisions, sends and ends in the same moment, each in a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from lots.contracts.continuity import actions, completing
from lots.contracts.continuity.actions import Notice
from lots.contracts.continuity.models import (
    ActKind,
    ActReason,
    ActState,
    ContinuityAct,
    ContinuityCase,
    Decision,
)
from lots.contracts.models import ContractArea
from marketplace import clock
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from referrals.answering import actions as case_actions
from referrals.codes import HOLDING, EndReason
from referrals.continuity import actions as deciding
from referrals.continuity.actions import Choice
from referrals.models import Referral
from referrals.sending.actions import send_referral
from tests.support import apps
from tests.support.continuity import give_notice
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_organisation, make_person
from tests.support.referrals import make_draft, send

CASES = 6


@pytest.fixture
def race(new_database, session_folder):
    """A contract in two areas and its people, in a product on a database of its own."""
    app = apps.make_app(new_database("continuity-race"), session_folder)
    with app.app_context():
        region = make_organisation(OrganisationKind.REGION, region_code="K")
        contract = make_live_contract(buyer=region, area_codes=("kent", "sussex"), places=2 * CASES)
        scene = SimpleNamespace(
            app=app,
            contract_id=contract.id,
            kent=contract.areas[0].id,
            elsewhere=make_live_contract(buyer=region, places=CASES).areas[0].id,
            manager=acting_as(make_person(Role.CONTRACT_MANAGER, region)),
            practitioner=acting_as(make_person(Role.PRACTITIONER, region)),
        )
    yield scene
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def rush(app, acts):
    """Do all of these in the same moment, each in one write; what came of it, or its refusal."""
    start = Barrier(len(acts))

    def run(act):
        with app.app_context():
            start.wait()
            try:
                with write():
                    return act()
            except Refusal as refusal:
                return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def notice(scene, kind=ActKind.AREA_LOSS):
    day = clock.today() + timedelta(days=20)
    given = Notice(kind, ActReason.REORGANISED, day, scene.kent)
    return lambda: actions.propose(scene.contract_id, given, scene.manager).id


def stop(scene):
    return lambda: actions.stop(scene.contract_id, ActReason.SAFEGUARDING, scene.manager).id


def held(area_id):
    return db.session.get_one(ContractArea, area_id).reserved


def test_who_sends_at_the_moment_of_the_notice_is_listed_or_refused(race):
    with race.app.app_context():
        drafts = [make_draft(race.kent, race.practitioner).id for _number in range(CASES)]
        sends = [partial(send_referral, each, race.kent, race.practitioner) for each in drafts]
        acts = [*sends[: CASES // 2], notice(race), *sends[CASES // 2 :]]
    answers = rush(race.app, acts)
    with race.app.app_context():
        listed = set(db.session.scalars(select(ContinuityCase.case_ref)))
        sent = {each for each in answers if not isinstance(each, Refusal)} - {
            db.session.scalars(select(ContinuityAct.id)).one()
        }
        assert listed == sent == set(db.session.scalars(select(Referral.id)))
        assert held(race.kent) == len(sent)


def test_of_two_notices_at_once_one_stands(race):
    with race.app.app_context():
        send(race.kent, race.practitioner)
        acts = [notice(race), notice(race, ActKind.SUSPENSION), stop(race), stop(race)]
    rush(race.app, acts)
    with race.app.app_context():
        running = select(func.count()).where(ContinuityAct.state == ActState.NOTICED)
        assert db.session.scalar(running) == 1
        standing = db.session.scalars(
            select(ContinuityAct).where(ContinuityAct.state == ActState.NOTICED)
        ).one()
        assert standing.kind == ActKind.EMERGENCY
        wanted = select(func.count()).where(ContinuityCase.act_id == standing.id)
        assert db.session.scalar(wanted) == 1


def test_a_decision_and_an_end_at_once_make_one_and_the_act_waits_for_both(race):
    with race.app.app_context():
        cases = [send(race.kent, race.practitioner).id for _number in range(CASES)]
        act_id = give_notice(race.contract_id, race.manager, contract_area_id=race.kent, days=0).id
        choices = (Choice(Decision.TRANSFER, race.elsewhere), Choice(Decision.RUN_OFF))
        acts: list[Callable[[], object]] = [partial(completing.take_effect, act_id)]
        for number, case in enumerate(cases):
            choice, by = choices[number % 2], race.practitioner
            acts.append(partial(deciding.decide, [case], choice, by))
            acts.append(partial(case_actions.withdraw, case, EndReason.MOVED, "", by))
    rush(race.app, acts)
    with race.app.app_context():
        rows = db.session.scalars(select(ContinuityCase)).all()
        assert len(rows) == CASES and all(row.decision for row in rows)
        for area_id in (race.kent, race.elsewhere):
            open_there = select(func.count()).where(
                Referral.contract_area_id == area_id, Referral.state.in_(HOLDING)
            )
            assert held(area_id) == db.session.scalar(open_there)
        completing.bring_about(clock.now())
        assert db.session.get_one(ContinuityAct, act_id).state == ActState.COMPLETED
