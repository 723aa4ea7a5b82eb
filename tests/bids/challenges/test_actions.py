"""Challenging an award in its standstill, pausing it, answering, taking the award back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bids.awards import actions as awards
from bids.awards import queries, reviewing
from bids.awards.jobs import confirm_due
from bids.awards.models import Award, BidSummary
from bids.awards.standstill import standstill_of
from bids.challenges import actions
from bids.challenges.models import Challenge, ChallengeState, Outcome
from bids.compliance import actions as compliance
from bids.evaluation import actions as evaluating
from bids.evaluation import queries as evaluations
from bids.evaluation.models import EvaluationState
from bids.models import BidState, SetAsideGround
from lots import actions as lot_actions
from lots.contracts.models import Contract
from lots.vocabulary import EndReason, LotState, Route
from marketplace import calendar, clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import NotYours, Refused
from tests.support.bids import bid_as_stored, decided_competition, moderating_competition
from tests.support.bids import review_all as review
from tests.support.challenges import bidder_of, challenged, pass_days
from tests.support.lots import whole_lot
from tests.support.people import acting_as, give_role, make_person, sign_in


def states(competition):
    return [bid_as_stored(bid_id).state for bid_id in competition.bids]


def mails(template):
    found = select(OutboxMessage.subject_id).where(OutboxMessage.template.endswith(template))
    return set(db.session.scalars(found))


def dismiss(competition, challenge_id, by=None):
    with write():
        by = by or competition.acting(competition.director)
        return actions.dismiss(challenge_id, "The scores stand.", by)


def uphold(competition, challenge_id, outcome, **facts):
    with write():
        director = competition.acting(competition.director)
        actions.uphold(challenge_id, outcome, "You are right.", director, **facts)


def test_a_challenge_pauses_at_once_and_the_job_does_not_confirm(app):
    competition = decided_competition()
    ends_on = whole_lot(competition.lot.id).standstill_ends_on
    made = challenged(competition, 1)
    lot = whole_lot(competition.lot.id)
    assert lot.standstill_paused_at is not None
    assert (lot.standstill_ends_on, lot.standstill_days_left) == (None, 8)
    pass_days((ends_on - clock.today()).days + 5)
    assert queries.next_standstill_end(clock.now()) is None
    assert confirm_due(clock.now()) == 0
    assert whole_lot(lot.id).state is LotState.STANDSTILL
    assert mails("paused.txt") == set(competition.bids)
    assert mails("to_answer.txt") == {made}

    assert dismiss(competition, made)
    lot = whole_lot(competition.lot.id)
    first = calendar.add_working_days(clock.today(), 1)
    assert lot.standstill_paused_at is None
    assert lot.standstill_ends_on == calendar.counted_days(first, 8)[-1]
    assert mails("runs_on.txt") == set(competition.bids)
    assert mails("dismissed.txt") == {competition.bids[1]}
    pass_days((lot.standstill_ends_on - clock.today()).days)
    assert confirm_due(clock.now()) == 0
    pass_days(1)
    assert confirm_due(clock.now()) == 1
    assert whole_lot(lot.id).state is LotState.AWARDED


def test_two_challenges_pause_once_and_run_on_after_the_last_answer(app):
    competition = decided_competition(scores=(4, 3, 2), prices=(9_000_00, 9_500_00, 9_900_00))
    first = challenged(competition, 1)
    assert mails("paused.txt") == set(competition.bids)
    found = select(func.count()).where(OutboxMessage.template.endswith("paused.txt"))
    told = db.session.scalar(found)
    second = challenged(competition, 2)
    assert db.session.scalar(found) == told
    assert not dismiss(competition, first)
    assert whole_lot(competition.lot.id).standstill_paused_at is not None
    with pytest.raises(AlreadyChanged):
        dismiss(competition, first)
    assert dismiss(competition, second)
    assert whole_lot(competition.lot.id).standstill_paused_at is None


def test_who_may_challenge_and_until_when(app):
    competition = decided_competition()
    with pytest.raises(Refusal, match="Your bid won"):
        challenged(competition, 0)
    with pytest.raises(NotYours), write():
        stranger = acting_as(make_person(Role.BID_MANAGER))
        actions.challenge(competition.bids[1], "Unfair.", stranger)
    with pytest.raises(Refused), write():
        writer = bidder_of(competition, 1, Role.FINANCE)
        actions.challenge(competition.bids[1], "Unfair.", writer)
    challenged(competition, 1)
    with pytest.raises(AlreadyChanged):
        challenged(competition, 1)
    late = decided_competition()
    pass_days((whole_lot(late.lot.id).standstill_ends_on - clock.today()).days + 1)
    with pytest.raises(Refusal, match="standstill is over"):
        challenged(late, 1)
    grant = decided_competition(route=Route.GRANT, contract_reason="")
    with pytest.raises(Refusal, match="there is none"):
        challenged(grant, 1)


def test_a_letter_counts_from_the_day_it_arrived(app):
    competition = decided_competition()
    officer = competition.acting(competition.officer)
    decided = clock.today()
    pass_days(6)
    with pytest.raises(Refusal, match="before the decision"), write():
        _letter(competition, decided - timedelta(days=1), officer)
    with pytest.raises(Refusal, match="today or in the past"), write():
        _letter(competition, clock.today() + timedelta(days=1), officer)
    arrived = decided + timedelta(days=2)
    with write():
        made = _letter(competition, arrived, officer).id
    lot = whole_lot(competition.lot.id)
    counted = standstill_of(lot, queries.award_of(lot.id)).counted
    assert all(day < arrived for day in counted)
    assert lot.standstill_days_left == 8 - len(counted)
    with pytest.raises(Refused):
        dismiss(competition, made, acting_as(make_person(Role.DIRECTOR)))
    assert dismiss(competition, made)


def test_a_letter_of_the_last_day_is_recorded_until_the_award_is_confirmed(app):
    competition = decided_competition()
    officer = competition.acting(competition.officer)
    last = whole_lot(competition.lot.id).standstill_ends_on
    pass_days((last - clock.today()).days + 1)
    client = app.test_client()
    sign_in(client, competition.officer)
    page = f"/evaluations/{competition.evaluation_id}/challenges/letter"
    assert "Record it and pause" in client.show(page).text
    with pytest.raises(Refusal, match="arrived later cannot pause"), write():
        _letter(competition, clock.today(), officer)
    assert confirm_due(clock.now()) == 1
    assert "do not sign the contract" in client.show(page).text
    with pytest.raises(Refusal, match="do not sign the contract"), write():
        _letter(competition, last, officer)


def _letter(competition, day, by):
    return actions.record_letter(competition.evaluation_id, None, "A council", "Not fair.", day, by)


def test_only_who_decides_takes_an_award_back_and_nobody_with_an_interest_answers(app):
    competition = decided_competition()
    made = challenged(competition, 1)
    officer = competition.acting(competition.officer)
    for by in (officer, competition.acting(competition.evaluators[0])):
        with pytest.raises(Refused), write():
            actions.uphold(made, Outcome.RANKING, "Yes.", by)
    tied = make_person(Role.DIRECTOR, competition.buyer)
    loser = db.session.get(
        type(competition.buyer), bid_as_stored(competition.bids[1]).organisation_id
    )
    give_role(tied, loser, Role.TRUSTEE)
    with pytest.raises(Refused):
        dismiss(competition, made, competition.acting(tied))


def test_upheld_to_the_ranking_the_lot_is_decided_anew(app):
    competition = decided_competition(scores=(4, 3, 2), prices=(9_000_00, 9_500_00, 9_900_00))
    made, other = challenged(competition, 1), challenged(competition, 2)
    uphold(competition, made, Outcome.RANKING)
    lot = whole_lot(competition.lot.id)
    assert (lot.state, lot.standstill_ends_on, lot.decided_at) == (LotState.EVALUATING, None, None)
    assert (lot.standstill_paused_at, lot.standstill_days_left) == (None, None)
    assert evaluations.get(competition.evaluation_id).state is EvaluationState.PRICED
    assert states(competition) == [BidState.COMPLIANT] * 3
    assert db.session.get_one(Challenge, other).state is ChallengeState.ENDED
    assert queries.award_of(lot.id) is None
    (old,) = queries.taken_back(lot.id)
    assert old.winner_told["name"]
    assert mails("reopened.txt") == set(competition.bids)
    assert db.session.scalars(select(Contract).where(Contract.lot_id == lot.id)).all() == []

    officer, director = (
        competition.acting(each) for each in (competition.officer, competition.director)
    )
    with write():
        awards.recommend(competition.evaluation_id, competition.bids[1], "Second look.", officer)
    with pytest.raises(Refusal, match="yet to review"), write():
        awards.decide(competition.evaluation_id, competition.bids[1], "It is nearer.", director)
    with write():
        review(competition)
        awards.decide(competition.evaluation_id, competition.bids[1], "It is nearer.", director)
    lot = whole_lot(competition.lot.id)
    assert lot.state is LotState.STANDSTILL
    assert lot.standstill_ends_on == calendar.standstill_end(clock.today())
    assert queries.award_of(lot.id).bid_id == competition.bids[1]
    assert db.session.scalar(select(func.count()).select_from(Award)) == 2
    summaries = select(BidSummary).where(BidSummary.bid_id == competition.bids[0])
    assert len(db.session.scalars(summaries).all()) == 2
    told = queries.own_summary(competition.bids[0], bidder_of(competition, 0))[1]
    assert told.award.bid_id == competition.bids[1]
    challenged(competition, 0)


def test_a_bidder_set_aside_is_checked_and_scored_again(app):
    competition = _one_set_aside()
    made = challenged(competition, 1)
    with pytest.raises(Refusal, match="no place in the ranking"):
        uphold(competition, made, Outcome.RANKING)
    uphold(competition, made, Outcome.MODERATION)
    bid = bid_as_stored(competition.bids[1])
    assert (bid.state, bid.ground, bid.ground_reason) == (BidState.OPENED, None, None)
    officer = competition.acting(competition.officer)
    with pytest.raises(Refusal), write():
        evaluating.open_prices(competition.evaluation_id, officer)
    with write():
        compliance.pass_bid(competition.evaluation_id, bid.id, officer)
        for criterion in competition.criteria():
            evaluating.save_moderated(
                competition.evaluation_id, (bid.id, criterion), 4, "Good.", "", officer
            )
        evaluating.open_prices(competition.evaluation_id, officer)
    assert states(competition) == [BidState.COMPLIANT] * 2


def _one_set_aside():
    competition = moderating_competition()
    officer, director = (
        competition.acting(each) for each in (competition.officer, competition.director)
    )
    winner, other = competition.bids
    with write():
        compliance.set_aside(
            competition.evaluation_id, other, SetAsideGround.INCOMPLETE, "Half of it.", officer
        )
        for criterion in competition.criteria():
            evaluating.save_moderated(
                competition.evaluation_id, (winner, criterion), 3, "Good.", "More.", officer
            )
        evaluating.open_prices(competition.evaluation_id, officer)
        awards.recommend(competition.evaluation_id, winner, "The one left.", officer)
        db.session.flush()
        for bid_id in competition.bids:
            reviewing.review(competition.evaluation_id, bid_id, {}, officer)
        awards.decide(competition.evaluation_id, winner, "", director)
    return competition


@pytest.mark.parametrize("by_challenge", [True, False])
def test_a_lot_cancelled_in_its_standstill_ends_award_and_challenges(app, by_challenge):
    competition = decided_competition(scores=(4, 3, 2), prices=(9_000_00, 9_500_00, 9_900_00))
    first, second = challenged(competition, 1), challenged(competition, 2)
    if by_challenge:
        with pytest.raises(Refusal, match="why the lot is cancelled"):
            uphold(competition, first, Outcome.CANCELLED)
        uphold(
            competition,
            first,
            Outcome.CANCELLED,
            end_reason=EndReason.ERROR_IN_TERMS,
            end_note="Wrong.",
        )
    else:
        with write():
            director = competition.acting(competition.director)
            lot_actions.cancel_lot(competition.lot.id, EndReason.ERROR_IN_TERMS, director, "Wrong.")
    lot = whole_lot(competition.lot.id)
    assert (lot.state, lot.standstill_paused_at) == (LotState.CANCELLED, None)
    assert states(competition) == [BidState.UNSUCCESSFUL] * 3
    assert queries.award_of(lot.id) is None
    ended = [db.session.get_one(Challenge, each).state for each in (first, second)]
    expected = ChallengeState.UPHELD if by_challenge else ChallengeState.ENDED
    assert ended == [expected, ChallengeState.ENDED]
