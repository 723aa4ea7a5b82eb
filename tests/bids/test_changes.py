"""A change to an open lot never loses a submitted bid, and asks for one press at most."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bids.changes import actions as confirming
from bids.changes.models import BidConfirmation, BidNews
from bids.models import BidState
from bids.submitting import actions as submitting
from bids.submitting.content import DECLARATIONS
from bids.waiting import waiting_for
from bids.working import TooLate
from lots.actions import cancel_lot
from lots.vocabulary import EndReason
from marketplace import clock
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.outbox.actions import compose
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import NotYours
from tests.support.bids import bid_as_stored, bidder, fill_in, seen_of, submitted_bid
from tests.support.competition import (
    answer,
    asked,
    clarified,
    corrected,
    director_of,
    materially_changed,
    move_to,
    officer_of,
)
from tests.support.lots import make_open_lot
from tests.support.people import acting_as, make_person, sign_in


def mails(template):
    found = select(OutboxMessage).where(OutboxMessage.template == f"bids/mail/{template}.txt")
    return db.session.scalars(found).all()


def owed(bid_id):
    return confirming.outstanding(bid_as_stored(bid_id))


def shown(bid_id):
    """What the bid's page carries along of the changes that it shows."""
    return [str(each.change_id) for each in owed(bid_id)]


@pytest.fixture
def bid(app):
    """(lot, organisation, who manages its bids, the id of its submitted bid)."""
    lot = make_open_lot()
    organisation, _person = bidder()
    bid_id = submitted_bid(lot, organisation)
    manager = acting_as(make_person(Role.BID_MANAGER, organisation), organisation)
    return lot, organisation, manager, bid_id


def test_a_material_change_asks_every_submitted_bid_to_confirm_and_one_press_does(bid):
    lot, _organisation, manager, bid_id = bid
    before = bid_as_stored(bid_id).versions[-1]
    materially_changed(lot, what="One more evening a week.")
    (each,) = owed(bid_id)
    assert each.change.what == "One more evening a week."
    assert bid_as_stored(bid_id).state is BidState.SUBMITTED
    with write():
        confirming.confirm(bid_id, shown(bid_id), manager)
    assert owed(bid_id) == []
    after = bid_as_stored(bid_id).versions[-1]
    assert (after.number, after.sha256, after.sealed_content) == (
        before.number,
        before.sha256,
        before.sealed_content,
    )
    with pytest.raises(Refusal, match="Nothing"), write():
        confirming.confirm(bid_id, shown(bid_id), manager)


def test_submitting_again_answers_the_change_too(bid):
    lot, _organisation, manager, bid_id = bid
    materially_changed(lot)
    with write():
        submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), manager)
    assert owed(bid_id) == []


def test_a_page_opened_before_a_change_submits_nothing_and_says_what_to_look_at(app, bid, client):
    lot, organisation, _manager, bid_id = bid
    sign_in(client, make_person(Role.BID_MANAGER, organisation), organisation)
    page = client.show(f"/bids/{bid_id}/check")
    materially_changed(lot)
    refused = client.submit(page, "Submit the bid", declarations=list(DECLARATIONS))
    assert refused.status_code == 409 and "has changed this lot" in refused.text
    assert f"/opportunities/{lot.id}#changes" in refused.text
    assert [each.number for each in bid_as_stored(bid_id).versions] == [1]
    assert len(owed(bid_id)) == 1
    client.submit(refused.page, "Submit the bid", declarations=list(DECLARATIONS))
    assert [each.number for each in bid_as_stored(bid_id).versions] == [1, 2]
    assert owed(bid_id) == []


def test_a_page_that_says_nothing_of_the_lot_submits_nothing(bid):
    _lot, _organisation, manager, bid_id = bid
    with pytest.raises(submitting.LotChanged), write():
        submitting.submit_bid(bid_id, DECLARATIONS, "", manager)


def test_a_change_that_the_bidder_was_not_shown_is_not_confirmed(bid):
    lot, _organisation, manager, bid_id = bid
    materially_changed(lot)
    page = shown(bid_id)
    materially_changed(lot, values={"starts_low": 7})
    with pytest.raises(Refusal, match="changed again"), write():
        confirming.confirm(bid_id, page, manager)
    assert len(owed(bid_id)) == 2


def test_one_press_confirms_after_two_changes(bid):
    lot, _organisation, manager, bid_id = bid
    materially_changed(lot)
    materially_changed(lot, values={"starts_low": 7})
    assert len(owed(bid_id)) == 2
    with write():
        confirming.confirm(bid_id, shown(bid_id), manager)
    assert owed(bid_id) == []


