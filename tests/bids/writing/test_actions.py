"""Writing, submitting and withdrawing a bid."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy import func, select

from bids import queries
from bids.library import actions as library
from bids.models import Bid, BidState, BidVersion
from bids.price import actions as pricing
from bids.sealing import OwnCopy
from bids.submitting import actions as submitting
from bids.submitting.content import DECLARATIONS
from bids.working import TooLate, TypedMeanwhile
from bids.writing import actions as answering
from bids.writing import comments
from lots.vocabulary import LotState
from marketplace import audit
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import NotYours, Refused
from marketplace.qualification.models import ApplicationState
from tests.support.bids import bid_as_stored, bidder, fill_in, qualify, seen_of, submitted_bid
from tests.support.competition import move_to
from tests.support.lots import make_lot, make_open_lot, pass_closing
from tests.support.people import acting_as, browser_of, make_person


def test_starting_twice_gives_the_same_bid(app):
    lot = make_open_lot()
    organisation, person = bidder()
    by = acting_as(person)
    colleague = acting_as(make_person(Role.TRUSTEE, organisation), organisation)
    with write():
        first = answering.start_bid(lot.id, by).id
    with write():
        second = answering.start_bid(lot.id, colleague).id
    assert first == second
    assert db.session.scalar(select(func.count()).select_from(Bid)) == 1


@pytest.mark.parametrize("state", [LotState.DRAFT, LotState.PLANNED, LotState.CLOSED])
def test_no_bid_begins_for_a_lot_that_is_not_open(app, state):
    lot = make_lot(state)
    _organisation, person = bidder()
    with pytest.raises(Refusal), write():
        answering.start_bid(lot.id, acting_as(person))


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.SERVICE_MANAGER])
def test_only_those_who_write_bids_start_them(app, role):
    lot = make_open_lot()
    with pytest.raises(Refused), write():
        answering.start_bid(lot.id, acting_as(make_person(role)))


def test_another_organisation_cannot_find_change_or_submit_a_bid(app):
    lot = make_open_lot()
    bid_id = submitted_bid(lot)
    _other, person = bidder()
    stranger = acting_as(person)
    with pytest.raises(NotYours):
        queries.own_bid(bid_id, stranger)
    for attempt in (
        lambda: answering.save_answer(bid_id, lot.questions[0].id, "Mine", 1, stranger),
        lambda: pricing.save_price(bid_id, 1, 1, stranger),
        lambda: submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), stranger),
        lambda: submitting.withdraw_bid(bid_id, stranger),
    ):
        with pytest.raises(NotYours), write():
            attempt()
    assert queries.own_bids(stranger) == []
    assert bid_as_stored(bid_id).state == BidState.SUBMITTED


def test_a_question_of_another_lot_is_none_of_this_bid(app):
    lot, other = make_open_lot(), make_open_lot()
    _organisation, person = bidder()
    by = acting_as(person)
    with write():
        bid_id = answering.start_bid(lot.id, by).id
    theirs = other.questions[0].id
    for attempt in (
        lambda: answering.save_answer(bid_id, theirs, "Mine", 0, by),
        lambda: comments.add_comment(bid_id, theirs, "Mine", by),
        lambda: library.take_over(bid_id, theirs, "key", 0, by),
    ):
        with pytest.raises(NotYours), write():
            attempt()


def test_two_people_in_one_answer_lose_no_words(app):
    lot = make_open_lot()
    organisation, person = bidder()
    by = acting_as(person)
    question = lot.questions[0].id
    with write():
        bid_id = answering.start_bid(lot.id, by).id
        answering.save_answer(bid_id, question, "Hers", 0, by)
    with pytest.raises(TypedMeanwhile) as clash, write():
        answering.save_answer(bid_id, question, "His", 0, by)
    assert (clash.value.theirs, clash.value.edition) == ("Hers", 1)
    with write():
        answering.save_answer(bid_id, question, "Hers and his", clash.value.edition, by)
    assert [each.text for each in bid_as_stored(bid_id).answers] == ["Hers and his"]


def test_a_bid_says_what_is_missing_and_is_not_submitted(app):
    lot = make_open_lot(questions=[("How?", 3, 0), ("Where?", 50, 1)])
    _organisation, person = bidder(qualified=False)
    by = acting_as(person)
    with write():
        bid_id = answering.start_bid(lot.id, by).id
        answering.save_answer(bid_id, lot.questions[0].id, "one two three four", 0, by)
    with pytest.raises(Refusal) as refused, write():
        submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), by)
    for part in ("not applied to qualify", "1 word too long", "Question 2", "price is missing"):
        assert part in str(refused.value)
    assert bid_as_stored(bid_id).state == BidState.DRAFT


@pytest.mark.parametrize("declared", [[], ["true"], [*DECLARATIONS, "anything"]])
def test_a_bid_without_just_the_legal_confirmations_is_not_submitted(app, declared):
    _organisation, person = bidder()
    by = acting_as(person)
    bid_id = fill_in(make_open_lot(), by)
    with pytest.raises(Refusal, match="all of the statements"), write():
        submitting.submit_bid(bid_id, declared, seen_of(bid_id), by)
    assert bid_as_stored(bid_id).state == BidState.DRAFT


def test_an_endless_answer_is_not_kept(app):
    lot = make_open_lot()
    _organisation, person = bidder()
    by = acting_as(person)
    bid_id = fill_in(lot, by)
    with pytest.raises(Refusal, match="far too long"), write():
        answering.save_answer(bid_id, lot.questions[0].id, "gair " * 50_000, 1, by)


def test_a_bid_can_be_submitted_while_the_qualification_is_pending(app):
    lot = make_open_lot()
    organisation, person = bidder(qualified=False)
    qualify(organisation, state=ApplicationState.SUBMITTED)
    bid_id = fill_in(lot, acting_as(person))
    with write():
        submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), acting_as(person))
    assert bid_as_stored(bid_id).state == BidState.SUBMITTED


def test_a_submission_leaves_a_receipt_that_the_bidder_can_recompute(app):
    lot = make_open_lot()
    bid_id = submitted_bid(lot, answer="Ein Gruß, £5.")
    version = bid_as_stored(bid_id).latest
    copy = OwnCopy.of(version.own_copy)
    assert hashlib.sha256(copy.content.encode()).hexdigest() == version.sha256
    content = copy.read_content()
    assert content["price_sha256"] == hashlib.sha256(copy.price.encode()).hexdigest()
    assert [each["answer"] for each in content["answers"]] == ["Ein Gruß, £5. 1", "Ein Gruß, £5. 2"]
    assert version.number == 1
    mails = db.session.scalars(select(OutboxMessage).where(OutboxMessage.subject_id == bid_id))
    facts = [json.loads(mail.facts) for mail in mails]
    assert {fact["sha256"] for fact in facts} == {version.sha256}


def test_an_edit_after_submission_keeps_the_submitted_version_until_replaced(app):
    lot = make_open_lot()
    organisation, person = bidder()
    by = acting_as(person)
    bid_id = submitted_bid(lot, organisation)
    with write():
        pricing.save_price(bid_id, 8_000_00, 1, by)
    bid = bid_as_stored(bid_id)
    assert (bid.state, bid.edited, bid.latest.number) == (BidState.SUBMITTED, True, 1)
    with write():
        submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), by)
    bid = bid_as_stored(bid_id)
    assert (bid.edited, [each.number for each in bid.versions]) == (False, [1, 2])


def test_a_withdrawn_bid_can_be_submitted_again_before_the_deadline(app):
    lot = make_open_lot()
    organisation, person = bidder()
    by = acting_as(person)
    bid_id = submitted_bid(lot, organisation)
    with write():
        submitting.withdraw_bid(bid_id, by)
    assert bid_as_stored(bid_id).state == BidState.WITHDRAWN
    with write():
        submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), by)
    assert bid_as_stored(bid_id).state == BidState.SUBMITTED


@pytest.mark.parametrize("job_ran", [True, False])
def test_after_the_deadline_a_bid_is_late_whether_or_not_the_job_ran(app, job_ran):
    lot = make_open_lot()
    _organisation, person = bidder()
    by = acting_as(person)
    bid_id = fill_in(lot, by)
    if job_ran:
        pass_closing(lot)
    else:
        move_to(lot.closes_at)
    with pytest.raises(TooLate), write():
        submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), by)
    bid = bid_as_stored(bid_id)
    assert (bid.state, bid.versions) == (BidState.DRAFT, [])
    assert len(bid.answers) == 2


def test_a_submitted_bid_cannot_be_withdrawn_after_the_deadline(app):
    lot = make_open_lot()
    organisation, person = bidder()
    bid_id = submitted_bid(lot, organisation)
    pass_closing(lot)
    with pytest.raises(Refusal), write():
        submitting.withdraw_bid(bid_id, acting_as(person))
    assert bid_as_stored(bid_id).state == BidState.SUBMITTED


def test_while_sealed_the_audit_trail_names_nobody_of_the_bidder(app):
    lot = make_open_lot()
    organisation, person = bidder()
    bid_id = submitted_bid(lot, organisation)
    with write():
        submitting.withdraw_bid(bid_id, acting_as(person))
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.subject_id == str(bid_id))
    ).all()
    assert {event.action for event in events} >= {"bid:start", "bid:submit", "bid:withdraw"}
    assert all(event.person_id is None and event.organisation_id is None for event in events)
    assert audit.verify().holds


def test_a_submitted_version_is_never_altered(app):
    lot = make_open_lot()
    version = bid_as_stored(submitted_bid(lot)).latest
    with pytest.raises(Exception, match="append-only"), write():
        db.session.get_one(BidVersion, version.id).number = 7


def test_of_the_bidders_people_only_those_with_a_role_for_bids_see_them(app):
    lot = make_open_lot()
    organisation, _person = bidder()
    bid_id = submitted_bid(lot, organisation)
    trustee = browser_of(app, make_person(Role.TRUSTEE, organisation))
    assert f"/bids/{bid_id}" in trustee.show("/bids").links().values()
    caseworker = browser_of(app, make_person(Role.CASEWORKER, organisation))
    for path in ("/bids", f"/bids/{bid_id}", f"/bids/{bid_id}/receipt"):
        assert caseworker.get(path).status_code == 403
