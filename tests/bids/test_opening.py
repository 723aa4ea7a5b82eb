"""Opening a lot's bids: two people, after the deadline, once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bids.evaluation.queries import content_of, evaluation_of, opened_bid
from bids.models import BidOpening, BidState, OpeningState
from bids.opening import actions
from lots.lifecycle import CANCEL, LOT
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import Refused
from tests.support.bids import (
    bid_as_stored,
    bidder,
    closed_competition,
    fill_in,
    opened_competition,
    seen_of,
    submitted_bid,
)
from tests.support.lots import make_open_lot, pass_closing, whole_lot
from tests.support.people import acting_as, make_person


def confirm(lot, by):
    with write():
        return actions.confirm_opening(lot.id, by).state


def test_two_different_people_open_the_bids(app):
    competition = closed_competition()
    lot = competition.lot
    assert confirm(lot, competition.acting(competition.officer)) == OpeningState.CONFIRMED_ONCE
    assert {bid_as_stored(bid_id).state for bid_id in competition.bids} == {BidState.SUBMITTED}
    assert evaluation_of(lot.id) is None
    assert confirm(lot, competition.acting(competition.director)) == OpeningState.OPENED
    evaluation = evaluation_of(lot.id)
    answers = {
        content_of(opened_bid(evaluation, bid_id))["answers"][0]["answer"]
        for bid_id in competition.bids
    }
    assert answers == {"Answer of bid 1. 1", "Answer of bid 2. 1"}
    assert whole_lot(lot.id).state == LotState.EVALUATING
    opening = db.session.scalars(select(BidOpening)).one()
    assert (opening.first_by_id, opening.second_by_id, opening.bids) == (
        competition.officer.id,
        competition.director.id,
        2,
    )


def test_the_same_person_cannot_confirm_twice(app):
    competition = closed_competition()
    officer = competition.acting(competition.officer)
    confirm(competition.lot, officer)
    with pytest.raises(Refusal, match="Another officer"):
        confirm(competition.lot, officer)
    assert evaluation_of(competition.lot.id) is None


def test_nothing_opens_before_the_deadline(app):
    lot = make_open_lot()
    bid_id = submitted_bid(lot)
    for role in (Role.COMMISSIONING_OFFICER, Role.DIRECTOR):
        with pytest.raises(Refusal):
            confirm(lot, acting_as(make_person(role, lot.lead_buyer), lot.lead_buyer))
    assert bid_as_stored(bid_id).state == BidState.SUBMITTED


def test_the_deadline_counts_even_where_the_closing_job_has_not_run(app):
    lot = make_open_lot()
    submitted_bid(lot)
    ahead = (lot.closes_at - clock.judged_now()).total_seconds()
    with write():
        clock.set_offset(clock.offset_seconds() + int(ahead) + 1)
    officer = make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer)
    assert confirm(lot, acting_as(officer, lot.lead_buyer)) == OpeningState.CONFIRMED_ONCE
    assert whole_lot(lot.id).state == LotState.CLOSED


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.CONTRACT_MANAGER])
def test_other_roles_of_the_buyer_do_not_open(app, role):
    competition = closed_competition()
    with pytest.raises(Refused):
        confirm(competition.lot, competition.acting(make_person(role, competition.buyer)))


def test_another_buyer_does_not_open(app):
    competition = closed_competition()
    with pytest.raises(Refused):
        confirm(competition.lot, acting_as(make_person(Role.DIRECTOR)))


def test_opening_twice_has_one_effect_and_a_clear_message(app):
    competition = opened_competition()
    other = make_person(Role.DIRECTOR, competition.buyer)
    with pytest.raises(AlreadyChanged, match="already been opened"):
        confirm(competition.lot, competition.acting(other))


def test_drafts_and_withdrawn_bids_stay_sealed(app):
    from bids.submitting.actions import withdraw_bid

    lot = make_open_lot()
    organisation, person = bidder()
    draft = fill_in(lot, acting_as(bidder()[1]))
    withdrawn = submitted_bid(lot, organisation)
    with write():
        withdraw_bid(withdrawn, acting_as(person))
    pass_closing(lot)
    for role in (Role.COMMISSIONING_OFFICER, Role.DIRECTOR):
        confirm(lot, acting_as(make_person(role, lot.lead_buyer), lot.lead_buyer))
    assert bid_as_stored(draft).state == BidState.DRAFT
    assert bid_as_stored(withdrawn).state == BidState.WITHDRAWN
    assert bid_as_stored(withdrawn).organisation_id is None
    assert db.session.scalars(select(BidOpening)).one().bids == 0


def test_the_last_submitted_version_is_what_is_opened(app):
    from bids.submitting.actions import submit_bid
    from bids.submitting.content import DECLARATIONS
    from bids.writing.actions import save_answer

    lot = make_open_lot()
    organisation, person = bidder()
    by = acting_as(person)
    bid_id = submitted_bid(lot, organisation)
    question = lot.questions[0].id
    with write():
        save_answer(bid_id, question, "The better answer", 1, by)
        submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), by)
    with write():
        save_answer(bid_id, question, "Never submitted", 2, by)
    pass_closing(lot)
    for role in (Role.COMMISSIONING_OFFICER, Role.DIRECTOR):
        confirm(lot, acting_as(make_person(role, lot.lead_buyer), lot.lead_buyer))
    opened = opened_bid(evaluation_of(lot.id), bid_id)
    assert content_of(opened)["answers"][0]["answer"] == "The better answer"


def test_after_the_opening_the_audit_trail_says_whose_bid_it_was(app):
    competition = opened_competition()
    for bid_id in competition.bids:
        event = db.session.scalars(
            select(AuditEvent).where(
                AuditEvent.subject_id == str(bid_id), AuditEvent.action == "bid:unsealed"
            )
        ).one()
        bid = bid_as_stored(bid_id)
        assert event.details["organisation"] == str(bid.organisation_id)
        assert event.details["sha256"] == bid.latest.sha256


def test_the_bids_of_a_cancelled_lot_stay_sealed(app):
    competition = closed_competition()
    with write():
        LOT.take(CANCEL, db.session.merge(whole_lot(competition.lot.id)), None)
    with pytest.raises(Refusal):
        confirm(competition.lot, competition.acting(competition.officer))
    assert {bid_as_stored(bid_id).state for bid_id in competition.bids} == {BidState.SUBMITTED}
