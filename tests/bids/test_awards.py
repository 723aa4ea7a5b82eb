"""Recommending, deciding, standstill and award."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from bids.awards import actions, queries
from bids.awards.jobs import confirm_due
from bids.awards.models import Award, AwardOutcome, BidSummary
from bids.evaluation import queries as evaluations
from bids.evaluation.models import EvaluationState
from bids.models import BidState
from lots.contracts.models import Contract
from lots.lifecycle import CANCEL, LOT
from lots.models import Lot
from lots.vocabulary import EndReason, LotState, Route
from marketplace import calendar, clock, jobs
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.organisations.models import Organisation
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import NotYours, Refused
from tests.support.bids import (
    bid_as_stored,
    decided_competition,
    opened_competition,
    priced_competition,
    recommended_competition,
)
from tests.support.lots import whole_lot
from tests.support.people import acting_as, give_role, make_person


def decide(competition, bid_id, reason="", by=None):
    with write():
        actions.decide(
            competition.evaluation_id,
            bid_id,
            reason,
            by or competition.acting(competition.director),
        )


def states(competition):
    return [bid_as_stored(bid_id).state for bid_id in competition.bids]


def contracts(competition):
    found = select(Contract).where(Contract.lot_id == competition.lot.id)
    return db.session.scalars(found).all()


def test_a_contract_is_awarded_after_eight_working_days(app):
    competition = decided_competition()
    lot = whole_lot(competition.lot.id)
    assert lot.state == LotState.STANDSTILL
    assert lot.standstill_ends_on == calendar.standstill_end(clock.today(), 8)
    assert states(competition) == [BidState.SUCCESSFUL, BidState.UNSUCCESSFUL]
    assert confirm_due(clock.now()) == 0
    assert contracts(competition) == []
    over = calendar.end_of(lot.standstill_ends_on)
    assert queries.next_standstill_end(clock.now()) == over
    assert jobs.next_due(clock.now()) <= over
    with write():
        ahead = (over - clock.judged_now()).total_seconds()
        clock.set_offset(clock.offset_seconds() + int(ahead) + 1)
    assert confirm_due(clock.now()) == 1
    assert whole_lot(lot.id).state == LotState.AWARDED
    (contract,) = contracts(competition)
    assert contract.provider_id == bid_as_stored(competition.bids[0]).organisation_id
    assert contract.monthly_fee_pence == 9_000_00
    assert confirm_due(clock.now()) == 0
    assert len(contracts(competition)) == 1


def test_a_grant_is_awarded_at_once(app):
    competition = decided_competition(route=Route.GRANT, contract_reason="")
    lot = whole_lot(competition.lot.id)
    assert (lot.state, lot.standstill_ends_on) == (LotState.AWARDED, None)
    assert len(contracts(competition)) == 1


def test_every_bidder_gets_reasons_at_the_same_moment(app):
    competition = decided_competition()
    summaries = {
        each.bid_id: (json.loads(each.content), each.sent_at)
        for each in db.session.scalars(select(BidSummary))
    }
    assert summaries.keys() == set(competition.bids)
    assert len({sent_at for _content, sent_at in summaries.values()}) == 1
    told, _at = summaries[competition.bids[1]]
    assert [own["score"] for own in told["own"]] == [3, 3]
    assert told["own"][0]["reason"] == "Agreed reason for 3."
    assert told["own"][0]["needed"] == "Needed beyond 3."
    assert told["winner"]["criteria"][0]["reason"] == "Agreed reason for 4."
    mails = db.session.scalars(
        select(OutboxMessage.subject_id).where(OutboxMessage.template == "bids/mail/outcome.txt")
    )
    assert set(mails) == set(competition.bids)


def test_a_bidder_reads_its_own_outcome_only_and_only_after_the_decision(app):
    competition = recommended_competition()
    bid = bid_as_stored(competition.bids[1])
    person = make_person(Role.TRUSTEE, db.session.get_one(Organisation, bid.organisation_id))
    by = acting_as(person)
    with pytest.raises(NotYours):
        queries.own_summary(bid.id, by)
    decide(competition, competition.bids[0])
    assert json.loads(queries.own_summary(bid.id, by)[1].content)["points"]["place"] == 2
    with pytest.raises(NotYours):
        queries.own_summary(competition.bids[0], by)


def test_a_departure_from_the_ranking_needs_a_reason_which_is_published(app):
    competition = recommended_competition()
    with pytest.raises(Refusal, match="reason"):
        decide(competition, competition.bids[1])
    assert states(competition) == [BidState.COMPLIANT] * 2
    decide(competition, competition.bids[1], "Only this bidder can start in time.")
    award = db.session.scalars(select(Award)).one()
    assert (award.departs, award.bid_id) == (True, competition.bids[1])
    public = queries.public_award(whole_lot(competition.lot.id))
    assert public.award.published_reason == "Only this bidder can start in time."
    assert public.award.bids == 2


def test_a_shared_first_place_is_decided_with_a_reason(app):
    competition = recommended_competition(scores=(3, 3), prices=(9_000_00, 9_000_00))
    with pytest.raises(Refusal, match="reason"):
        decide(competition, competition.bids[0])
    decide(competition, competition.bids[0], "Drawn by lot before two witnesses.")
    assert states(competition) == [BidState.SUCCESSFUL, BidState.UNSUCCESSFUL]


def test_no_award_needs_a_reason_and_tells_every_bidder(app):
    competition = recommended_competition()
    with pytest.raises(Refusal, match="reason"):
        decide(competition, None)
    decide(competition, None, "No bid reaches all the areas.")
    lot = whole_lot(competition.lot.id)
    assert (lot.state, lot.end_reason) == (LotState.NO_AWARD, EndReason.NO_SUITABLE_BID)
    assert states(competition) == [BidState.UNSUCCESSFUL] * 2
    assert db.session.scalar(select(func.count()).select_from(BidSummary)) == 2


def test_a_lot_without_bids_is_ended_by_recommendation_and_decision(app):
    competition = opened_competition(prices=())
    with write():
        actions.recommend(
            competition.evaluation_id, None, "Nobody bid.", competition.acting(competition.officer)
        )
    decide(competition, None, "Nobody bid.")
    assert whole_lot(competition.lot.id).end_reason == EndReason.NO_BIDS
    assert db.session.scalars(select(Award)).one().outcome == AwardOutcome.NO_AWARD


def test_a_bid_cannot_be_recommended_before_the_prices_are_open(app):
    competition = opened_competition()
    with pytest.raises(Refusal, match="Open the prices"), write():
        actions.recommend(
            competition.evaluation_id,
            competition.bids[0],
            "Best",
            competition.acting(competition.officer),
        )


def test_two_directors_awarding_one_lot_have_one_effect_and_a_clear_message(app):
    competition = recommended_competition()
    decide(competition, competition.bids[0])
    second = competition.acting(make_person(Role.DIRECTOR, competition.buyer))
    with pytest.raises(AlreadyChanged, match="already been done"):
        decide(competition, competition.bids[1], "I prefer this one", second)
    assert states(competition) == [BidState.SUCCESSFUL, BidState.UNSUCCESSFUL]
    assert db.session.scalar(select(func.count()).select_from(BidSummary)) == 2


def test_an_evaluator_who_is_also_director_does_not_decide(app):
    competition = recommended_competition()
    give_role(competition.evaluators[0], competition.buyer, Role.DIRECTOR)
    with pytest.raises(Refused):
        decide(competition, competition.bids[0], by=competition.acting(competition.evaluators[0]))


def test_an_officer_who_is_also_director_does_not_decide_on_the_own_recommendation(app):
    competition = priced_competition()
    both = make_person([Role.COMMISSIONING_OFFICER, Role.DIRECTOR], competition.buyer)
    by = competition.acting(both)
    with write():
        actions.recommend(competition.evaluation_id, competition.bids[0], "It ranks first.", by)
    with pytest.raises(Refusal, match="somebody else"):
        decide(competition, competition.bids[0], by=by)


@pytest.mark.parametrize("role", [Role.COMMISSIONING_OFFICER, Role.EVALUATOR])
def test_only_a_director_of_the_lead_buyer_decides(app, role):
    competition = recommended_competition()
    for by in (
        competition.acting(make_person(role, competition.buyer)),
        acting_as(make_person(Role.DIRECTOR)),
    ):
        with pytest.raises(Refused):
            decide(competition, competition.bids[0], by=by)
    assert whole_lot(competition.lot.id).state == LotState.RECOMMENDED


def test_a_lot_ended_outside_the_evaluation_takes_its_bids_along(app):
    competition = priced_competition()
    with write():
        lot = db.session.get_one(Lot, competition.lot.id)
        facts = {"ended_at": clock.now(), "end_reason": EndReason.MONEY_WITHDRAWN}
        LOT.take(CANCEL, lot, None, facts)
    assert states(competition) == [BidState.UNSUCCESSFUL] * 2
    assert evaluations.get(competition.evaluation_id).state == EvaluationState.DECIDED
    told = db.session.scalars(
        select(OutboxMessage.subject_id).where(OutboxMessage.template == "bids/mail/ended.txt")
    )
    assert set(told) == set(competition.bids)
