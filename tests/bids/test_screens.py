"""The thread from a started bid to its outcome, on the screens."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from docx import Document

from bids.evaluation.queries import evaluation_of
from bids.models import BidState
from bids.queries import bid_for, own_bids
from lots.vocabulary import LotState, Route
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import write
from marketplace.registry import waiting
from tests.support.bids import (
    bid_as_stored,
    bidder,
    decided_competition,
    opened_competition,
    recommended_competition,
    submitted_bid,
)
from tests.support.lots import make_open_lot, pass_closing, whole_lot
from tests.support.people import acting_as, browser_of, make_person, sign_in


def waits(app, by):
    with app.test_request_context():
        return [item.text for fill in waiting() for item in fill(by)]


def all_declared(page):
    return sorted(page.form("Submit the bid").choices("declarations"))


def test_a_bidder_goes_from_the_lot_to_the_receipt(app):
    lot = make_open_lot()
    organisation, person = bidder()
    client = browser_of(app, person)
    page = client.submit(f"/opportunities/{lot.id}", "Start a bid").page
    assert "What is missing" in page.text
    assert client.show("/bids").links()[lot.title]
    first = client.show(page.links()["Question 1: How will you deliver the service?"])
    second = client.submit(first, "Save and continue", text="We begin with listening.").page
    assert second.h1 == "Question 2 of 2"
    price = client.submit(second, "Save and continue", text="We live here.").page
    assert price.h1 == "Price and costs"
    costs = {"staff-what-1": "Two caseworkers", "staff-pence-1": "200,000"}
    ready = client.submit(price, "Save and continue", costs, amount="9,000.50").page
    check = client.show(ready.links()["Check and submit"])
    for shown in ("We begin with listening.", "We live here.", "£9,000.50"):
        assert shown in check.text
    unticked = client.submit(check, "Submit the bid")
    assert "Confirm all of the statements" in unticked.page.text
    receipt = client.submit(check, "Submit the bid", declarations=all_declared(check)).page
    assert receipt.h1 == "Your bid is submitted"
    bid = bid_as_stored(bid_for(lot.id, acting_as(person)).id)
    assert bid.state == BidState.SUBMITTED
    assert bid.latest.sha256 in receipt.text
    file = client.get(f"/bids/{bid.id}/versions/1")
    assert hashlib.sha256(file.data).hexdigest() == bid.latest.sha256
    document = Document(BytesIO(client.get(f"/bids/{bid.id}/download").data))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "We begin with listening." in text and "£9,000.50" in text


def test_a_late_bidder_is_told_that_the_draft_is_kept_and_not_submitted(app):
    lot = make_open_lot()
    organisation, person = bidder()
    client = browser_of(app, person)
    bid_id = submitted_bid(lot, organisation)
    question = client.show(f"/bids/{bid_id}/questions/{lot.questions[0].id}")
    check = client.show(f"/bids/{bid_id}/check")
    new = client.show(f"/opportunities/{lot.id}")
    pass_closing(lot)
    late = client.submit(question, "Save and continue", text="A last thought")
    assert (late.status_code, late.page.h1) == (409, "This lot has closed")
    assert [each.text for each in bid_as_stored(bid_id).answers if "last" in each.text]
    late = client.submit(check, "Submit the bid", declarations=all_declared(check))
    assert (late.status_code, late.page.h1) == (409, "This lot has closed")
    assert len(bid_as_stored(bid_id).versions) == 1
    _other, stranger = bidder()
    second = browser_of(app, stranger)
    assert "Start a bid" not in second.show(f"/opportunities/{lot.id}").text
    assert new.links()["Go to your bid"]


def test_withdrawing_asks_first(app):
    lot = make_open_lot()
    organisation, person = bidder()
    bid_id = submitted_bid(lot, organisation)
    client = browser_of(app, person)
    page = client.show(f"/bids/{bid_id}/withdraw")
    assert bid_as_stored(bid_id).state == BidState.SUBMITTED
    assert "withdrawn" in client.submit(page, "Withdraw the bid").page.text.lower()
    assert bid_as_stored(bid_id).state == BidState.WITHDRAWN


def test_without_the_second_factor_one_may_write_but_not_submit(app):
    lot = make_open_lot()
    organisation, person = bidder()
    client = app.test_client()
    sign_in(client, person, second_factor=False)
    page = client.submit(f"/opportunities/{lot.id}", "Start a bid").page
    assert "Your bid" in page.h1
    bid = own_bids(acting_as(person))[0]
    answer = client.get(f"/bids/{bid.id}/check")
    assert answer.status_code == 303
    assert "/bids" not in answer.location.partition("?")[0]


@pytest.mark.parametrize("path", ["", "/price", "/check", "/receipt", "/withdraw", "/download"])
def test_anothers_bid_does_not_exist(app, path):
    lot = make_open_lot()
    bid_id = submitted_bid(lot)
    _organisation, person = bidder()
    browser_of(app, person).show(f"/bids/{bid_id}{path}", status=404)


def test_from_opening_to_outcome_each_by_its_own_user(app):
    lot = make_open_lot()
    (winner, winning), (loser, losing) = bidder("Alder Trust"), bidder("Birch Trust")
    first = submitted_bid(lot, winner, answer="Alder answers.", price=9_000_00)
    second = submitted_bid(lot, loser, answer="Birch answers.", price=9_500_00)
    buyer = lot.lead_buyer
    officer = make_person(Role.COMMISSIONING_OFFICER, buyer)
    director = make_person(Role.DIRECTOR, buyer)
    evaluators = [
        make_person(Role.EVALUATOR, buyer, name=name) for name in ("Eve Rowan", "Ed Holly")
    ]
    pass_closing(lot)

    runs, decides = browser_of(app, officer), browser_of(app, director)
    assert "Bids to open" in " ".join(waits(app, acting_as(officer)))
    runs.submit(f"/lots/{lot.id}/opening", "Confirm the opening")
    assert "Ask another officer" in runs.show(f"/lots/{lot.id}/opening").text
    decides.submit(f"/lots/{lot.id}/opening", "Confirm and open the bids")
    evaluation = evaluation_of(lot.id)
    base = f"/evaluations/{evaluation.id}"
    for person in evaluators:
        runs.submit(f"{base}/panel", "Add to the panel", person=str(person.id))

    for person in evaluators:
        client = browser_of(app, person)
        assert "Declare conflicts of interest" in " ".join(waits(app, acting_as(person)))
        declaration = client.show(f"{base}/scores")
        assert declaration.h1 == "Conflicts of interest"
        page = client.submit(declaration, "Continue", conflict="no").page
        page = client.show(page.links()["Score the next one"])
        for _cell in range(4):
            page = client.submit(
                page, "Save and go to the next", score="3", reason="Good and local"
            ).page
        locked = client.submit(page, "Lock my scores").page
        assert "Scores locked" in locked.text

    for bid_id in (first, second):
        runs.submit(f"{base}/bids/{bid_id}", "Confirm that the bid meets the requirements")
    page = runs.submit(base, "Start moderation").page
    for bid_id, score in ((first, "4"), (second, "2")):
        for criterion in lot.criteria:
            cell = runs.show(f"{base}/moderation/{bid_id}/{criterion.id}")
            assert "Eve Rowan: 3" in cell.text
            needed = {} if score == "4" else {"needed": "More about Lincolnshire"}
            page = runs.submit(
                cell, "Save the agreed score", score=score, reason=f"It is a {score}", **needed
            ).page
    page = runs.submit(page, "Lock the quality scores and open the prices").page
    assert "100.00" in page.text
    page = runs.show(page.links()["Recommend an award"])
    runs.submit(page, "Send the recommendation", choice=str(first), reasons="It ranks first")

    for bid_id in (first, second):
        runs.submit(f"{base}/review/{bid_id}", "Reviewed: go on")
    assert "Award to decide" in " ".join(waits(app, acting_as(director)))
    page = decides.show(f"{base}/decision")
    assert "8 working days" in page.text
    decides.submit(page, "Decide", choice=str(first))
    assert whole_lot(lot.id).state == LotState.STANDSTILL

    told = browser_of(app, losing).show(f"/bids/{second}/outcome").text
    for part in ("Alder Trust", "It is a 2", "More about Lincolnshire", "The winner: 4 of 4"):
        assert part in told
    assert "Successful" in browser_of(app, winning).show(f"/bids/{first}/outcome").text
    public = app.test_client().show(f"/opportunities/{lot.id}").text
    assert "Alder Trust" in public and "Birch Trust" not in public


def test_the_top_score_alone_needs_no_advice(app):
    from bids.evaluation.forms import ModerationForm

    with app.test_request_context(method="POST", data={"score": "3", "reason": "Good"}):
        form = ModerationForm(meta={"csrf": False})
        assert not form.validate()
        assert list(form.errors) == ["needed"]


def test_a_director_must_give_a_reason_for_a_departure(app):
    competition = recommended_competition()
    client = browser_of(app, competition.director)
    page = client.show(f"/evaluations/{competition.evaluation_id}/decision")
    refused = client.submit(page, "Decide", choice=str(competition.bids[1]))
    assert "Enter the reason. It will be published" in refused.page.text
    assert whole_lot(competition.lot.id).state == LotState.RECOMMENDED


def test_setting_aside_asks_for_ground_and_reason_and_the_bidder_reads_them(app):
    competition = opened_competition(prices=(9_000_00,))
    officer = browser_of(app, competition.officer)
    address = f"/evaluations/{competition.evaluation_id}/bids/{competition.bids[0]}"
    assert "Enter the reason" in officer.submit(address, "Set the bid aside").page.text
    officer.submit(
        address, "Set the bid aside", ground="incomplete", reason="No answer to question 2."
    )
    assert bid_as_stored(competition.bids[0]).state == BidState.SET_ASIDE


def test_reading_an_opened_bid_is_recorded(app):
    from sqlalchemy import select

    from marketplace.database import db
    from marketplace.observations import Reading

    competition = opened_competition()
    client = browser_of(app, competition.officer)
    client.show(f"/evaluations/{competition.evaluation_id}/bids/{competition.bids[0]}")
    readings = db.session.execute(select(Reading.subject_id, Reading.person_id)).all()
    assert [tuple(each) for each in readings] == [(competition.bids[0], competition.officer.id)]


def test_a_grant_shows_no_standstill(app):
    competition = decided_competition(route=Route.GRANT, contract_reason="")
    page = app.test_client().show(f"/opportunities/{competition.lot.id}")
    assert "Standstill until" not in page.text


def test_a_bidder_is_reminded_of_a_draft_until_it_is_submitted(app):
    lot = make_open_lot()
    organisation, person = bidder()
    client = browser_of(app, person)
    client.submit(f"/opportunities/{lot.id}", "Start a bid")
    assert any("is not submitted" in text for text in waits(app, acting_as(person)))
    with write():
        ahead = (lot.closes_at - clock.judged_now()).total_seconds()
        clock.set_offset(clock.offset_seconds() + int(ahead) + 1)
    assert not any("is not submitted" in text for text in waits(app, acting_as(person)))
