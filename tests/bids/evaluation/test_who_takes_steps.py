"""Every state x step x person: an evaluation and a seat change for whom, when, and for nobody else.

Each step is tried through the action that takes it, from each state, by everybody who could have a
mind to, with everything else ready for it: what comes of it must be what the table below says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from bids.awards import actions as awards
from bids.evaluation import actions, queries, seats
from bids.evaluation.lifecycle import EVALUATION, SEAT
from bids.evaluation.models import (
    Evaluation,
    EvaluationState,
    PanelDeclaration,
    PanelMember,
    SeatState,
)
from bids.evaluation.vocabulary import Answer, LeftBecause
from marketplace import clock
from marketplace.acting import Acting, OrganisationKind, Role
from marketplace.database import db, new_id, write
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours, Refused
from tests.support.bid_evaluation import funder_of, seated
from tests.support.bids import Competition, bid_as_stored, moderating_competition
from tests.support.isolation import rolled_back
from tests.support.people import acting_as, give_role, make_organisation, make_person

DONE, NOT_NOW, NOT_THEY = "done", "not now", "not they"


@dataclass
class Scene:
    """An evaluation where every guard is content, and all who might press a button."""

    competition: Competition
    member: PanelMember
    people: dict[str, Acting]

    @property
    def id(self) -> Any:
        return self.competition.evaluation_id


@pytest.fixture(scope="module")
def scene(shared_app: Flask) -> Iterator[Scene]:
    with rolled_back(shared_app), shared_app.app_context():
        yield _made()


def _made() -> Scene:
    competition = moderating_competition()
    buyer, first_bid = competition.buyer, competition.bids[0]
    officer = competition.acting(competition.officer)
    with write():
        for bid_id in competition.bids:
            for criterion_id in competition.criteria():
                cell = (bid_id, criterion_id)
                actions.save_moderated(competition.evaluation_id, cell, 3, "Good", "More", officer)
    funder = funder_of(competition)
    with write():
        _in_state(Evaluation, competition.evaluation_id, EvaluationState.SCORING)
    theirs, _member = seated(competition, funder, answer=None)
    with write():
        _in_state(Evaluation, competition.evaluation_id, EvaluationState.MODERATING)
    seat_holder = competition.evaluators[0]
    member = queries.seat(competition.evaluation_id, competition.acting(seat_holder))
    bidder = db.session.get_one(Organisation, bid_as_stored(first_bid).organisation_id)
    tied = make_person([Role.COMMISSIONING_OFFICER, Role.DIRECTOR, Role.EVALUATOR], buyer)
    give_role(tied, bidder, Role.TRUSTEE)
    other = make_organisation(OrganisationKind.REGION, region_code="F")
    people = {
        "officer": officer,
        "director": competition.acting(competition.director),
        "tied officer": acting_as(tied, buyer),
        "seat's evaluator": competition.acting(seat_holder),
        "another evaluator": competition.acting(competition.evaluators[1]),
        "funder's evaluator": acting_as(theirs, funder),
        "funder's lead": acting_as(make_person(Role.COMMISSIONER_LEAD, funder), funder),
        "officer elsewhere": acting_as(make_person(Role.COMMISSIONING_OFFICER, other), other),
        "contract manager": acting_as(make_person(Role.CONTRACT_MANAGER, buyer), buyer),
        "bidder": acting_as(make_person(Role.BID_MANAGER, bidder), bidder),
    }
    return Scene(competition, member, people)


def _in_state(model: Any, id_: Any, state: Any, **facts: Any) -> None:
    db.session.execute(update(model).where(model.id == id_).values(state=state, **facts))
    db.session.expire_all()


@dataclass(frozen=True)
class Try:
    """A step, through which action it is taken, from where, and by whom alone."""

    step: str
    act: Callable[[Scene, Acting], Any]
    frm: set[Any]
    who: set[str]


def _declared(scene: Scene) -> None:
    """An interest that waits for its decision."""
    db.session.add(
        PanelDeclaration(
            id=new_id(),
            member_id=scene.member.id,
            answer=Answer.YES,
            what="A cousin works there.",
            declared_at=clock.judged_now(),
        )
    )
    db.session.flush()


def _decide(scene: Scene, by: Acting, keep: bool) -> None:
    _declared(scene)
    seats.decide_interest(scene.id, scene.member.id, keep, "Looked at", by)


E, S = EvaluationState, SeatState
OF_EVALUATION = (
    Try(
        "start_moderation",
        lambda scene, by: actions.start_moderation(scene.id, by),
        {E.SCORING},
        {"officer"},
    ),
    Try(
        "open_prices",
        lambda scene, by: actions.open_prices(scene.id, by),
        {E.MODERATING},
        {"officer"},
    ),
    Try(
        "recommend",
        lambda scene, by: awards.recommend(scene.id, None, "No bid convinced the panel.", by),
        {E.SCORING, E.MODERATING, E.PRICED},
        {"officer"},
    ),
)
OF_SEAT = (
    Try(
        "declare_none",
        lambda scene, by: seats.declare(scene.id, Answer.NO, by),
        {S.ASSIGNED},
        {"seat's evaluator"},
    ),
    Try(
        "declare_conflict",
        lambda scene, by: seats.declare(scene.id, Answer.YES, by, "A cousin works there."),
        {S.ASSIGNED, S.SCORING},
        {"seat's evaluator"},
    ),
    Try("keep", lambda scene, by: _decide(scene, by, True), {S.DECLARED}, {"officer"}),
    Try(
        "lock",
        lambda scene, by: actions.lock_scores(scene.id, by),
        {S.SCORING},
        {"seat's evaluator"},
    ),
    Try(
        "stand_down",
        lambda scene, by: actions.take_off(scene.id, scene.member.id, by),
        {S.ASSIGNED, S.DECLARED, S.SCORING, S.LOCKED},
        {"officer"},
    ),
)
# Steps of the award have a test of their own; the others are the system's, taken by nobody.
ELSEWHERE = {
    "evaluation": {
        "decide",
        "end",
        "send_back",
        "send_back_unranked",
        "back_to_moderation",
        "back_to_ranking",
    },
    "panel_member": {"tied"},
}


class Undo(Exception):
    """Leave nothing of what was tried."""


def tried(scene: Scene, each: Try, who: str, prepare: Callable[[], None]) -> str:
    """What comes of it; afterwards everything is as before."""
    try:
        with write():
            prepare()
            each.act(scene, scene.people[who])
            raise Undo
    except Undo:
        return DONE
    except (Refused, NotYours):
        return NOT_THEY
    except Refusal:
        return NOT_NOW
    finally:
        db.session.expire_all()


def expected(each: Try, who: str, state: Any) -> str:
    if who not in each.who:
        return NOT_THEY
    return DONE if state in each.frm else NOT_NOW


# Whoever holds another seat of the panel declares and locks that one: a step of theirs is not one
# of this seat.
OWN_SEATS = {"another evaluator", "funder's evaluator"}


def test_the_table_names_every_step(scene):
    for lifecycle, tries in ((EVALUATION, OF_EVALUATION), (SEAT, OF_SEAT)):
        named = {each.step for each in tries} | ELSEWHERE[lifecycle.kind]
        assert {step.name for step in lifecycle.steps} == named
        for each in tries:
            step = next(step for step in lifecycle.steps if step.name == each.step)
            assert set(step.frm) == each.frm, step.name


def test_an_evaluation_moves_only_for_its_officer_and_only_from_where_it_may(scene):
    def ready(state):
        def prepare():
            _in_state(Evaluation, scene.id, state)
            for member in queries.get(scene.id).panel:
                locked = member.person_id in {each.id for each in scene.competition.evaluators}
                if not locked:
                    _in_state(
                        PanelMember,
                        member.id,
                        S.STOOD_DOWN,
                        left_at=clock.now(),
                        left_because=LeftBecause.TAKEN_OFF,
                    )

        return prepare

    wrong = [
        f"{each.step} from {state} by {who}: {got}"
        for each in OF_EVALUATION
        for state in EvaluationState
        for who in scene.people
        if (got := tried(scene, each, who, ready(state))) != expected(each, who, state)
    ]
    assert not wrong, "\n".join(wrong)


def test_a_seat_moves_only_for_its_holder_or_the_officer_and_only_from_where_it_may(scene):
    def ready(state):
        def prepare():
            _in_state(Evaluation, scene.id, EvaluationState.SCORING)
            gone = state is S.STOOD_DOWN
            facts = {"left_at": clock.now(), "left_because": LeftBecause.TAKEN_OFF} if gone else {}
            _in_state(PanelMember, scene.member.id, state, **facts)

        return prepare

    wrong = [
        f"{each.step} from {state} by {who}: {got}"
        for each in OF_SEAT
        for state in SeatState
        for who in scene.people.keys() - (OWN_SEATS if "officer" not in each.who else set())
        if (got := tried(scene, each, who, ready(state))) != expected(each, who, state)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("state", [each for each in EvaluationState if each is not E.SCORING])
def test_once_moderation_has_begun_the_panel_stands_still(scene, state):
    officer = scene.people["officer"]
    changes: dict[str, Callable[[], Any]] = {
        "take off": lambda: actions.take_off(scene.id, scene.member.id, officer),
        "allocate": lambda: seats.allocate(
            scene.id, scene.member.id, {scene.competition.criteria()[0]}, officer
        ),
        "replace": lambda: seats.replace(scene.id, scene.member.id, new_id(), officer),
        "assign": lambda: actions.assign(scene.id, new_id(), officer),
        "due": lambda: seats.set_due(scene.id, clock.today(), officer),
        "decide": lambda: _decide(scene, officer, True),
    }
    for name, change in changes.items():
        with pytest.raises(Refusal, match="once moderation has begun"), write():
            _in_state(Evaluation, scene.id, state)
            change()
            pytest.fail(name)
    db.session.expire_all()
