"""Correcting an opened bid within its window: who may do what when, and what becomes of the bid."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm.attributes import set_committed_value

from bids.awards import actions as deciding
from bids.compliance import actions, corrections, queries
from bids.compliance.models import CorrectionEnd
from bids.evaluation import actions as evaluating
from bids.evaluation import queries as evaluations
from bids.lifecycle import BID
from bids.models import BidState, SetAsideGround
from lots.actions import cancel_lot
from lots.proportionality import policy_today
from lots.vocabulary import EndReason
from marketplace import calendar, clock
from marketplace.accounts.models import Person
from marketplace.acting import ROLES_OF_KIND, Acting, Role
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours, Refused
from tests.support.bids import Competition, bid_as_stored, opened_competition
from tests.support.challenges import bidder_of
from tests.support.competition import move_to
from tests.support.compliance import ASKED
from tests.support.mails import mails_to
from tests.support.people import acting_as, make_person


def officer_of(competition: Competition) -> Acting:
    return competition.acting(competition.officer)


def asked_of(competition: Competition, number: int = 0, days: int = 3) -> UUID:
    with write():
        return corrections.ask(
            competition.evaluation_id,
            competition.bids[number],
            ASKED,
            days,
            officer_of(competition),
        ).id


def test_the_days_are_policy_and_end_with_a_working_day(app):
    competition = opened_competition()
    assert corrections.usual_days() == policy_today().correction_days == 3
    asked_of(competition)
    (correction,) = queries.corrections_of([competition.bids[0]])[competition.bids[0]]
    last = corrections.last_day(correction.due_at)
    assert last == calendar.add_working_days(clock.today(), 3)
    assert correction.due_at == calendar.end_of(last)
    for days in (0, 21):
        with pytest.raises(Refusal, match="between 1 and 20"):
            asked_of(competition, 1, days)


def test_a_correction_in_time_stands_beside_the_bid_and_the_officer_decides(app):
    competition = opened_competition()
    bid_id, officer = competition.bids[0], officer_of(competition)
    by = bidder_of(competition, 0)
    sealed = evaluations.opened_bid(evaluations.get(competition.evaluation_id), bid_id).content
    correction_id = asked_of(competition)
    assert bid_as_stored(bid_id).state is BidState.CORRECTION
    address = db.session.get_one(Person, by.person_id).email
    assert mails_to(address)[-1].template == "bids/compliance/mail/asked.txt"
    with pytest.raises(Refusal, match="asked to correct"), write():
        actions.set_aside(
            competition.evaluation_id, bid_id, SetAsideGround.INCOMPLETE, "No.", officer
        )
    with pytest.raises(Refusal), write():
        corrections.answer(correction_id, bid_id, "   ", by)
    with write():
        corrections.answer(correction_id, bid_id, "Here it is; Tŷ O’Neill’s.", by)
    assert bid_as_stored(bid_id).state is BidState.OPENED
    assert mails_to(competition.officer.email)[-1].template.endswith("corrected.txt")
    with pytest.raises(Refusal), write():
        corrections.answer(correction_id, bid_id, "Once more.", by)
    opened = evaluations.opened_bid(evaluations.get(competition.evaluation_id), bid_id)
    assert opened.content == sealed, "what was sealed is never replaced"
    (told,) = queries.told_of([bid_id])[bid_id]
    assert told["answer"] == "Here it is; Tŷ O’Neill’s."
    assert told["ended_as"] == "answered"
    with write():
        actions.set_aside(
            competition.evaluation_id, bid_id, SetAsideGround.INCOMPLETE, "Not enough.", officer
        )
    assert bid_as_stored(bid_id).ground is SetAsideGround.INCOMPLETE


def test_the_window_ends_by_the_clock_and_the_job_sets_the_bid_aside_once(app):
    competition = opened_competition()
    bid_id, by = competition.bids[0], bidder_of(competition, 0)
    correction_id = asked_of(competition)
    due_at = queries.open_correction(bid_id).due_at
    assert corrections.next_due(clock.now()) == due_at
    move_to(due_at - timedelta(minutes=5))
    assert corrections.lapse_due(clock.now()) == 0
    move_to(due_at)
    with pytest.raises(corrections.CorrectionLate), write():
        corrections.answer(correction_id, bid_id, "Too late.", by)
    assert bid_as_stored(bid_id).state is BidState.CORRECTION
    assert corrections.lapse_due(clock.now()) == 1
    assert corrections.lapse_due(clock.now()) == 0
    bid = bid_as_stored(bid_id)
    assert (bid.state, bid.ground) == (BidState.SET_ASIDE, SetAsideGround.INCOMPLETE)
    assert "insurance certificate" in bid.ground_reason
    assert queries.corrections_of([bid_id])[bid_id][0].ended_as is CorrectionEnd.LAPSED


def test_prices_stay_closed_and_nothing_else_is_asked_while_a_bid_is_to_be_corrected(app):
    competition = opened_competition()
    officer, bid_id = officer_of(competition), competition.bids[0]
    asked_of(competition)
    with pytest.raises(AlreadyChanged):
        asked_of(competition)
    with pytest.raises(AlreadyChanged), write():
        actions.pass_bid(competition.evaluation_id, bid_id, officer)
    for person in competition.evaluators:
        by = competition.acting(person)
        with write():
            for each in competition.bids:
                for criterion_id in competition.criteria():
                    evaluating.save_score(
                        competition.evaluation_id, (each, criterion_id), 3, "Good.", by
                    )
            evaluating.lock_scores(competition.evaluation_id, by)
    with write():
        actions.pass_bid(competition.evaluation_id, competition.bids[1], officer)
        evaluating.start_moderation(competition.evaluation_id, officer)
        for each in competition.bids:
            for criterion_id in competition.criteria():
                cell = (each, criterion_id)
                evaluating.save_moderated(
                    competition.evaluation_id, cell, 4, "Excellent.", "", officer
                )
    with pytest.raises(Refusal, match="not been checked"), write():
        evaluating.open_prices(competition.evaluation_id, officer)
    with write():
        corrections.take_back(competition.evaluation_id, bid_id, officer)
        actions.pass_bid(competition.evaluation_id, bid_id, officer)
        evaluating.open_prices(competition.evaluation_id, officer)
    with pytest.raises(Refusal):
        asked_of(competition)


def test_a_bid_is_corrected_by_its_own_bidder_only(app):
    competition = opened_competition()
    correction_id = asked_of(competition)
    with pytest.raises(NotYours), write():
        corrections.answer(correction_id, competition.bids[0], "Ours.", bidder_of(competition, 1))
    finance = bidder_of(competition, 0, Role.FINANCE)
    with pytest.raises(Refused), write():
        corrections.answer(correction_id, competition.bids[0], "Ours.", finance)
    with pytest.raises(NotYours), write():
        corrections.answer(UUID(int=1), competition.bids[0], "Ours.", bidder_of(competition, 0))


OFFICERS = {"commissioning_officer", "commissioner_lead"}
BIDDERS = {"bid_manager", "trustee"}
STEPS = {
    "pass": ({BidState.OPENED}, OFFICERS),
    "ask_correction": ({BidState.OPENED}, OFFICERS),
    "take_request_back": ({BidState.CORRECTION}, OFFICERS),
    "correct": ({BidState.CORRECTION}, BIDDERS),
    "set_aside": ({BidState.OPENED, BidState.CORRECTION, BidState.COMPLIANT}, OFFICERS),
}


def test_every_state_step_and_role_of_the_check(app):
    competition = opened_competition()
    bidder, other = (
        db.session.get_one(Organisation, bid_as_stored(bid_id).organisation_id)
        for bid_id in competition.bids
    )
    sides = ((competition.buyer, OFFICERS), (bidder, BIDDERS), (other, set()))
    people = [
        (role.value if role.value in able else "", acting_as(make_person(role, side), side))
        for side, able in sides
        for role in ROLES_OF_KIND[side.kind]
    ]
    bid = bid_as_stored(competition.bids[0])
    for role, by in people:
        for state in BidState:
            set_committed_value(bid, "state", state)
            offered = {step.name for step in BID.offers(bid, by)} & STEPS.keys()
            expected = {
                name for name, (states, roles) in STEPS.items() if state in states and role in roles
            }
            assert offered == expected, (by.name, state)


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_bid_in_correction_ends_with_its_lot_and_no_job_sets_it_aside_later(app, cancelled):
    competition = opened_competition()
    bid_id = competition.bids[0]
    asked_of(competition)
    due_at = queries.open_correction(bid_id).due_at
    director = competition.acting(competition.director)
    with write():
        if cancelled:
            cancel_lot(competition.lot.id, EndReason.NEED_CHANGED, director, "Needs changed.")
        else:
            deciding.recommend(
                competition.evaluation_id, None, "Too dear.", officer_of(competition)
            )
            deciding.decide(competition.evaluation_id, None, "None is suitable.", director)
    assert bid_as_stored(bid_id).state is BidState.UNSUCCESSFUL
    (correction,) = queries.corrections_of([bid_id])[bid_id]
    assert correction.ended_as is CorrectionEnd.OVERTAKEN
    move_to(due_at)
    assert corrections.lapse_due(clock.now()) == 0
