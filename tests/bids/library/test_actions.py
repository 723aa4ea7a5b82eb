"""Taking answers over and reading them: nothing of anybody's is lost, nothing goes out unread."""

from __future__ import annotations

import pytest

from bids.library import actions
from bids.library.actions import Read
from bids.library.queries import answered
from bids.models import BidState
from bids.price import actions as pricing
from bids.submitting import actions as submitting
from bids.submitting.content import DECLARATIONS
from bids.working import LEAST_LETTERS, TooLong, TypedMeanwhile
from bids.writing import actions as answering
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours, Refused
from tests.support.bid_library import ANSWERS, ASKED, answers_of, begun, lot_asking, texts_of
from tests.support.bids import COSTS, PRICE, bid_as_stored, bidder, opened_competition, seen_of
from tests.support.people import acting_as, make_person


@pytest.fixture
def by(app):
    organisation, person = bidder()
    return acting_as(person, organisation)


def second_bid(by, answers=ANSWERS, **facts):
    """A bid that was written once, and an empty one for a lot that asks in other words."""
    first = begun(lot_asking(0), by, answers)
    return first, begun(lot_asking(1, **facts), by)


def key_of(by, text):
    return next(each.key for each in answered(by) if each.text == text)


def taken(bid_id, by, number=0, text=ANSWERS[0], seen=0):
    question = bid_as_stored(bid_id).lot.questions[number].id
    with write():
        actions.take_over(bid_id, question, key_of(by, text), seen, by)
    return next(each for each in answers_of(bid_id) if each.question_id == question)


def test_a_second_bid_is_filled_in_by_concept_and_waits_to_be_read(by):
    first, second = second_bid(by)
    with write():
        assert actions.fill_in(second, by) == 2
    assert texts_of(second) == list(ANSWERS)
    for answer, (_concept, then, _now) in zip(answers_of(second), ASKED, strict=True):
        assert answer.unreviewed
        assert (answer.origin.source_id, answer.origin.wording) == (first, then)
        assert bid_as_stored(first).lot.reference in answer.origin.where
    with write():
        assert actions.fill_in(second, by) == 0


def test_filling_in_leaves_alone_what_somebody_wrote(by):
    _first, second = second_bid(by)
    question = bid_as_stored(second).lot.questions[0].id
    with write():
        answering.save_answer(second, question, "Our own words.", 0, by)
    with write():
        assert actions.fill_in(second, by) == 1
    assert texts_of(second) == ["Our own words.", ANSWERS[1]]


def test_one_answer_does_not_fill_two_questions(by):
    lot = lot_asking(0)
    begun(lot, by, ANSWERS[:1])
    twice = begun(lot_asking(0, concepts=("delivery-model", "delivery-model")), by)
    with write():
        assert actions.fill_in(twice, by) == 1


def test_own_words_stay_above_what_is_taken_over(by):
    _first, second = second_bid(by)
    question = bid_as_stored(second).lot.questions[0].id
    with write():
        answering.save_answer(second, question, "Our own words.", 0, by)
    answer = taken(second, by, seen=1)
    assert (answer.text, answer.unreviewed) == (f"Our own words.\n\n{ANSWERS[0]}", True)


def test_another_choice_replaces_a_text_in_which_nobody_has_written(by):
    begun(lot_asking(0), by, ("Another.",))
    _first, second = second_bid(by)
    taken(second, by, text="Another.")
    assert taken(second, by, seen=1).text == ANSWERS[0]