@pytest.mark.parametrize("make", [corrected, clarified])
def test_other_changes_let_bids_stand(bid, make):
    lot, _organisation, _manager, bid_id = bid
    make(lot)
    assert db.session.scalars(select(BidConfirmation)).all() == []
    assert bid_as_stored(bid_id).state is BidState.SUBMITTED
    assert {each.bid_id for each in db.session.scalars(select(BidNews))} == {bid_id}


def test_drafts_and_withdrawn_bids_are_told_and_asked_nothing(bid):
    lot, _organisation, manager, bid_id = bid
    other, person = bidder()
    draft = fill_in(lot, acting_as(person, other))
    with write():
        submitting.withdraw_bid(bid_id, manager)
    materially_changed(lot)
    assert db.session.scalars(select(BidConfirmation)).all() == []
    assert {each.bid_id for each in db.session.scalars(select(BidNews))} == {bid_id, draft}


def test_an_unconfirmed_bid_counts_and_confirming_ends_with_the_closing(bid):
    lot, _organisation, manager, bid_id = bid
    materially_changed(lot)
    move_to(lot.closes_at)
    with pytest.raises(Refusal, match="counts as you submitted it"), write():
        confirming.confirm(bid_id, shown(bid_id), manager)
    assert bid_as_stored(bid_id).state is BidState.SUBMITTED


def test_nobody_else_confirms(bid):
    lot, _organisation, _manager, bid_id = bid
    materially_changed(lot)
    other, person = bidder()
    for by in (acting_as(person, other), officer_of(lot)):
        with pytest.raises(NotYours), write():
            confirming.confirm(bid_id, shown(bid_id), by)


def test_it_stands_on_top_of_the_bid_and_among_what_waits_and_in_a_mail(app, bid, client):
    lot, organisation, manager, bid_id = bid
    materially_changed(lot)
    assert any("still stand" in text for text in waiting_texts(app, manager))
    letters = [compose(mail) for mail in mails("confirm")]
    assert letters
    for letter in letters:
        whole = letter.as_string()
        assert lot.title not in whole and lot.reference not in whole
        assert organisation.name not in whole
    sign_in(client, make_person(Role.BID_MANAGER, organisation), organisation)
    page = client.submit(f"/bids/{bid_id}", "My answers still stand")
    assert "Your answers stand" in page.text
    assert "My answers still stand" not in client.show(f"/bids/{bid_id}").text
    assert not any("still stand" in text for text in waiting_texts(app, manager))


def waiting_texts(app, by):
    with app.test_request_context():
        return [item.text for item in waiting_for(by)]


def test_the_audit_of_a_confirmation_names_nobody(bid):
    lot, _organisation, manager, bid_id = bid
    materially_changed(lot)
    with write():
        confirming.confirm(bid_id, shown(bid_id), manager)
    (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "bid:confirm"))
    assert (event.person_id, event.organisation_id) == (None, None)


def test_bidders_hear_of_answers_in_one_mail_the_next_morning(bid):
    lot, organisation, _manager, _bid_id = bid
    for number in range(3):
        answer(asked(lot, question=f"Question {number}?"), officer_of(lot))
    assert confirming.tell_bidders(clock.now()) == 0
    assert mails("news") == []
    move_to(confirming.next_morning(clock.now()))
    assert confirming.tell_bidders(clock.now()) == 1
    assert confirming.tell_bidders(clock.now()) == 0
    managers = {mail.recipient for mail in mails("news")}
    assert len(mails("news")) == len(managers) > 0
    assert confirming.next_morning(clock.now()) is None


def test_whoever_still_writes_hears_that_the_lot_was_withdrawn(bid):
    lot, _organisation, _manager, _bid_id = bid
    other, person = bidder()
    fill_in(lot, acting_as(person, other))
    with write():
        cancel_lot(lot.id, EndReason.NEED_CHANGED, director_of(lot))
    assert person.email in {mail.recipient for mail in mails("draft_ended")}
    assert len(mails("ended")) == 1


def test_a_bid_is_accepted_while_a_question_waits_and_refused_after_the_moved_closing(bid):
    lot, _organisation, manager, bid_id = bid
    question = asked(lot)
    move_to(lot.closes_at + timedelta(hours=1))
    with write():
        submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), manager)
    answer(question, officer_of(lot))
    closes_at = db.session.get_one(type(bid_as_stored(bid_id).lot), lot.id).closes_at
    assert bid_as_stored(bid_id).versions[-1].submitted_at < closes_at
    move_to(closes_at)
    with pytest.raises(TooLate), write():
        submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), manager)
