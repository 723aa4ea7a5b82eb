"""Scoring alone, then together, then with the prices."""

from __future__ import annotations

import json

import pytest

from bids.compliance import actions as compliance
from bids.evaluation import actions, panel, queries, seats, standings
from bids.evaluation.models import EvaluationState, SeatState
from bids.evaluation.vocabulary import Answer
from bids.models import BidState, SetAsideGround
from bids.permissions import BidPermission
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours, Refused, allowed
from marketplace.qualification.models import Qualification
from tests.support.bids import (
    bid_as_stored,
    moderating_competition,
    opened_competition,
    priced_competition,
)
from tests.support.people import acting_as, give_role, make_person


def bidder_of(competition) -> Organisation:
    return db.session.get_one(Organisation, bid_as_stored(competition.bids[0]).organisation_id)


def test_nobody_with_a_role_at_a_bidder_can_be_put_on_the_panel(app):
    competition = opened_competition()
    tied = make_person(Role.EVALUATOR, competition.buyer)
    give_role(tied, bidder_of(competition), Role.TRUSTEE)
    evaluation = queries.get(competition.evaluation_id)
    assert tied.id not in {person.id for person in panel.free(evaluation)}
    with pytest.raises(Refusal, match=bidder_of(competition).name), write():
        officer = competition.acting(competition.officer)
        actions.assign(competition.evaluation_id, tied.id, officer)


def test_a_role_at_a_bidder_taken_up_later_ends_all_access(app):
    competition = opened_competition()
    for person in (competition.officer, competition.director, competition.evaluators[0]):
        give_role(person, bidder_of(competition), Role.TRUSTEE)
    evaluation = queries.get(competition.evaluation_id)
    for person in (competition.officer, competition.director, competition.evaluators[0]):
        by = competition.acting(person)
        assert not allowed(by, BidPermission.READ_OPENED, evaluation)
        assert not allowed(by, BidPermission.MANAGE, evaluation)
        assert not allowed(by, BidPermission.DECIDE, evaluation)
    with pytest.raises(NotYours):
        queries.seat(competition.evaluation_id, competition.acting(competition.evaluators[0]))


def test_nothing_is_visible_before_the_conflict_declaration(app):
    competition = opened_competition()
    person = make_person(Role.EVALUATOR, competition.buyer)
    by = competition.acting(person)
    with write():
        actions.assign(
            competition.evaluation_id, person.id, competition.acting(competition.officer)
        )
    with pytest.raises(NotYours):
        queries.readable(competition.evaluation_id, by)
    with pytest.raises(Refusal), write():
        cell = (competition.bids[0], competition.criteria()[0])
        actions.save_score(competition.evaluation_id, cell, 3, "Good", by)
    with write():
        seats.declare(competition.evaluation_id, Answer.PERHAPS, by, "My sister works there")
    with pytest.raises(NotYours):
        queries.readable(competition.evaluation_id, by)


def test_scores_are_locked_only_when_complete_and_then_for_good(app):
    competition = opened_competition()
    by = competition.acting(competition.evaluators[0])
    cells = [(bid, criterion) for bid in competition.bids for criterion in competition.criteria()]
    with write():
        for cell in cells[:-1]:
            actions.save_score(competition.evaluation_id, cell, 2, "Fair", by)
    with pytest.raises(Refusal, match="missing"), write():
        actions.lock_scores(competition.evaluation_id, by)
    with write():
        actions.save_score(competition.evaluation_id, cells[-1], 2, "Fair", by)
        actions.lock_scores(competition.evaluation_id, by)
    with pytest.raises(Refusal, match="locked"), write():
        actions.save_score(competition.evaluation_id, cells[0], 4, "Changed my mind", by)
    seat = queries.seat(competition.evaluation_id, by)
    assert seat.state == SeatState.LOCKED
    assert set(queries.scored(seat).values()) == {2}


def test_moderation_waits_for_everybody_and_shows_scores_only_then(app):
    competition = opened_competition()
    officer = competition.acting(competition.officer)
    first, _second = (competition.acting(person) for person in competition.evaluators)
    with write():
        for bid_id in competition.bids:
            for criterion in competition.criteria():
                actions.save_score(competition.evaluation_id, (bid_id, criterion), 1, "Thin", first)
        actions.lock_scores(competition.evaluation_id, first)
    with pytest.raises(Refusal, match="Not all evaluators"), write():
        actions.start_moderation(competition.evaluation_id, officer)
    assert queries.locked_scores(queries.get(competition.evaluation_id)) == {}


