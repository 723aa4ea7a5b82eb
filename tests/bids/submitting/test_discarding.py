"""Going back to what was submitted, without a word of it lost."""

from __future__ import annotations

import json

import pytest

from bids.models import BidState
from bids.price import actions as pricing
from bids.price.arithmetic import Costs, costs_of
from bids.sealing import OwnCopy
from bids.submitting import actions as submitting
from bids.submitting.discarding import discard_changes
from bids.writing import actions as answering
from marketplace.accounts.models import Person
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours
from tests.support.bid_partners import invite_by_mail
from tests.support.bids import bid_as_stored, bidder, submitted_bid
from tests.support.lots import make_open_lot
from tests.support.pages import Page
from tests.support.people import acting_as, make_person, sign_in


@pytest.fixture
def edited(app):
    """(a bid manager acting, the bid's id): submitted, then answers and price were changed."""
    lot = make_open_lot()
    organisation, _person = bidder()
    bid_id = submitted_bid(lot, organisation)
    by = acting_as(make_person(Role.BID_MANAGER, organisation), organisation)
    answers = {answer.question_id: answer for answer in bid_as_stored(bid_id).answers}
    question = lot.questions[0].id
    with write():
        edition = answers[question].edition
        answering.save_answer(bid_id, question, "Something else.", edition, by)
        pricing.save_price(bid_id, 1_00, bid_as_stored(bid_id).price_edition, by)
    return by, bid_id


def sealed(bid_id):
    copy = OwnCopy.of(bid_as_stored(bid_id).latest.own_copy)
    return copy.read_content(), copy.read_price()


def test_answers_and_price_are_again_what_was_submitted(edited):
    by, bid_id = edited
    content, price = sealed(bid_id)
    assert bid_as_stored(bid_id).edited
    with write():
        assert discard_changes(bid_id, by) is True
    bid = bid_as_stored(bid_id)
    assert (bid.state, bid.edited, bid.latest.number) == (BidState.SUBMITTED, False, 1)
    assert {str(each.question_id): each.text for each in bid.answers} == {
        each["question_id"]: each["answer"] for each in content["answers"]
    }
    assert bid.price_pence == str(price["pence"])
    assert json.loads(bid.costs)["staff"] == price["costs"]["staff"]


def test_a_version_from_before_costs_partners_and_demands_is_put_back_too(app, monkeypatch):
    """Such versions came along with the database of an earlier release."""
    whole, in_pounds = submitting.content_of, submitting.price_of
    later = ("demands", "partners")
    monkeypatch.setattr(
        submitting,
        "content_of",
        lambda *given: {name: each for name, each in whole(*given).items() if name not in later},
    )
    monkeypatch.setattr(
        submitting,
        "price_of",
        lambda bid: {name: in_pounds(bid)[name] for name in ("basis", "pence")},
    )
    organisation, person = bidder()
    bid_id = submitted_bid(make_open_lot(), organisation)
    by = acting_as(person, organisation)
    with write():
        pricing.save_price(bid_id, 1_00, bid_as_stored(bid_id).price_edition, by)
    with write():
        assert discard_changes(bid_id, by) is True
    bid = bid_as_stored(bid_id)
    assert int(bid.price_pence) == sealed(bid_id)[1]["pence"]
    assert costs_of(bid.costs) == Costs()


def test_a_colleague_who_still_types_in_the_discarded_text_is_told(edited):
    by, bid_id = edited
    (answer, *_rest) = [
        each for each in bid_as_stored(bid_id).answers if each.text == "Something else."
    ]
    question, seen = answer.question_id, answer.edition
    with write():
        discard_changes(bid_id, by)
    with pytest.raises(answering.TypedMeanwhile), write():
        answering.save_answer(bid_id, question, "Something else again.", seen, by)


def test_nothing_is_discarded_twice_or_where_nothing_was_changed(edited):
    by, bid_id = edited
    with write():
        discard_changes(bid_id, by)
    with pytest.raises(Refusal, match="Nothing"), write():
        discard_changes(bid_id, by)


def test_a_partner_who_was_invited_since_stays_and_the_bid_goes_on_differing(edited):
    by, bid_id = edited
    invite_by_mail(bid_id, by)
    with write():
        assert discard_changes(bid_id, by) is False
    bid = bid_as_stored(bid_id)
    assert bid.edited and bid.price_pence == str(sealed(bid_id)[1]["pence"])


def test_nobody_else_discards_it(edited):
    _by, bid_id = edited
    _organisation, other = bidder()
    with pytest.raises(NotYours), write():
        discard_changes(bid_id, acting_as(other))


def test_the_bids_page_leads_there_and_says_what_came_of_it(edited, client):
    by, bid_id = edited
    person = db.session.get_one(Person, by.person_id)
    sign_in(client, person, db.session.get_one(Organisation, by.organisation_id))
    page = Page(client.get(f"/bids/{bid_id}").text, f"/bids/{bid_id}")
    (link,) = [href for text, href in page.links().items() if "Discard my changes" in text]
    asked = Page(client.get(link).text, link)
    answer = client.post(link, data=dict(asked.form("Discard the changes").values()))
    assert "again what you submitted" in client.get(answer.location).text