def test_no_answer_grows_without_end(by):
    half = "x" * (LEAST_LETTERS // 2)
    _first, second = second_bid(by, (half,))
    question = bid_as_stored(second).lot.questions[0].id
    with write():
        answering.save_answer(second, question, "y" * len(half), 0, by)
    with pytest.raises(TooLong):
        taken(second, by, text=half, seen=1)
    with pytest.raises(TooLong), write():
        actions.review(second, as_read(second, text="z" * (LEAST_LETTERS + 1)), by)
    assert texts_of(second) == ["y" * len(half)]


def test_what_a_colleague_saved_meanwhile_is_not_written_over(by):
    _first, second = second_bid(by)
    question = bid_as_stored(second).lot.questions[0].id
    with write():
        answering.save_answer(second, question, "Hers.", 0, by)
    with pytest.raises(TypedMeanwhile):
        taken(second, by, seen=0)
    assert texts_of(second)[0] == "Hers."


def test_a_bid_with_an_answer_that_nobody_read_is_not_submitted(by):
    _first, second = second_bid(by)
    priced(second, by)
    with write():
        actions.fill_in(second, by)
    with pytest.raises(Refusal, match="comes from an earlier one"), write():
        submitting.submit_bid(second, DECLARATIONS, seen_of(second), by)
    with write():
        left = actions.review(second, as_read(second), by)
    assert left == {}
    with write():
        submitting.submit_bid(second, DECLARATIONS, seen_of(second), by)
    assert bid_as_stored(second).state == BidState.SUBMITTED


def priced(bid_id, by):
    with write():
        pricing.save_price(bid_id, PRICE, 0, by)
        pricing.save_costs(bid_id, COSTS, 0, by)


def as_read(bid_id, **changed):
    return {
        each.question_id: Read(**{"text": each.text, "seen": each.edition, "read": True} | changed)
        for each in answers_of(bid_id)
    }


def test_an_edit_is_kept_without_the_tick_and_stays_to_be_read(by):
    _first, second = second_bid(by, ANSWERS[:1])
    answer = taken(second, by)
    with write():
        actions.review(second, as_read(second, text="Fitted.", read=False), by)
    [answer] = answers_of(second)
    assert (answer.text, answer.unreviewed, answer.edition) == ("Fitted.", True, 2)
    # It is the reader's own text by now: another choice goes below it.
    assert taken(second, by, seen=2).text == f"Fitted.\n\n{ANSWERS[0]}"


def test_saving_on_the_questions_page_counts_as_read_and_saving_by_itself_does_not(by):
    _first, second = second_bid(by)
    answer = taken(second, by)
    for read in (False, True):
        with write():
            answering.save_answer(second, answer.question_id, answer.text, 1, by, read=read)
        assert answers_of(second)[0].unreviewed is not read


def test_a_reviewers_clash_keeps_the_colleagues_words_and_saves_the_rest(by):
    _first, second = second_bid(by)
    with write():
        actions.fill_in(second, by)
    mine = as_read(second, text="Mine.")
    question = bid_as_stored(second).lot.questions[0].id
    with write():
        answering.save_answer(second, question, "Hers.", 1, by)
    with write():
        clashes = actions.review(second, mine, by)
    assert {each.theirs for each in clashes.values()} == {"Hers."}
    assert texts_of(second) == ["Hers.", "Mine."]


def test_no_provenance_leaves_with_the_sealed_bid(by):
    first, second = second_bid(by)
    priced(second, by)
    with write():
        actions.fill_in(second, by)
    with write():
        actions.review(second, as_read(second), by)
    with write():
        submitting.submit_bid(second, DECLARATIONS, seen_of(second), by)
    copy = bid_as_stored(second).latest.own_copy
    earlier = bid_as_stored(first)
    for known in (str(first), earlier.lot.reference, ASKED[0][1]):
        assert known not in copy


def test_only_the_bidders_own_people_take_over_into_a_bid_that_is_not_opened(by):
    _first, second = second_bid(by)
    organisation, person = bidder()
    stranger = acting_as(person, organisation)
    begun(lot_asking(0), stranger, ANSWERS)
    with pytest.raises(NotYours):
        taken(second, stranger)
    with pytest.raises(NotYours), write():
        actions.fill_in(second, stranger)
    caseworker = acting_as(make_person(Role.CASEWORKER))
    with pytest.raises((NotYours, Refused)), write():
        actions.review(second, {}, caseworker)
    competition = opened_competition()
    opened = bid_as_stored(competition.bids[0])
    organisation = db.session.get_one(Organisation, opened.organisation_id)
    owner = acting_as(make_person(Role.BID_MANAGER, organisation), organisation)
    with pytest.raises(Refusal, match="has been opened"), write():
        actions.fill_in(opened.id, owner)


def test_an_answer_of_another_organisation_cannot_be_named(by):
    organisation, person = bidder()
    stranger = acting_as(person, organisation)
    begun(lot_asking(0), stranger, ("Theirs alone.",))
    _first, second = second_bid(by)
    question = bid_as_stored(second).lot.questions[0].id
    with pytest.raises(Refusal), write():
        actions.take_over(second, question, key_of(stranger, "Theirs alone."), 0, by)
    assert texts_of(second) == []
