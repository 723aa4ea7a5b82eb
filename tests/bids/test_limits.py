"""Lots competed for together: the limit in the ranking, a decision in between, and the report."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import pytest
from docx import Document

from bids.awards import actions as awards
from bids.awards import queries as award_queries
from bids.awards import report
from bids.awards.cosigning import facts_of
from bids.evaluation import queries, standings
from bids.lifecycle import BID, SET_ASIDE
from bids.models import BidState, SetAsideGround
from lots import actions as lot_actions
from lots.competition.models import Competition as LotsTogether
from lots.models import Lot
from lots.vocabulary import EndReason
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.fresh import fresh_reference
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours
from tests.support.bids import (
    Competition,
    bid_as_stored,
    bidder,
    priced_competition,
    review_all,
)
from tests.support.lots import make_region
from tests.support.people import acting_as, make_person, sign_in, written


def put_together(*made: Competition, most: int | None = 1) -> None:
    """As if the lots had been drafted in one competition: they cannot join once they are open."""
    with written():
        competition = LotsTogether(
            reference=fresh_reference(LotsTogether, "COM"),
            title="Two counties",
            lead_buyer_id=made[0].buyer.id,
            most_lots=most,
            created_at=clock.now(),
        )
        db.session.add(competition)
        db.session.flush()
        for each in made:
            db.session.get_one(Lot, each.lot.id).competition_id = competition.id


@pytest.fixture
def sisters(app) -> tuple[Competition, Competition]:
    """Two lots, the same two bidders, the first bidder best in both; the first lot recommended."""
    buyer = make_region()
    bidders = (bidder("Ash")[0], bidder("Birch")[0])
    first, second = (priced_competition(buyer=buyer, bidders=bidders) for _lot in range(2))
    put_together(first, second)
    for each in (first, second):
        rank_again(each)
    recommend(first)
    return first, second


def decide(competition: Competition, number: int = 0, reason: str = "", **more) -> None:
    with write():
        director = competition.acting(competition.director)
        bid_id = competition.bids[number]
        awards.decide(competition.evaluation_id, bid_id, reason, director, **more)


def recommend(competition: Competition, number: int = 0) -> None:
    with write():
        officer = competition.acting(competition.officer)
        bid_id = competition.bids[number]
        awards.recommend(competition.evaluation_id, bid_id, "It ranks first.", officer)
        review_all(competition)


def rank_again(competition: Competition) -> None:
    with write():
        standings.rank_again(competition.evaluation_id, competition.acting(competition.officer))


def test_a_decision_on_another_lot_asks_for_the_ranking_again_and_moves_its_winner_back(sisters):
    first, second = sisters
    with pytest.raises(Refusal, match="need not be ranked again"):
        rank_again(second)
    recommend(second)
    decide(first)
    with pytest.raises(Refusal, match="Another lot of this competition"):
        decide(second)
    with pytest.raises(Refusal, match="need not be ranked again"):
        rank_again(second)
    with write():
        awards.send_back(second.evaluation_id, second.acting(second.director))
    with pytest.raises(Refusal, match="Another lot of this competition"):
        recommend(second)
    rank_again(second)
    evaluation = queries.get(second.evaluation_id)
    ranked = standings.ranked(evaluation)
    assert [UUID(each.key) for each in ranked] == second.bids[::-1]
    assert [each.limited for each in ranked] == [False, True]
    assert standings.lots_won(evaluation) == {str(second.bids[0]): [first.lot.reference]}
    recommend(second, 1)
    decide(second, 1)
    assert bid_as_stored(second.bids[1]).state is BidState.SUCCESSFUL


def test_who_has_won_the_limit_is_awarded_more_only_with_a_published_reason(sisters):
    first, second = sisters
    decide(first)
    with write():
        by = second.acting(second.officer)
        ground = SetAsideGround.PRICE_ABOVE_VALUE
        bid = bid_as_stored(second.bids[1])
        BID.take(SET_ASIDE, bid, by, facts={"ground": ground, "ground_reason": "Too dear."})
        standings.store_ranking(queries.get(second.evaluation_id), clock.judged_now())
    recommend(second)
    with pytest.raises(Refusal, match="It will be published"):
        decide(second)
    decide(second, reason="No other bid could be awarded.")


def test_an_award_that_falls_frees_the_limit_again(sisters):
    first, second = sisters
    decide(first)
    rank_again(second)
    with write():
        lot_actions.cancel_lot(
            first.lot.id, EndReason.NEED_CHANGED, first.acting(first.director), "Gone."
        )
    assert standings.is_overtaken(queries.get(second.evaluation_id))
    rank_again(second)
    ranked = standings.ranked(queries.get(second.evaluation_id))
    assert [UUID(each.key) for each in ranked] == second.bids
    assert not any(each.limited for each in ranked)


def test_the_report_is_kept_with_the_recommendation_and_decided_on(sisters, client):
    first, second = sisters
    award = award_queries.award_of(first.lot.id)
    kept = report.report_of(award.id)
    said = report.content_of(kept)
    assert said["recommended"] == str(first.bids[0])
    assert {each["name"] for each in said["bids"]} == {"Ash", "Birch"}
    assert facts_of(award, first.bids[0])["report"] == kept.sha256
    with pytest.raises(Refusal, match="not the one that stood on your page"):
        decide(first, seen="0" * 64)
    address = f"/evaluations/{first.evaluation_id}"
    sign_in(client, first.director, first.buyer)
    page = client.show(f"{address}/report")
    for words in ("Agreed reason for 4.", "No bidder is awarded more than 1", "Ash", kept.sha256):
        assert words in page.text, words
    paper = Document(BytesIO(client.get(f"{address}/report.docx").data))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert "Agreed reason for 3." in cells
    form = client.show(f"{address}/decision")
    with write():
        awards.send_back(first.evaluation_id, first.acting(first.officer))
    recommend(first, 1)
    answer = client.submit(form, choice=str(first.bids[0]))
    assert "not the one that stood on your page" in answer.text
    client.submit(f"{address}/decision", choice=str(first.bids[0]), reason="It is the first.")
    assert bid_as_stored(first.bids[0]).state is BidState.SUCCESSFUL
    with pytest.raises(NotYours):
        stranger = make_person(Role.DIRECTOR, make_region("K"))
        report.readable(first.evaluation_id, acting_as(stranger))


def test_the_page_offers_to_rank_again_and_says_who_has_won_the_limit(sisters, client):
    first, second = sisters
    decide(first)
    sign_in(client, second.officer, second.buyer)
    page = client.show(f"/evaluations/{second.evaluation_id}")
    assert "must be ranked again" in page.text
    page = client.submit(page, "Rank again").page
    assert f"Ash has won its limit: {first.lot.reference}" in page.text
    assert "must be ranked again" not in page.text