def test_one_evaluator_alone_is_not_a_panel(app):
    competition = opened_competition()
    officer = competition.acting(competition.officer)
    seat = queries.seat(competition.evaluation_id, competition.acting(competition.evaluators[0]))
    with write():
        actions.take_off(competition.evaluation_id, seat.id, officer)
    with pytest.raises(Refusal, match="two evaluators"), write():
        actions.start_moderation(competition.evaluation_id, officer)


def test_moderation_sees_every_locked_score(app):
    competition = moderating_competition()
    evaluation = queries.get(competition.evaluation_id)
    cell = (competition.bids[0], competition.criteria()[0])
    assert [score.reason for score in queries.locked_scores(evaluation)[cell]] == [
        "Clear and local."
    ] * 2


def test_prices_stay_sealed_until_every_score_is_agreed(app):
    competition = moderating_competition()
    officer = competition.acting(competition.officer)
    with pytest.raises(Refusal, match="no moderated score"), write():
        actions.open_prices(competition.evaluation_id, officer)
    evaluation = queries.get(competition.evaluation_id)
    assert evaluation.state == EvaluationState.MODERATING
    opened = [queries.opened_bid(evaluation, bid_id) for bid_id in competition.bids]
    assert [each.price_pence for each in opened] == [None, None]
    assert "pence" not in opened[0].content


def test_a_bidder_not_qualified_by_then_cannot_pass_and_is_set_aside_with_a_reason(app):
    competition = opened_competition()
    officer = competition.acting(competition.officer)
    organisation = bidder_of(competition)
    with write():
        for held in db.session.query(Qualification).filter_by(organisation_id=organisation.id):
            db.session.delete(held)
    with pytest.raises(Refusal, match="not qualified"), write():
        compliance.pass_bid(competition.evaluation_id, competition.bids[0], officer)
    with write():
        compliance.set_aside(
            competition.evaluation_id,
            competition.bids[0],
            SetAsideGround.NOT_QUALIFIED,
            "The decision was “not yet”.",
            officer,
        )
    bid = bid_as_stored(competition.bids[0])
    assert (bid.state, bid.ground) == (BidState.SET_ASIDE, SetAsideGround.NOT_QUALIFIED)


def test_the_ranking_is_stored_with_its_inputs_and_comes_out_the_same_again(app):
    competition = priced_competition(scores=(4, 3), prices=(9_000_00, 6_000_00))
    evaluation = queries.get(competition.evaluation_id)
    ranked = standings.ranked(evaluation)
    assert [(each.key, each.place, str(each.total)) for each in ranked] == [
        (str(competition.bids[0]), 1, "90.00"),
        (str(competition.bids[1]), 2, "82.50"),
    ]
    stored = json.loads(queries.ranking_of(evaluation).inputs)
    assert {each["price_pence"] for each in stored["bids"]} == {9_000_00, 6_000_00}
    standings.compare_again(evaluation)


def test_a_ranking_that_does_not_come_out_the_same_is_refused(app):
    competition = priced_competition()
    evaluation = queries.get(competition.evaluation_id)
    with pytest.raises(Refusal, match="computed again"), write():
        evaluation = queries.get(competition.evaluation_id)
        for score in queries.moderated(evaluation).values():
            score.score = 0
        db.session.flush()
        standings.compare_again(evaluation)


def test_an_agreed_score_cannot_change_once_prices_are_open(app):
    competition = priced_competition()
    officer = competition.acting(competition.officer)
    cell = (competition.bids[0], competition.criteria()[0])
    with pytest.raises(Refusal), write():
        actions.save_moderated(competition.evaluation_id, cell, 0, "Late", "", officer)
    with pytest.raises(AlreadyChanged), write():
        actions.open_prices(competition.evaluation_id, officer)


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.EVALUATOR, Role.CONTRACT_MANAGER])
def test_only_the_lead_buyers_officers_run_an_evaluation(app, role):
    competition = moderating_competition()
    strangers = [
        competition.acting(make_person(role, competition.buyer)),
        acting_as(make_person(Role.COMMISSIONING_OFFICER)),
    ]
    for by in strangers:
        with pytest.raises(Refused), write():
            actions.open_prices(competition.evaluation_id, by)


def test_a_bid_of_another_lot_cannot_be_scored_here(app):
    competition = opened_competition()
    other = opened_competition()
    by = competition.acting(competition.evaluators[0])
    with pytest.raises(NotYours), write():
        cell = (other.bids[0], competition.criteria()[0])
        actions.save_score(competition.evaluation_id, cell, 4, "Nice", by)
