"""What others read is reviewed before the decision; words are taken out, never put in."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from docx import Document
from flask import current_app
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bids.awards import actions, queries, reviewing
from bids.awards.models import Award, Reader, Redaction
from bids.awards.texts import only_takes_out
from bids.compliance import actions as compliance
from bids.evaluation.models import ModeratedScore
from bids.models import SET_ASIDE_GROUNDS, SetAsideGround
from lots.actions import cancel_lot
from lots.vocabulary import EndReason
from marketplace.accounts.models import Person
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import IncomeBand, Organisation
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import Refused
from tests.support.bids import bid_as_stored, opened_competition, priced_competition
from tests.support.challenges import bidder_of
from tests.support.people import acting_as, browser_of, make_person

WORDS = st.lists(st.sampled_from(["Jane", "has", "a", "good", "plan", "and", "no"]), min_size=1)


@given(WORDS, st.data())
def test_taking_words_out_is_allowed_whatever_stays(words, data):
    kept = [word if data.draw(st.booleans()) else "[…]" for word in words]
    assert only_takes_out(" ".join(words), " ".join(kept))


@given(WORDS)
def test_no_word_is_put_in_and_something_stays(words):
    original = " ".join(words)
    assert not only_takes_out(original, f"{original} excellent")
    assert not only_takes_out(original, " ")
    assert not only_takes_out(original, original + " " + words[0])


@pytest.fixture
def recommended(app):
    """Two bids, the first recommended; nobody has reviewed what will be read."""
    competition = priced_competition()
    with write():
        actions.recommend(
            competition.evaluation_id,
            competition.bids[0],
            "It ranks first.",
            competition.acting(competition.officer),
        )
    return competition


def review(competition, number, texts=None, by=None):
    with write():
        by = by or competition.acting(competition.officer)
        reviewing.review(competition.evaluation_id, competition.bids[number], texts or {}, by)


def decide(competition, number=0, reason=""):
    with write():
        director = competition.acting(competition.director)
        bid_id = None if number is None else competition.bids[number]
        actions.decide(competition.evaluation_id, bid_id, reason, director)


def told(competition, number):
    summary = queries.own_summary(competition.bids[number], bidder_of(competition, number))[1]
    return json.loads(summary.content)


def test_nothing_is_decided_before_every_bid_is_reviewed(recommended):
    director = recommended.acting(recommended.director)
    assert queries.to_decide(director) == []
    assert queries.to_review(recommended.acting(recommended.officer)) != []
    for number in (0, 1):
        for bid in (0, None):
            with pytest.raises(Refusal, match="yet to review"):
                decide(recommended, bid, "Because.")
        review(recommended, number)
    assert queries.to_review(recommended.acting(recommended.officer)) == []
    assert len(queries.to_decide(director)) == 1
    decide(recommended)


def test_what_is_taken_out_is_read_by_nobody_and_the_panels_words_stay(recommended):
    first, second = recommended.criteria()
    review(recommended, 0, {(first, Reader.OTHERS): "Agreed […] for 4."})
    own = {
        (first, Reader.BIDDER_REASON): "Agreed […] for 3.",
        (second, Reader.BIDDER_NEEDED): "[…] beyond 3.",
    }
    review(recommended, 1, own)
    decide(recommended)
    winner, loser = told(recommended, 0), told(recommended, 1)
    assert winner["own"][0]["reason"] == "Agreed reason for 4."
    assert loser["winner"]["criteria"][0]["reason"] == "Agreed […] for 4."
    assert "needed" not in loser["winner"]["criteria"][0]
    assert loser["own"][0]["reason"] == "Agreed […] for 3."
    assert [each["needed"] for each in loser["own"]] == ["Needed beyond 3.", "[…] beyond 3."]
    public = db.session.scalars(select(Award)).one().winner_told
    assert public["criteria"][0]["reason"] == "Agreed […] for 4."
    agreed = {each.reason for each in db.session.scalars(select(ModeratedScore))}
    assert agreed == {"Agreed reason for 4.", "Agreed reason for 3."}
    made = select(AuditEvent).where(AuditEvent.action == "redaction:made")
    assert len(db.session.scalars(made).all()) == 3


def test_what_the_bidder_is_not_to_read_the_others_do_not_read_either(recommended):
    first = recommended.criteria()[0]
    review(recommended, 0, {(first, Reader.BIDDER_REASON): "Agreed […] for 4."})
    review(recommended, 1)
    decide(recommended)
    assert told(recommended, 1)["winner"]["criteria"][0]["reason"] == "Agreed […] for 4."


def test_the_others_never_read_what_is_taken_out_for_the_bidder_later(recommended):
    first = recommended.criteria()[0]
    others = (first, Reader.OTHERS)
    own = {(first, Reader.BIDDER_REASON): "Agreed […] for 4."}
    review(recommended, 0, {others: "Agreed reason […] 4."})
    for posted in ({others: "Agreed reason […] 4."}, {}):
        with pytest.raises(Refusal, match="taken out of the text for the others"):
            review(recommended, 0, own | posted)
    # Untouched, as the page posts it: what the others read loses what the bidder's text loses.
    review(recommended, 0, {others: "Agreed reason for 4."})
    review(recommended, 0, own | {others: "Agreed reason for 4."})
    review(recommended, 1)
    decide(recommended)
    assert told(recommended, 1)["winner"]["criteria"][0]["reason"] == "Agreed […] for 4."


def test_texts_that_would_show_the_others_more_are_to_be_reviewed_again(recommended):
    first = recommended.criteria()[0]
    review(recommended, 0, {(first, Reader.OTHERS): "Agreed reason […] 4."})
    review(recommended, 1)
    with write():
        kept = db.session.scalars(select(Redaction)).one()
        facts = {"award_id": kept.award_id, "bid_id": kept.bid_id, "criterion_id": first}
        facts |= {"made_at": kept.made_at, "made_by_id": kept.made_by_id}
        hidden = {"reader": Reader.BIDDER_REASON, "text": "Agreed […] for 4."}
        db.session.add(Redaction(**facts, **hidden))
    with pytest.raises(Refusal, match="yet to review"):
        decide(recommended)


def test_the_page_says_at_the_others_text_what_is_still_to_be_taken_out(app, recommended):
    first = recommended.criteria()[0]
    review(recommended, 0, {(first, Reader.OTHERS): "Agreed reason […] 4."})
    client = browser_of(app, recommended.officer)
    path = f"/evaluations/{recommended.evaluation_id}/review/{recommended.bids[0]}"
    typed = {f"{Reader.BIDDER_REASON}-{first}": "Agreed […] for 4."}
    page = client.submit(path, "Reviewed: go on", typed).page
    assert "must be taken out of the text for the others" in page.text
    assert "Agreed […] for 4." in page.text


@pytest.mark.parametrize(
    ("original", "text", "holds"),
    [
        ("Agreed reason for 3.", "Agreed 3.", False),
        ("Agreed reason for 3.", "Agreed […] 3.", True),
        ("Agreed reason for 3.", "[…] reason […]", True),
        ("Agreed reason for 3.", "Agreed reason for 3. [It was poor]", False),
        ("They can't do it.", "They can […] do it.", False),
        ("They can't do it.", "They can[…] do it.", False),
        ("A [sic] b c", "A [sic] b […]", True),
        ("A […] c", "A c", False),
        ("a b a c a b", "a […] a b", True),
        ("a b", "a […] b", False),
        ("–", "–", True),
    ],
)
def test_each_gap_is_marked_and_words_stay_whole(original, text, holds):
    assert only_takes_out(original, text) is holds


def test_a_review_adds_nothing_and_can_be_taken_back_until_the_decision(recommended):
    first = recommended.criteria()[0]
    with pytest.raises(Refusal, match="only take words out"):
        review(recommended, 0, {(first, Reader.OTHERS): "A marvellous reason for 4."})
    review(recommended, 0, {(first, Reader.OTHERS): "Agreed […]"})
    review(recommended, 0, {(first, Reader.OTHERS): "Agreed reason for 4."})
    assert db.session.scalars(select(Redaction)).all() == []
    review(recommended, 1)
    decide(recommended)
    with pytest.raises(Refusal, match="decided already"):
        review(recommended, 0)


def test_only_the_officer_of_the_lead_buyer_reviews(recommended):
    for by in (
        recommended.acting(recommended.director),
        recommended.acting(recommended.evaluators[0]),
        acting_as(make_person(Role.COMMISSIONING_OFFICER)),
    ):
        with pytest.raises(Refused):
            review(recommended, 0, by=by)


def test_the_notices_figures_count_small_and_voluntary_bidders_of_the_ranking(recommended):
    bands = ((IncomeBand.TO_1M, True), (IncomeBand.OVER_10M, True))
    with write():
        for bid_id, (band, voluntary) in zip(recommended.bids, bands, strict=True):
            organisation_id = bid_as_stored(bid_id).organisation_id
            bidder = db.session.get_one(Organisation, organisation_id)
            bidder.income_band, bidder.is_voluntary = band, voluntary
    for number in (0, 1):
        review(recommended, number)
    decide(recommended)
    award = db.session.scalars(select(Award)).one()
    found = (award.bids, award.final_stage_bids, award.sme_bids, award.small_bids, award.vcse_bids)
    assert found == (2, 2, 1, 1, 2)


def test_a_recommendation_sent_back_can_be_made_anew(recommended):
    with write():
        actions.send_back(recommended.evaluation_id, recommended.acting(recommended.director))
    with pytest.raises(Refusal, match="no recommendation"):
        review(recommended, 0)
    officer = recommended.acting(recommended.officer)
    with write():
        actions.recommend(recommended.evaluation_id, recommended.bids[0], "Again.", officer)
    for number in (0, 1):
        review(recommended, number)
    decide(recommended)
    assert queries.taken_back(recommended.lot.id) == []


def test_who_bid_for_a_lot_cancelled_undecided_is_told_what_was_agreed(recommended):
    review(recommended, 1)
    director = recommended.acting(recommended.director)
    reason = EndReason.MONEY_WITHDRAWN
    with pytest.raises(Refusal, match="in words"), write():
        cancel_lot(recommended.lot.id, reason, director)
    with write():
        cancel_lot(recommended.lot.id, reason, director, "The money went to another service.")
    unreviewed, reviewed = told(recommended, 0), told(recommended, 1)
    assert [each["score"] for each in unreviewed["own"]] == [4, 4]
    assert {each["reason"] + each["needed"] for each in unreviewed["own"]} == {""}
    assert reviewed["own"][0]["reason"] == "Agreed reason for 3."
    for each in (unreviewed, reviewed):
        assert each["winner"] is None
        assert each["published_reason"] == "The money went to another service."
    sent = select(OutboxMessage.template).where(OutboxMessage.subject_id.in_(recommended.bids))
    listed = sorted(db.session.scalars(sent))
    assert "bids/mail/outcome.txt" in listed and "bids/mail/ended.txt" not in listed
    page = current_app.test_client().show(f"/opportunities/{recommended.lot.id}")
    assert "The money went to another service." in page.text


def test_who_was_set_aside_in_a_lot_cancelled_undecided_reads_the_ground_alone(app):
    competition = opened_competition()
    bid_id, officer = competition.bids[0], competition.acting(competition.officer)
    ground = SetAsideGround.INCOMPLETE
    with write():
        compliance.set_aside(competition.evaluation_id, bid_id, ground, "Jane left.", officer)
    with write():
        director = competition.acting(competition.director)
        cancel_lot(competition.lot.id, EndReason.NEED_CHANGED, director, "Needs changed.")
    manager = db.session.get_one(Person, bidder_of(competition, 0).person_id)
    client = browser_of(app, manager)
    page = client.show(f"/bids/{bid_id}/outcome")
    document = Document(BytesIO(client.get(f"/bids/{bid_id}/outcome/download").data))
    for text in (page.text, "\n".join(each.text for each in document.paragraphs)):
        assert str(SET_ASIDE_GROUNDS[ground]) in text
        assert "before the reason had been reviewed" in text
        assert "Jane" not in text and "None" not in text
