"""Reminders that say what is missing: once at each mark, to those who can act, about nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bids.models import Bid, BidState
from bids.price import actions as pricing
from bids.submitting import actions as submitting
from bids.submitting.content import DECLARATIONS
from bids.submitting.models import BidReminder, Mark
from bids.submitting.reminders import next_mark, remind_bidders
from bids.tasks import part_of
from bids.writing import actions as answering
from bids.writing.sharing import give
from lots.actions import cancel_lot
from lots.models import Lot
from lots.vocabulary import EndReason
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.organisations.models import Organisation
from marketplace.outbox.actions import compose, deliver_due
from marketplace.outbox.models import MessageState, OutboxMessage
from tests.support.bid_writing import together
from tests.support.bids import bid_as_stored, bidder, fill_in, submitted_bid
from tests.support.competition import materially_changed, move_to
from tests.support.lots import make_open_lot
from tests.support.people import acting_as, make_organisation, make_person

TEMPLATE = "bids/submitting/mail/reminder.txt"


def reminders(to=None):
    found = select(OutboxMessage).where(OutboxMessage.template == TEMPLATE)
    mails = db.session.scalars(found.order_by(OutboxMessage.created_at)).all()
    return [mail for mail in mails if to is None or mail.recipient == to.email]


def sweep():
    return remind_bidders(clock.now())


def before_closing(lot, **ahead):
    """Stand a moment after the mark so far ahead of closing."""
    move_to(db.session.get_one(Lot, lot.id).closes_at - timedelta(**ahead))


@pytest.fixture
def lot(app):
    return make_open_lot()


@pytest.fixture
def begun(lot):
    """(who manages the bid, its id): a draft with nothing in it."""
    _organisation, person = bidder("Harbour Lights")
    with write():
        bid_id = answering.start_bid(lot.id, acting_as(person)).id
    return person, bid_id


def test_each_mark_reminds_once_and_lists_what_is_missing(lot, begun):
    person, bid_id = begun
    assert sweep() == 0
    for number, (ahead, words) in enumerate(
        (({"days": 7}, "7 days"), ({"days": 2}, "2 days"), ({"hours": 24}, "24 hours")), 1
    ):
        before_closing(lot, **ahead)
        assert sweep() == 1
        assert sweep() == 0
        assert len(reminders(person)) == number
        mail = reminders(person)[-1]
        sent = compose(mail)
        text = sent.get_content()
        assert words in sent["Subject"]
        assert "Question 1 is not answered" in text and f"/bids/{bid_id}" in text
        stored = db.session.get_one(Lot, lot.id)
        for named in (stored.title, stored.reference, "Harbour Lights"):
            assert named not in text + sent["Subject"] + (mail.facts or "")


def test_a_sweep_that_comes_late_sends_only_the_nearest(lot, begun):
    before_closing(lot, hours=23)
    assert sweep() == 1
    assert "23 hours" in compose(reminders()[0])["Subject"]
    assert db.session.scalars(select(BidReminder.mark)).all() == [Mark.DAY]


def test_a_moved_closing_reminds_anew(lot, begun):
    before_closing(lot, days=2)
    assert sweep() == 1
    with write():
        later = db.session.get_one(Lot, lot.id).closes_at + timedelta(days=14)
        db.session.execute(update(Lot).where(Lot.id == lot.id).values(closes_at=later))
    assert sweep() == 0
    before_closing(lot, days=2)
    assert sweep() == 1
    assert len(reminders(begun[0])) == 2


def test_who_has_submitted_is_left_in_peace_until_changes_are_left_behind(lot):
    organisation, _person = bidder()
    bid_id = submitted_bid(lot, organisation)
    before_closing(lot, days=7)
    assert sweep() == 1
    assert reminders() == []
    manager = acting_as(make_person(Role.BID_MANAGER, organisation), organisation)
    edition = bid_as_stored(bid_id).price_edition
    with write():
        pricing.save_price(bid_id, 8_000_00, edition, manager)
    # What is begun after a mark waits for the next one.
    assert sweep() == 0
    before_closing(lot, days=2)
    assert sweep() == 1
    text = compose(reminders()[0]).get_content()
    assert "count only once you submit again" in text


def test_a_confirmation_that_is_owed_is_reminded_of(lot):
    organisation, _person = bidder()
    submitted_bid(lot, organisation)
    materially_changed(lot)
    before_closing(lot, days=2)
    assert sweep() == 1
    text = compose(reminders()[0]).get_content()
    assert "still stand" in text and "submitted and counts" in text


def test_a_withdrawn_bid_and_one_begun_after_the_mark_are_not_reminded(lot):
    organisation, _person = bidder()
    bid_id = submitted_bid(lot, organisation)
    manager = acting_as(make_person(Role.BID_MANAGER, organisation), organisation)
    with write():
        submitting.withdraw_bid(bid_id, manager)
    before_closing(lot, days=2)
    _other, person = bidder()
    with write():
        answering.start_bid(lot.id, acting_as(person))
    sweep()
    assert bid_as_stored(bid_id).state is BidState.WITHDRAWN
    assert reminders() == []


def test_nothing_after_closing_and_nothing_for_a_lot_that_ended(lot, begun):
    other = make_open_lot()
    _organisation, person = bidder()
    with write():
        answering.start_bid(other.id, acting_as(person))
    before_closing(other, days=2)
    with write():
        director = make_person(Role.DIRECTOR, other.lead_buyer)
        cancel_lot(other.id, next(iter(EndReason)), acting_as(director, other.lead_buyer))
    before_closing(lot, seconds=0)
    assert sweep() == 0
    assert reminders() == []


def test_a_mail_that_is_no_longer_true_is_not_sent(lot):
    _organisation, person = bidder()
    by = acting_as(person)
    bid_id = fill_in(lot, by)
    before_closing(lot, days=2)
    assert sweep() == 1
    assert "Nothing is missing" in compose(reminders()[0]).get_content()
    with write():
        seen = submitting.lot_seen(db.session.get_one(Bid, bid_id).lot)
        submitting.submit_bid(bid_id, DECLARATIONS, seen, by)
    deliver_due(clock.now())
    assert {mail.state for mail in reminders()} == {MessageState.UNWANTED}


def test_the_clock_stops_at_each_mark(lot, begun):
    closes_at = db.session.get_one(Lot, lot.id).closes_at
    marks = []
    mark = next_mark(clock.now())
    while mark is not None:
        marks.append(closes_at - mark)
        mark = next_mark(mark)
    assert marks == [timedelta(days=7), timedelta(days=2), timedelta(hours=24)]


def test_no_clock_stops_for_a_lot_without_bids(lot):
    assert next_mark(clock.now()) is None


def test_a_colleague_is_reminded_of_a_part_that_was_given_to_them_and_lacks_something(app):
    setting = together()
    manager = setting.by(setting.manager)
    mine, other = (part_of(question.id) for question in setting.lot.questions)
    trustee = make_person(Role.TRUSTEE, setting.organisation)
    wanted = {mine: str(setting.colleague.id), other: str(trustee.id)}
    with write():
        give(setting.bid_id, wanted, {}, manager)
        answering.save_answer(
            setting.bid_id, setting.lot.questions[1].id, "Every street.", 0, manager
        )
    before_closing(setting.lot, days=7)
    assert sweep() == 1
    assert (len(reminders(setting.colleague)), len(reminders(trustee))) == (1, 0)


def test_a_trustee_without_a_bid_manager_is_reminded(lot):
    organisation = make_organisation()
    trustee = make_person(Role.TRUSTEE, organisation)
    with write():
        answering.start_bid(lot.id, acting_as(trustee, organisation))
    before_closing(lot, days=7)
    assert sweep() == 1
    assert len(reminders(trustee)) == 1


def test_a_trustee_beside_a_bid_manager_is_left_in_peace(lot, begun):
    manager, bid_id = begun
    organisation_id = bid_as_stored(bid_id).bidder_id
    trustee = make_person(Role.TRUSTEE, db.session.get_one(Organisation, organisation_id))
    before_closing(lot, days=7)
    assert sweep() == 1
    assert (len(reminders(manager)), len(reminders(trustee))) == (1, 0)
