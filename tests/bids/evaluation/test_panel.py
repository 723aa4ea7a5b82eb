"""A panel of several organisations: who may sit, who scores what, who stands in for whom."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bids.evaluation import actions, panel, queries, seats
from bids.evaluation.models import EvaluationState, PanelDeclaration, SeatState
from bids.evaluation.vocabulary import Answer, LeftBecause
from bids.permissions import BidPermission
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours, Refused, allowed
from tests.support.bid_evaluation import funder_of, score_all, seated, two_organisations
from tests.support.bids import bid_as_stored, opened_competition
from tests.support.mails import mails_to
from tests.support.people import acting_as, give_role, make_organisation, make_person


def test_evaluators_of_funders_sit_beside_the_lead_buyers_and_strangers_do_not(app):
    competition = opened_competition()
    stranger = make_person(Role.EVALUATOR, make_organisation(OrganisationKind.PCC))
    funder = funder_of(competition)
    theirs = make_person(Role.EVALUATOR, funder)
    evaluation = queries.get(competition.evaluation_id)
    found = {each.id: each.organisation_id for each in panel.free(evaluation)}
    assert found[theirs.id] == funder.id and stranger.id not in found
    with pytest.raises(Refusal, match="funder"), write():
        actions.assign(
            competition.evaluation_id, stranger.id, competition.acting(competition.officer)
        )


def test_an_evaluator_scores_and_counts_only_the_criteria_of_the_seat(app):
    competition, funder, person, member = two_organisations()
    by = acting_as(person, funder)
    bid_id, (first, second) = competition.bids[0], competition.criteria()
    with pytest.raises(NotYours), write():
        actions.save_score(competition.evaluation_id, (bid_id, first), 3, "Good", by)
    with write():
        actions.save_score(competition.evaluation_id, (bid_id, second), 3, "Good", by)
    member = queries.seat(competition.evaluation_id, by)
    far = panel.progress_of([member])[member.id]
    assert (far.done, far.all) == (1, 2) and far.last_at is not None
    assert member.lived
    # Nobody of a funder runs the evaluation or reads a whole bid.
    assert not allowed(by, BidPermission.READ_OPENED, member.evaluation)
    # Acting for another organisation the seat is not theirs.
    other = make_organisation(OrganisationKind.PCC)
    give_role(person, other, Role.EVALUATOR)
    with pytest.raises(NotYours):
        queries.seat(competition.evaluation_id, acting_as(person, other))


def test_each_criterion_needs_two_evaluators_before_moderation_starts(app):
    competition = opened_competition()
    officer = competition.acting(competition.officer)
    first, second = competition.criteria()
    held = queries.get(competition.evaluation_id).panel
    with write():
        seats.allocate(competition.evaluation_id, held[1].id, {second}, officer)
    for person in competition.evaluators:
        score_all(competition, person, competition.buyer)
    names = {each.id: each.name for each in competition.lot.criteria}
    with pytest.raises(Refusal, match=names[first]), write():
        actions.start_moderation(competition.evaluation_id, officer)
    funder = funder_of(competition)
    person, _member = seated(competition, funder, {first})
    score_all(competition, person, funder)
    with write():
        actions.start_moderation(competition.evaluation_id, officer)
    evaluation = queries.get(competition.evaluation_id)
    counted = {cell: len(own) for cell, own in queries.locked_scores(evaluation).items()}
    assert set(counted.values()) == {2} and len(counted) == 4


def test_taking_a_criterion_away_keeps_its_scores_and_the_history(app):
    competition = opened_competition()
    officer = competition.acting(competition.officer)
    by = competition.acting(competition.evaluators[0])
    first, second = competition.criteria()
    member = queries.seat(competition.evaluation_id, by)
    with write():
        actions.save_score(competition.evaluation_id, (competition.bids[0], first), 4, "Yes", by)
        seats.allocate(competition.evaluation_id, member.id, {second}, officer)
    with pytest.raises(NotYours), write():
        actions.save_score(competition.evaluation_id, (competition.bids[0], first), 1, "No", by)
    member = queries.seat(competition.evaluation_id, by)
    assert panel.progress_of([member])[member.id].done == 0
    assert list(queries.scored(member).values()) == [4]
    with write():
        seats.allocate(competition.evaluation_id, member.id, {first, second}, officer)
    member = queries.seat(competition.evaluation_id, by)
    assert panel.progress_of([member])[member.id].done == 1
    ended = [(each.criterion_id, each.ended_by_id) for each in member.allocations if each.ended_at]
    assert ended == [(first, officer.person_id)]
    with pytest.raises(Refusal, match="one criterion or more"), write():
        seats.allocate(competition.evaluation_id, member.id, set(), officer)


def test_a_replacement_takes_the_criteria_over_and_starts_afresh(app):
    competition, funder, person, member = two_organisations()
    officer = competition.acting(competition.officer)
    score_all(competition, person, funder)
    successor = make_person(Role.EVALUATOR, funder)
    with write():
        made = seats.replace(competition.evaluation_id, member.id, successor.id, officer)
    assert made.criteria == {competition.criteria()[1]} and made.lived
    assert made.state is SeatState.ASSIGNED and made.replaces_id == member.id
    old = panel.member_of(queries.get(competition.evaluation_id), member.id)
    assert (old.state, old.left_because) == (SeatState.STOOD_DOWN, LeftBecause.REPLACED)
    assert len(queries.scored(old)) == 2 and not old.criteria
    assert any("replaced" in mail.template for mail in mails_to(person.email))
    with pytest.raises(Refusal), write():
        actions.save_score(
            competition.evaluation_id,
            (competition.bids[0], competition.criteria()[1]),
            0,
            "Still here",
            acting_as(person, funder),
        )
    third = make_person(Role.EVALUATOR, funder)
    with pytest.raises(Refusal, match="taken this seat over already"), write():
        seats.replace(competition.evaluation_id, member.id, third.id, officer)


def test_an_interest_is_sealed_and_waits_for_an_officer_other_than_its_holder(app):
    competition = opened_competition()
    person, member = seated(competition, competition.buyer, answer=Answer.PERHAPS)
    by = competition.acting(person)
    assert queries.seat(competition.evaluation_id, by).state is SeatState.DECLARED
    raw = db.session.connection().exec_driver_sql("SELECT what FROM panel_declaration").scalars()
    assert not any("cousin" in str(each) for each in raw)
    assert any("declared" in mail.template for mail in mails_to(competition.officer.email))
    with pytest.raises(Refusal), write():
        cell = (competition.bids[0], competition.criteria()[0])
        actions.save_score(competition.evaluation_id, cell, 3, "Good", by)
    give_role(person, competition.buyer, Role.COMMISSIONING_OFFICER)
    with pytest.raises(Refused), write():
        seats.decide_interest(
            competition.evaluation_id, member.id, True, "I am fine", competition.acting(person)
        )
    officer = competition.acting(competition.officer)
    with pytest.raises(Refusal, match="Say why"), write():
        seats.decide_interest(competition.evaluation_id, member.id, True, " ", officer)
    with write():
        seats.decide_interest(competition.evaluation_id, member.id, True, "A far cousin", officer)
    assert queries.seat(competition.evaluation_id, by).reads
    with pytest.raises(AlreadyChanged), write():
        seats.decide_interest(competition.evaluation_id, member.id, False, "Or not", officer)
    with write():
        seats.declare(competition.evaluation_id, Answer.YES, by, "He was made their director.")
    with write():
        seats.decide_interest(competition.evaluation_id, member.id, False, "Too close", officer)
    old = panel.member_of(queries.get(competition.evaluation_id), member.id)
    assert old.left_because is LeftBecause.INTEREST
    assert [each.kept for each in panel.declarations_of(old)] == [False, True]


def test_a_role_at_a_bidder_is_found_whatever_is_declared_and_goes_on_record(app):
    competition = opened_competition()
    person, member = seated(competition, competition.buyer, answer=None)
    by = competition.acting(person)
    bidder = db.session.get_one(Organisation, bid_as_stored(competition.bids[0]).organisation_id)
    give_role(person, bidder, Role.TRUSTEE)
    with write():
        said = seats.declare(competition.evaluation_id, Answer.NO, by)
    assert said.tied_to == bidder.name
    kept = db.session.scalars(select(PanelDeclaration).filter_by(member_id=member.id)).one()
    assert kept.tied_to == bidder.name
    old = panel.member_of(queries.get(competition.evaluation_id), member.id)
    assert (old.state, old.left_because) == (SeatState.STOOD_DOWN, LeftBecause.TIE)
    page = queries.seat(competition.evaluation_id, by, permission=BidPermission.DECLARE)
    assert not page.reads
    # The seat can still be taken over, with its criteria.
    successor = make_person(Role.EVALUATOR, competition.buyer)
    with write():
        made = seats.replace(
            competition.evaluation_id,
            member.id,
            successor.id,
            competition.acting(competition.officer),
        )
    assert made.criteria == set(competition.criteria())


def test_nobody_sees_anothers_scores_before_moderation(app):
    competition, funder, person, _member = two_organisations()
    score_all(competition, person, funder)
    evaluation = queries.get(competition.evaluation_id)
    assert evaluation.state is EvaluationState.SCORING
    assert queries.locked_scores(evaluation) == {} and queries.spreads(evaluation) == {}
