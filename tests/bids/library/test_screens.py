"""Earlier answers on the pages of a bid and of qualification, as the people there use them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bids.writing import actions as answering
from lots.vocabulary import Route
from marketplace.accounts.models import Person
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.organisations.models import Organisation
from tests.support import qualification
from tests.support.bid_library import ANSWERS, ASKED, answers_of, begun, lot_asking, texts_of
from tests.support.bids import bid_as_stored, bidder
from tests.support.people import acting_as, sign_in
from tests.support.statements import statements_sent

USE = "Use this answer from: Bid for {where} (1)"


@pytest.fixture
def by(app):
    organisation, person = bidder()
    return acting_as(person, organisation)


@pytest.fixture
def browser(app, client, by):
    organisation = db.session.get_one(Organisation, by.organisation_id)
    sign_in(client, db.session.get_one(Person, by.person_id), organisation)
    return client


def where_of(bid_id):
    lot = bid_as_stored(bid_id).lot
    return f"{lot.title} ({lot.reference})"


def question_page(bid_id, number=0):
    return f"/bids/{bid_id}/questions/{bid_as_stored(bid_id).lot.questions[number].id}"


def test_one_press_takes_an_answer_over_and_says_whence_and_what_has_changed(browser, by):
    first, second = begun(lot_asking(0), by, ANSWERS), begun(lot_asking(1), by)
    page = browser.show(question_page(second, 1))
    for shown in ("You have answered this before", where_of(first), "7 of 100 words", ANSWERS[1]):
        assert shown in page.text
    assert "[gone:] Whom" in page.text
    assert "[new:] Which local organisations" in page.text
    taken = browser.submit(page, USE.format(where=where_of(first))).page
    assert "The answer has been taken over" in taken.text
    assert f"taken over from: Bid for {where_of(first)}" in taken.text
    assert ANSWERS[1] in taken.text
    unread = "The answer to question 2 comes from an earlier one"
    assert unread in browser.show(f"/bids/{second}").text
    browser.submit(question_page(second, 1), "Save and continue")
    assert unread not in browser.show(f"/bids/{second}").text


def test_a_second_bid_is_filled_in_and_read_on_one_page(browser, by):
    begun(lot_asking(0), by, ANSWERS)
    second = begun(lot_asking(1, limit=4, route=Route.GRANT), by)
    page = browser.submit(f"/bids/{second}", "Fill in from your earlier answers").page
    assert page.h1 == "Read the answers taken over"
    for shown in (*ANSWERS, ASKED[0][1], "Question 2"):
        assert shown in page.text
    # Read but one, which is too long here: what was typed is kept, the rest waits on the page.
    left = browser.submit(page, "Save", text_1="We begin with listening.", read_1=True)
    assert left.status_code == 200
    assert "Take out 3 words" in left.page.text
    done = browser.submit(
        left.page, "Save", text_1="We begin with listening.", text_2="Our kitchen.", read_2=True
    ).page
    assert "Every answer that was taken over has been read" in done.text
    assert texts_of(second) == ["We begin with listening.", "Our kitchen."]
    assert (
        "Every answer of this bid has been read" in browser.show(f"/bids/{second}/taken-over").text
    )


def test_what_is_not_ticked_waits_on_the_page(browser, by):
    begun(lot_asking(0), by, ANSWERS)
    second = begun(lot_asking(1), by)
    page = browser.submit(f"/bids/{second}", "Fill in from your earlier answers").page
    left = browser.submit(page, "Save", read_1=True).page
    assert "1 answer is still to be read" in left.text
    assert left.h1 == "Read the answers taken over"
    assert ANSWERS[0] not in left.text
    assert "1 answer was taken over" in browser.show(f"/bids/{second}").text


def test_a_colleague_who_saved_meanwhile_is_shown_and_nothing_is_lost(browser, by):
    begun(lot_asking(0), by, ANSWERS)
    second = begun(lot_asking(1), by)
    page = browser.submit(f"/bids/{second}", "Fill in from your earlier answers").page
    question = answers_of(second)[0].question_id
    with write():
        answering.save_answer(second, question, "Hers.", 1, by)
    clash = browser.submit(page, "Save", text_1="Mine.", read_1=True, read_2=True)
    assert clash.status_code == 409
    assert "Hers." in clash.page.text
    assert "Mine." in clash.page.html
    assert texts_of(second)[0] == "Hers."
    browser.submit(clash.page, "Save")
    assert texts_of(second)[0] == "Mine."


def test_nothing_is_offered_to_an_organisation_that_has_answered_nothing(browser, by):
    organisation, person = bidder()
    begun(lot_asking(0), acting_as(person, organisation), ANSWERS)
    bid_id = begun(lot_asking(1), by)
    assert "Fill in from your earlier answers" not in browser.show(f"/bids/{bid_id}").text
    assert "answered this before" not in browser.show(question_page(bid_id)).text
    assert "Nothing has been answered in words yet" in browser.show("/bids/answers").text
    browser.post(f"/bids/{bid_id}/fill-in")
    assert texts_of(bid_id) == []


def test_all_our_answers_stand_on_one_page_and_are_searched(browser, by):
    first = begun(lot_asking(0), by, ANSWERS)
    page = browser.show("/bids/answers")
    for shown in (*ANSWERS, ASKED[0][1], where_of(first), "A draft begun on"):
        assert shown in page.text
    assert "/bids/answers" in browser.show("/bids").links()["See all our answers"]
    found = browser.show("/bids/answers?words=KITCHEN")
    assert ANSWERS[1] in found.text
    assert ANSWERS[0] not in found.text
    assert "No answer holds these words" in browser.show("/bids/answers?words=zebra").text
    assert browser.get("/bids/answers?words=" + "x" * 500).status_code == 200


def test_what_was_asked_in_own_words_stands_under_its_question_by_pages(browser, by):
    for number in range(6):
        begun(lot_asking(0, concepts=("", "")), by, (f"Text {number}.",))
    for number in range(11):
        begun(lot_asking(0, concepts=(f"about-{number}", "x")), by, (f"About {number}.",))
    first, second = browser.show("/bids/answers"), browser.show("/bids/answers?page=2")
    for text in ("Text 0.", "Text 5.", *(f"About {number}." for number in range(11))):
        assert (text in first.text) is not (text in second.text)
    assert ("Text 0." in first.text) is ("Text 5." in first.text)


def test_an_applicant_puts_an_answer_of_a_bid_into_the_field_and_then_saves(browser, by):
    asked = "What do you do in this field, and for whom?"
    concepts = ("what-you-do", "local-partnerships")
    begun(lot_asking(0, concepts=concepts), by, ("Warm meals for women.",))
    application_id = qualification.begun(by, "accommodation")
    url = f"/qualification/applications/{application_id}/category"
    page = browser.show(url)
    assert "What you have answered before" in page.text
    button = next(text for text in page.form("Save and continue").buttons() if "Use this" in text)
    typed = browser.submit(page, button, answer_what_you_do="Typed first.").page
    assert "has been put into its field. It is not saved yet" in typed.text
    assert asked in typed.links()
    assert "Typed first.\n\nWarm meals for women." in typed.html
    assert "Warm meals" not in browser.show(f"/qualification/applications/{application_id}").text
    browser.submit(typed, "Save and continue")
    saved = browser.show(f"/qualification/applications/{application_id}/check")
    assert "Warm meals for women." in saved.text


def test_no_row_of_the_trail_ties_who_takes_over_to_the_lot(browser, by):
    begun(lot_asking(0), by, ANSWERS)
    second = begun(lot_asking(1), by)
    browser.submit(f"/bids/{second}", "Fill in from your earlier answers")
    browser.submit(f"/bids/{second}/taken-over", "Save", read_1=True, read_2=True)
    db.session.expire_all()
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.subject_id == str(second))
    ).all()
    assert {"bid:answer_taken_over", "bid:answer_read"} <= {each.action for each in events}
    assert {(each.person_id, each.organisation_id) for each in events} == {(None, None)}


def test_the_page_of_a_question_sends_as_many_statements_whatever_was_answered(browser, by):
    second = begun(lot_asking(1), by)
    begun(lot_asking(0), by, ANSWERS)
    with statements_sent() as few:
        browser.show(question_page(second))
    for number in range(4):
        begun(lot_asking(0), by, (f"{number}", f"and {number}"))
    with statements_sent() as many:
        browser.show(question_page(second))
    assert len(many) == len(few)
