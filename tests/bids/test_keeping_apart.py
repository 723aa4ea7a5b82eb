"""Who has a side in a competition neither ends nor decides it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bids.awards import actions as awards
from bids.compliance import actions as compliance
from bids.evaluation import actions as evaluating
from bids.evaluation import queries, standings
from bids.models import BidState, SetAsideGround
from bids.permissions import BidPermission
from bids.waiting import waiting_for
from bids.writing import actions as answering
from lots import actions
from lots.models import Lot
from lots.vocabulary import EndReason, LotState
from marketplace import clock
from marketplace.accounts.models import Person, SignInSession
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.outbox.actions import compose
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import Refused, allowed
from tests.support.bids import (
    bid_as_stored,
    bidder,
    closed_competition,
    moderating_competition,
    opened_competition,
    priced_competition,
    submitted_bid,
)
from tests.support.lots import make_open_lot, whole_lot
from tests.support.people import acting_as, give_role, make_person, sign_in

OTHER = EndReason.OTHER


def director_of(lot):
    return make_person(Role.DIRECTOR, lot.lead_buyer)


def refused(end, lot, by):
    before = whole_lot(lot.id).state
    with pytest.raises(Refused), write():
        end(lot.id, OTHER, by, "No money.")
    assert whole_lot(lot.id).state is before


def test_a_director_with_a_role_at_a_bidder_ends_no_lot_whose_bids_are_open(app):
    competition = opened_competition()
    organisation_id = bid_as_stored(competition.bids[0]).organisation_id
    bidding_organisation = db.session.get_one(Organisation, organisation_id)
    give_role(competition.director, bidding_organisation, Role.TRUSTEE)
    by = competition.acting(competition.director)
    refused(actions.cancel_lot, competition.lot, by)
    other = competition.acting(director_of(competition.lot))
    with pytest.raises(Refusal, match="evaluation of this lot has begun"), write():
        actions.end_without_award(competition.lot.id, OTHER, other)
    with write():
        actions.cancel_lot(competition.lot.id, OTHER, other, "No money.")
    assert whole_lot(competition.lot.id).state is LotState.CANCELLED


def test_a_director_with_a_role_at_a_bidder_cancels_no_lot_while_the_bid_is_sealed(app):
    lot = make_open_lot()
    organisation, _person = bidder()
    director = director_of(lot)
    give_role(director, organisation, Role.TRUSTEE)
    submitted_bid(lot, organisation)
    refused(actions.cancel_lot, lot, acting_as(director, lot.lead_buyer))


def test_an_evaluator_who_is_also_director_ends_no_lot(app):
    competition = opened_competition()
    evaluator = competition.evaluators[0]
    give_role(evaluator, competition.buyer, Role.DIRECTOR)
    refused(actions.cancel_lot, competition.lot, competition.acting(evaluator))


def test_cancelling_a_public_lot_asks_for_a_fresh_second_factor_and_a_draft_does_not(client):
    lot = make_open_lot()
    director = director_of(lot)
    row = sign_in(client, director)
    page = client.show(f"/lots/{lot.id}/cancel")
    ago = clock.technical_now() - timedelta(minutes=6)
    with write():
        stale = update(SignInSession).where(SignInSession.id == row.id)
        db.session.execute(stale.values(second_factor_at=ago))
    answer = client.submit(page, "Cancel the lot", follow=False, reason="other")
    assert answer.status_code == 303 and "/confirm" in answer.location
    assert whole_lot(lot.id).state is LotState.OPEN


def test_whoever_entered_an_agreed_score_does_not_decide(app):
    competition = moderating_competition()
    scorer = make_person([Role.COMMISSIONING_OFFICER, Role.DIRECTOR], competition.buyer)
    officer = competition.acting(competition.officer)
    with write():
        for bid_id in competition.bids:
            for criterion_id in competition.criteria():
                evaluating.save_moderated(
                    competition.evaluation_id,
                    (bid_id, criterion_id),
                    4,
                    "Good.",
                    "",
                    competition.acting(scorer),
                )
        evaluating.open_prices(competition.evaluation_id, officer)
        awards.recommend(competition.evaluation_id, competition.bids[0], "First.", officer)
    by = competition.acting(scorer)
    assert not allowed(by, BidPermission.DECIDE, queries.get(competition.evaluation_id))
    with pytest.raises(Refused), write():
        awards.decide(competition.evaluation_id, competition.bids[0], "", by)
    with app.test_request_context():
        assert not [each for each in waiting_for(by) if "Award to decide" in each.text]
    client = app.test_client()
    sign_in(client, scorer)
    page = client.show(f"/evaluations/{competition.evaluation_id}/decision")
    assert "Nothing waits for a decision here now" in page.text


def one_above_the_value(make):
    """Two bids within the value as they were submitted; a change of the lot leaves one above."""
    competition = make(
        prices=(10_000_01, 10_000_00), value_net_pence=360_000_36, value_gross_pence=432_001_00
    )
    with write():
        db.session.execute(
            update(Lot).where(Lot.id == competition.lot.id).values(value_net_pence=360_000_00)
        )
    db.session.expire_all()
    return competition


def test_a_price_above_the_value_is_set_aside_once_open_and_the_others_are_ranked_again(app):
    competition = one_above_the_value(priced_competition)
    officer = competition.acting(competition.officer)
    above, within = competition.bids
    client = app.test_client()
    sign_in(client, competition.officer)
    base = f"/evaluations/{competition.evaluation_id}"
    assert "Set the bid aside" not in client.show(f"{base}/bids/{within}").text
    client.submit(
        f"{base}/bids/{above}",
        "Set the bid aside",
        ground="price_above_value",
        reason="One penny a month too much.",
    )
    assert bid_as_stored(above).state is BidState.SET_ASIDE
    evaluation = queries.get(competition.evaluation_id)
    ranked = standings.ranked(evaluation)
    assert [(each.key, each.place, str(each.price)) for each in ranked] == [
        (str(within), 1, "30.00")
    ]
    standings.compare_again(evaluation)
    with write():
        awards.recommend(competition.evaluation_id, within, "It is left.", officer)


def test_other_grounds_end_with_the_opening_of_prices_and_that_one_begins_there(app):
    competition = one_above_the_value(moderating_competition)
    officer = competition.acting(competition.officer)

    def set_aside(bid_id, ground):
        with pytest.raises(Refusal), write():
            compliance.set_aside(competition.evaluation_id, bid_id, ground, "Reason", officer)

    set_aside(competition.bids[0], SetAsideGround.PRICE_ABOVE_VALUE)
    priced = one_above_the_value(priced_competition)
    competition, officer = priced, priced.acting(priced.officer)
    for ground in set(SetAsideGround) - {SetAsideGround.PRICE_ABOVE_VALUE}:
        set_aside(competition.bids[0], ground)
    set_aside(competition.bids[1], SetAsideGround.PRICE_ABOVE_VALUE)


def test_a_closed_lot_is_told_to_all_who_may_open_it_and_to_nobody_else(app):
    competition = closed_competition(prices=(9_000_00,))
    lot = whole_lot(competition.lot.id)
    mails = db.session.scalars(
        select(OutboxMessage).where(OutboxMessage.template == "bids/mail/closed.txt")
    ).all()
    told = {mail.recipient for mail in mails}
    drafter = db.session.get_one(Person, lot.drafted_by_id)
    publisher = db.session.get_one(Person, lot.published_by_id)
    assert told == {drafter.email, publisher.email}
    letter = compose(mails[0])
    text = letter.get_content()
    assert f"/lots/{lot.id}/opening" in text and lot.title in text
    assert "closed" in letter["Subject"]
    assert json.loads(mails[0].facts).keys() == {"lot_id", "title"}


def test_a_draft_that_was_never_submitted_stays_with_its_organisation(app):
    competition_lot = make_open_lot()
    organisation, person = bidder()
    by = acting_as(person)
    with write():
        kept = answering.start_bid(competition_lot.id, by).id
    opened = opened_of(competition_lot)
    assert whole_lot(opened.id).state is LotState.EVALUATING
    client = app.test_client()
    sign_in(client, person)
    assert opened.title in client.show("/bids").links()
    assert client.show(f"/bids/{kept}").text


def opened_of(lot):
    """The lot closed and its bids opened by two people."""
    from bids.opening.actions import confirm_opening
    from tests.support.lots import pass_closing

    pass_closing(lot)
    for role in (Role.COMMISSIONING_OFFICER, Role.DIRECTOR):
        with write():
            confirm_opening(lot.id, acting_as(make_person(role, lot.lead_buyer), lot.lead_buyer))
    return lot


def test_a_form_that_hides_a_strange_number_is_read_as_nothing(app):
    lot = make_open_lot()
    _organisation, person = bidder()
    with write():
        bid_id = answering.start_bid(lot.id, acting_as(person)).id
    client = app.test_client()
    sign_in(client, person)
    for path, typed in (
        (f"questions/{lot.questions[0].id}", {"text": "Ours"}),
        ("price", {"amount": "100"}),
    ):
        answer = client.submit(
            f"/bids/{bid_id}/{path}", "Save and continue", fields=typed | {"edition": "²"}
        )
        assert answer.status_code == 200


def test_a_page_of_a_step_says_so_where_the_step_is_over(app):
    lot = make_open_lot()
    organisation, person = bidder()
    bid_id = submitted_bid(lot, organisation)
    client = app.test_client()
    sign_in(client, person)
    client.submit(f"/bids/{bid_id}/withdraw", "Withdraw the bid")
    assert "it is now “Withdrawn”" in client.show(f"/bids/{bid_id}/withdraw", status=409).text
    opened_of(lot)
    client.show(f"/bids/{bid_id}/check", status=409)
    sign_in(client, director_of(lot))
    page = client.show(f"/lots/{lot.id}/no-award", status=409)
    assert "evaluation of this lot has begun" in page.text
    assert "End without an award" not in client.show(f"/lots/{lot.id}").text
    with write():
        by = acting_as(director_of(lot), lot.lead_buyer)
        actions.cancel_lot(lot.id, OTHER, by, "No money.")
    for step in ("cancel", "no-award"):
        page = client.show(f"/lots/{lot.id}/{step}", status=409)
        assert "Cancelled" in page.text
