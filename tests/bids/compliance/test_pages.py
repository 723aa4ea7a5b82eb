"""The pages of the check: the list, asking, the bidder's correction with a file."""

from __future__ import annotations

from io import BytesIO

from bids.compliance import queries, room
from bids.models import BidState
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.organisations.models import Organisation
from tests.support.bids import bid_as_stored, opened_competition
from tests.support.competition import move_to
from tests.support.files import PDF
from tests.support.people import give_role, make_person, sign_in


def test_an_officer_asks_and_the_bidder_sends_words_and_a_file(client):
    competition = opened_competition()
    bid_id, evaluation_id = competition.bids[0], competition.evaluation_id
    bidder = db.session.get_one(Organisation, bid_as_stored(bid_id).organisation_id)
    name = bidder.name
    manager = make_person(Role.BID_MANAGER, bidder)
    officer, buyer = competition.officer, competition.buyer

    sign_in(client, officer, buyer)
    listed = client.show(f"/evaluations/{evaluation_id}/check")
    assert "2 bids are still to be checked." in listed.text
    assert "2 bids to check against the requirements" in client.show("/").text
    page = f"/evaluations/{evaluation_id}/bids/{bid_id}/correction"
    answer = client.submit(page, what="", days="0")
    assert "Select what is wrong" in answer.text
    assert "Enter what the bidder should send" in answer.text
    client.submit(page, fault="document_missing", what="The insurance certificate.", days="3")
    listed = client.show(f"/evaluations/{evaluation_id}/check")
    assert "A document is missing: until the end of" in listed.text

    sign_in(client, manager, bidder)
    assert "Correct your bid for" in client.show("/").text
    assert "The buyer asks you to correct your bid" in client.show(f"/bids/{bid_id}").text
    page = f"/bids/{bid_id}/correction"
    assert "The insurance certificate." in client.show(page).text
    client.submit(page, "Add the file", file=(BytesIO(PDF), "Tystysgrif Tŷ.pdf"))
    answer = client.submit(page, "Send the correction", words="")
    assert "Say in words what you correct" in answer.text
    answer = client.submit(page, "Send the correction", words="It’s <b>attached</b>.")
    assert "Your correction has been sent to the buyer." in answer.text
    assert bid_as_stored(bid_id).state is BidState.OPENED

    sign_in(client, competition.evaluators[0], buyer)
    cell = f"{bid_id}/{competition.criteria()[0]}"
    scored = client.show(f"/evaluations/{evaluation_id}/scores/{cell}")
    assert "It’s <b>attached</b>." in scored.text and "It is not scored." in scored.text

    sign_in(client, officer, buyer)
    shown = client.show(f"/evaluations/{evaluation_id}/bids/{bid_id}")
    assert "It’s <b>attached</b>." in shown.text and "Answer of bid 1." in shown.text
    sent = queries.corrections_of([bid_id])[bid_id][0].files[0]
    saved = client.get(f"/evaluations/{evaluation_id}/bids/{bid_id}/correction/files/{sent.id}")
    assert saved.data == PDF
    client.submit(shown, "Confirm that the bid meets the requirements")
    assert (
        "1 bid is still to be checked." in client.show(f"/evaluations/{evaluation_id}/check").text
    )
    assert name in client.show(f"/evaluations/{evaluation_id}/check").text


def test_a_correction_that_comes_too_late_keeps_what_was_typed(client):
    competition = opened_competition()
    bid_id = competition.bids[0]
    bidder = db.session.get_one(Organisation, bid_as_stored(bid_id).organisation_id)
    sign_in(client, competition.officer, competition.buyer)
    page = f"/evaluations/{competition.evaluation_id}/bids/{bid_id}/correction"
    client.submit(page, fault="clerical_error", what="The number of the charity.", days="1")
    sign_in(client, make_person(Role.TRUSTEE, bidder), bidder)
    form = client.show(f"/bids/{bid_id}/correction")
    move_to(queries.open_correction(bid_id).due_at)
    answer = client.submit(form, "Send the correction", words="It is 1122334.")
    assert answer.status_code == 409
    assert "The time to correct ended with" in answer.text
    assert "It is 1122334." in answer.text
    assert "Send the correction" not in client.show(f"/bids/{bid_id}/correction").text


def test_whoever_belongs_to_a_bidder_is_not_told_of_bids_to_check(app):
    competition = opened_competition()
    officer = competition.acting(competition.officer)
    with app.test_request_context():
        assert [item.count for item in room.waiting_for(officer)] == [2]
    bidder = db.session.get_one(Organisation, bid_as_stored(competition.bids[0]).organisation_id)
    with write():
        give_role(competition.officer, bidder, Role.TRUSTEE)
    with app.test_request_context():
        assert room.waiting_for(officer) == []
