"""Reviewing, reading the outcome, challenging and answering, each on its screen."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from docx import Document

from bids.awards.queries import award_of
from bids.challenges.queries import of_lot
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from tests.support.bids import bid_as_stored, decided_competition, priced_competition
from tests.support.lots import whole_lot
from tests.support.people import browser_of, make_person


def bid_manager(competition, number):
    organisation_id = bid_as_stored(competition.bids[number]).organisation_id
    organisation = db.session.get_one(Organisation, organisation_id)
    return make_person(Role.BID_MANAGER, organisation)


def test_an_officer_reviews_bid_by_bid_before_the_director_decides(app):
    competition = priced_competition()
    officer, director = (
        browser_of(app, each) for each in (competition.officer, competition.director)
    )
    base = f"/evaluations/{competition.evaluation_id}"
    listed = officer.submit(
        f"{base}/recommendation",
        "Send the recommendation",
        choice=str(competition.bids[0]),
        reasons="It ranks first",
    ).page
    assert listed.h1 == "What bidders will read"
    assert "Review what bidders will read" in officer.show("/").text
    assert "yet to review" in director.show(f"{base}/decision").text
    page = officer.show(f"{base}/review/{competition.bids[0]}")
    name = f"others-{competition.criteria()[0]}"
    refused = officer.submit(page, "Reviewed: go on", {name: "A better reason for 4."}).page
    assert "You may only take words out" in refused.text
    following = officer.submit(page, "Reviewed: go on", {name: "Agreed […] for 4."}).page
    done = officer.submit(following, "Reviewed: go on").page
    assert "Everything is reviewed" in done.text
    decided = director.submit(f"{base}/decision", "Decide", choice=str(competition.bids[0]))
    assert (
        "Agreed […] for 4."
        in app.test_client().show(f"/opportunities/{competition.lot.id}/decision").text
    )
    assert "Days of the standstill" in decided.page.text


def test_a_loser_reads_downloads_and_challenges_and_the_director_answers(app):
    competition = decided_competition()
    loser = browser_of(app, bid_manager(competition, 1))
    base = f"/bids/{competition.bids[1]}"
    outcome = loser.show(f"{base}/outcome")
    for part in ("2 of 2", "Needed beyond 3.", "The winner: 4 of 4", "8 of 8"):
        assert part in outcome.text
    document = Document(BytesIO(loser.get(f"{base}/outcome/download").data))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for part in ("Needed beyond 3.", "Agreed reason for 4.", "Until the end of", "8. "):
        assert part in text
    page = loser.show(outcome.links()["Challenge the award, or read an answer"])
    empty = loser.submit(page, "Challenge the award").page
    assert "Enter what was done wrong" in empty.text
    sent = loser.submit(page, "Challenge the award", reason="Question 2 was misread.").page
    assert "To be answered" in sent.text and "Question 2 was misread." in sent.text
    assert loser.submit(page, "Challenge the award", reason="Again.").status_code == 409

    winner = browser_of(app, bid_manager(competition, 0))
    public = app.test_client().show(f"/opportunities/{competition.lot.id}")
    for seen in (winner.show(f"/bids/{competition.bids[0]}/outcome"), public):
        assert "paused" in seen.text and "misread" not in seen.text

    director = browser_of(app, competition.director)
    assert "Challenge to answer" in director.show("/").text
    evaluation = director.show(f"/evaluations/{competition.evaluation_id}")
    listed = director.show(evaluation.links()["Read challenges, or record a letter"])
    (challenge,) = of_lot(competition.lot.id)
    shown = director.show(f"/challenges/{challenge.id}")
    missing = director.submit(shown, "Answer", outcome="cancelled", answer="Yes.").page
    assert "Select why the lot is cancelled" in missing.text
    done = director.submit(shown, "Answer", outcome="dismissed", answer="It was read twice.").page
    assert "The standstill runs on" in done.text and "Dismissed" in done.text
    assert listed.h1 == done.h1
    assert "It was read twice." in loser.show(f"{base}/challenge").text
    assert whole_lot(competition.lot.id).standstill_paused_at is None


def test_a_letter_is_recorded_and_the_award_taken_back(app):
    competition = decided_competition()
    officer = browser_of(app, competition.officer)
    base = f"/evaluations/{competition.evaluation_id}/challenges"
    form = officer.show(f"{base}/letter")
    refused = officer.submit(form, "Record it and pause the standstill", reason="Not fair.").page
    assert "Enter who wrote the letter" in refused.text
    early = clock.today() - timedelta(days=1)
    facts = {"bid": str(competition.bids[1]), "reason": "Unfair."}
    day = {"received-day": early.day, "received-month": early.month, "received-year": early.year}
    refused = officer.submit(form, "Record it and pause the standstill", facts | day)
    assert refused.status_code == 200 and "Unfair." in refused.page.text
    assert "must not be before the decision" in refused.page.text
    officer.submit(form, "Record it and pause the standstill", facts)
    (challenge,) = of_lot(competition.lot.id)
    director = browser_of(app, competition.director)
    done = director.submit(
        f"/challenges/{challenge.id}", "Answer", outcome="ranking", answer="You are right."
    ).page
    assert "The award is taken back" in done.text
    assert whole_lot(competition.lot.id).state is LotState.EVALUATING
    assert award_of(competition.lot.id) is None
    public = app.test_client().show(f"/opportunities/{competition.lot.id}/decision").text
    assert "taken back" in public
    loser = browser_of(app, bid_manager(competition, 1))
    assert "You are right." in loser.show(f"/bids/{competition.bids[1]}/challenge").text
    told = loser.show(f"/bids/{competition.bids[1]}/outcome").text
    assert "This decision was taken back" in told


def test_before_a_decision_the_public_page_of_it_tells_nothing(app):
    competition = priced_competition()
    page = app.test_client().show(f"/opportunities/{competition.lot.id}/decision")
    assert "There is no decision on this lot yet." in page.text
