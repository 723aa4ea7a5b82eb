"""Every state x step x role around an award and its challenge, against the reviewed tables."""

from __future__ import annotations

import pytest
from sqlalchemy.orm.attributes import set_committed_value

from bids.challenges.lifecycle import CHALLENGE
from bids.challenges.models import Challenge, ChallengeState
from bids.evaluation.lifecycle import EVALUATION
from bids.evaluation.models import Evaluation, EvaluationState
from lots.lifecycle import LOT
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db
from marketplace.permissions import allowed
from tests.support.bids import decided_competition
from tests.support.challenges import challenged
from tests.support.people import acting_as, make_organisation, make_person

OFFICER, DIRECTOR, EVALUATOR = Role.COMMISSIONING_OFFICER, Role.DIRECTOR, Role.EVALUATOR
ROLES = (OFFICER, DIRECTOR, EVALUATOR, Role.CONTRACT_MANAGER)
# (state, step): who of the lead buyer may press it; what the system alone takes is `SYSTEM`.
SYSTEM: frozenset[Role] = frozenset()
DECIDERS = frozenset({DIRECTOR})
OFFICERS = frozenset({OFFICER})
BOTH = DECIDERS | OFFICERS
LOT_STEPS = {
    (LotState.EVALUATING, "recommend"): OFFICERS,
    (LotState.RECOMMENDED, "send_back"): SYSTEM,
    (LotState.RECOMMENDED, "start_standstill"): DECIDERS,
    (LotState.RECOMMENDED, "award_grant"): DECIDERS,
    (LotState.STANDSTILL, "pause_standstill"): SYSTEM,
    (LotState.STANDSTILL, "resume_standstill"): SYSTEM,
    (LotState.STANDSTILL, "reopen"): DECIDERS,
    (LotState.STANDSTILL, "award"): DECIDERS,
    **{(state, "no_award"): DECIDERS for state in (LotState.CLOSED, LotState.RECOMMENDED)},
}
EVALUATION_STEPS = {
    **{
        (state, "recommend"): OFFICERS
        for state in (
            EvaluationState.SCORING,
            EvaluationState.MODERATING,
            EvaluationState.PRICED,
        )
    },
    (EvaluationState.RECOMMENDED, "send_back"): SYSTEM,
    (EvaluationState.RECOMMENDED, "send_back_unranked"): SYSTEM,
    (EvaluationState.RECOMMENDED, "decide"): DECIDERS,
    (EvaluationState.DECIDED, "back_to_moderation"): DECIDERS,
    (EvaluationState.DECIDED, "back_to_ranking"): DECIDERS,
}
CHALLENGE_STEPS = {
    # The officer of these tests entered the agreed scores; one who did not may dismiss.
    (ChallengeState.RECEIVED, "dismiss"): BOTH,
    (ChallengeState.RECEIVED, "uphold"): DECIDERS,
    (ChallengeState.RECEIVED, "end"): SYSTEM,
}


@pytest.fixture
def scene(app):
    """(competition, challenge id): decided, and challenged by the second bidder."""
    competition = decided_competition()
    return competition, challenged(competition, 1)


@pytest.fixture
def people(scene):
    """Somebody of each role: [(role, of the lead buyer?, acting)]."""
    competition, _challenge_id = scene
    elsewhere = make_organisation(OrganisationKind.REGION, region_code="B")
    return [
        (role, buyer is competition.buyer, acting_as(make_person(role, buyer), buyer))
        for role in ROLES
        for buyer in (competition.buyer, elsewhere)
    ]


def who(people, permission, thing):
    """The roles of the lead buyer that hold this; nobody elsewhere does."""
    held = [(role, own) for role, own, by in people if allowed(by, permission, thing)]
    assert all(own for _role, own in held)
    return frozenset(role for role, _own in held)


def test_every_state_of_lot_evaluation_and_challenge_by_everybody(scene, people):
    competition, challenge_id = scene
    for lifecycle, model, key, expected in (
        (LOT, Lot, competition.lot.id, LOT_STEPS),
        (EVALUATION, Evaluation, competition.evaluation_id, EVALUATION_STEPS),
        (CHALLENGE, Challenge, challenge_id, CHALLENGE_STEPS),
    ):
        thing = db.session.get_one(model, key)
        steps = {name for _state, name in expected}
        looked_at = [step for step in lifecycle.steps if step.name in steps]
        found = {
            (state, step.name): who(people, step.permission, thing) if step.permission else SYSTEM
            for step in looked_at
            for state in step.frm
        }
        assert found == expected


def test_nobody_confirms_an_award_that_is_paused_and_nothing_is_paused_twice(scene):
    competition, _challenge_id = scene
    lot = db.session.get_one(Lot, competition.lot.id)
    director = competition.acting(competition.director)
    assert "award" not in {step.name for step in LOT.offers(lot, director)}
    refusals = {
        step.name: str(step.guard(lot)) if step.guard and step.guard(lot) else None
        for step in LOT.steps
        if step.name in ("pause_standstill", "resume_standstill", "award", "reopen")
    }
    assert "paused already" in refusals["pause_standstill"]
    assert "challenge pauses" in refusals["award"]
    assert (refusals["resume_standstill"], refusals["reopen"]) == (None, None)
    set_committed_value(lot, "standstill_paused_at", None)
    resume = next(step for step in LOT.steps if step.name == "resume_standstill")
    assert resume.guard and "not paused" in str(resume.guard(lot))
