"""An award that funders or regions co-sign: nobody awards what they have not signed for."""

from __future__ import annotations

import pytest

from bids.awards import actions, cosigning
from bids.models import Bid
from lots.vocabulary import LotState
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import Refused
from tests.support.bids import priced_competition, recommended_competition
from tests.support.funding import decider_of, make_payer
from tests.support.people import acting_as, give_role, make_organisation, make_person, sign_in


@pytest.fixture
def shared(app):
    """(competition, funder): recommended, and paid for by a commissioner who co-signs."""
    competition = recommended_competition()
    funder = make_organisation(OrganisationKind.PCC)
    make_payer(competition.lot, funder)
    return competition, funder


def _decide(competition, bid_id, reason=""):
    with write():
        director = competition.acting(competition.director)
        actions.decide(competition.evaluation_id, bid_id, reason, director)


def _cosign(competition, by, bid_id=None):
    with write():
        cosigning.cosign(competition.evaluation_id, bid_id or competition.bids[0], by)


def _state(competition):
    db.session.expire_all()
    return db.session.get_one(type(competition.lot), competition.lot.id).state


def test_no_award_without_the_funders_signature(shared):
    competition, funder = shared
    with pytest.raises(Refusal, match=f"needs the co-signature of: {funder.name}"):
        _decide(competition, competition.bids[0])
    _cosign(competition, decider_of(funder))
    _decide(competition, competition.bids[0])
    assert _state(competition) is LotState.STANDSTILL


def test_a_departure_from_the_ranking_is_signed_for_what_it_is(shared):
    competition, funder = shared
    by = decider_of(funder)
    _cosign(competition, by)
    with pytest.raises(Refusal, match="needs the co-signature"):
        _decide(competition, competition.bids[1], "It is nearer.")
    _cosign(competition, by, competition.bids[1])
    with pytest.raises(Refusal, match="needs the co-signature"):
        _decide(competition, competition.bids[0])
    _decide(competition, competition.bids[1], "It is nearer.")
    assert _state(competition) is LotState.STANDSTILL


def test_ending_without_an_award_needs_no_signature(shared):
    competition, _funder = shared
    _decide(competition, None, "The need has gone.")
    assert _state(competition) is LotState.NO_AWARD


def test_who_bids_or_scored_does_not_sign(shared):
    competition, funder = shared
    bidder = make_person(Role.DECISION_MAKER, funder)
    bid = db.session.get_one(Bid, competition.bids[0])
    give_role(bidder, db.session.get_one(type(funder), bid.organisation_id), Role.TRUSTEE)
    scorer = competition.evaluators[0]
    give_role(scorer, funder, Role.DECISION_MAKER)
    stranger = decider_of(make_organisation(OrganisationKind.PCC))
    for by in (acting_as(bidder, funder), acting_as(scorer, funder), stranger):
        with pytest.raises(Refused):
            _cosign(competition, by)


def test_nothing_is_signed_before_the_recommendation(app):
    competition = priced_competition()
    funder = make_organisation(OrganisationKind.PCC)
    make_payer(competition.lot, funder)
    with pytest.raises(Refusal, match="no recommendation"):
        _cosign(competition, decider_of(funder))


def test_who_signed_for_a_funder_does_not_decide_for_the_buyer(shared):
    competition, funder = shared
    give_role(competition.director, funder, Role.DECISION_MAKER)
    _cosign(competition, acting_as(competition.director, funder))
    with pytest.raises(Refusal, match="co-signed this lot for another"):
        _decide(competition, competition.bids[0])


def test_the_funder_reads_the_ranking_and_signs_on_screen(client, shared):
    competition, funder = shared
    sign_in(client, make_person(Role.DECISION_MAKER, funder))
    assert "Award to co-sign" in client.show("/").text
    path = f"/evaluations/{competition.evaluation_id}/co-sign"
    page = client.show(path)
    assert "It ranks first." in page.text
    signed = client.submit(page, "Co-sign the award", agreed=True)
    assert "Signed. The lead buyer’s decision-maker can see it." in signed.page.text
    assert "Award to co-sign" not in client.show("/").text
    sign_in(client, competition.director, competition.buyer)
    decision = f"/evaluations/{competition.evaluation_id}/decision"
    decided = client.submit(decision, "Decide", choice=str(competition.bids[0]))
    assert "Decided. Every bidder has been sent the reasons." in decided.page.text
