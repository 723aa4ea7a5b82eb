"""The bidder's pages of writing: task list, question, index."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bids.queries import bid_for
from bids.submitting import actions as submitting
from bids.submitting.content import DECLARATIONS
from bids.views import time_left
from bids.writing import actions
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import write
from tests.support.bid_writing import together
from tests.support.bids import bid_as_stored, bidder, fill_in, seen_of, submitted_bid
from tests.support.lots import make_open_lot, pass_closing
from tests.support.people import acting_as, browser_of, make_person
from tests.support.statements import statements_sent


def test_too_long_an_answer_is_kept_and_the_page_says_how_much_too_long(app):
    lot = make_open_lot(questions=[("How?", 3, 0), ("Where?", 9, 1)])
    _organisation, person = bidder()
    client = browser_of(app, person)
    page = client.submit(f"/opportunities/{lot.id}", "Start a bid").page
    first = client.show(page.links()["Question 1: How?"])
    answer = client.submit(first, "Save and continue", text="one two three four")
    assert "Take out 1 word." in answer.page.text
    bid = bid_as_stored(bid_for(lot.id, acting_as(person)).id)
    assert [each.text for each in bid.answers] == ["one two three four"]
    shorter = client.submit(answer.page, "Save and go back to the list", text="one two three")
    assert "3 of 3 words" in shorter.page.text


def test_a_colleagues_words_are_shown_beside_ones_own(app):
    lot = make_open_lot()
    organisation, person = bidder()
    colleague = make_person(Role.TRUSTEE, organisation)
    hers, his = browser_of(app, person), browser_of(app, colleague, organisation)
    page = hers.submit(f"/opportunities/{lot.id}", "Start a bid").page
    address = page.links()["Question 1: How will you deliver the service?"]
    both = hers.show(address), his.show(address)
    hers.submit(both[0], "Save and continue", text="Written by her")
    clash = his.submit(both[1], "Save and continue", text="Written by him")
    assert clash.status_code == 409
    assert "Written by her" in clash.page.text and "Written by him" in clash.page.text
    his.submit(clash.page, "Save and continue", text="Written by both")
    assert "Written by both" in hers.show(address).text


def test_the_task_list_is_grouped_and_says_how_far_it_has_come_and_how_long_is_left(app):
    setting = together()
    client = browser_of(app, setting.manager)
    page = client.show(setting.address)
    headings = [heading.text for heading in page.all("h3") if heading.text]
    assert headings[:2] == ["Qualification", "Answers"] and headings[-1] == "Submit"
    before = int(page.text.split(" of ")[0].split()[-1])
    client.submit(client.show(setting.question()), "Save and continue", text="Written")
    after = client.show(setting.address)
    assert int(after.text.split(" of ")[0].split()[-1]) == before + 1
    assert "days left" in after.text
    assert "Question 1 is not answered" not in after.text


def test_a_bid_that_is_ready_leads_to_submitting_and_finance_is_told_who_can(app):
    setting = together()
    fill_in(setting.lot, setting.by(setting.manager))
    assert "Check and submit" in browser_of(app, setting.manager).show(setting.address).links()
    finance = browser_of(app, setting.colleague, setting.organisation).show(setting.address)
    assert "A bid manager or trustee can submit it now." in finance.text


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=3, hours=5), "3 days left"),
        (timedelta(days=1, hours=5), "29 hours left"),
        (timedelta(minutes=61), "61 minutes left"),
        (timedelta(minutes=1, seconds=5), "1 minute left"),
        (timedelta(seconds=20), "0 minutes left"),
        (timedelta(0), ""),
        (timedelta(days=-1), ""),
    ],
)
def test_time_is_said_in_the_unit_that_says_enough(app, left, said):
    with app.test_request_context():
        assert time_left(clock.now() + left) == said


def test_the_question_says_what_it_is_for_and_leads_to_its_neighbours(app):
    setting = together()
    with write():
        question = bid_as_stored(setting.bid_id).lot.questions[0]
        question.why, question.risk = "Because people wait", "Nobody comes"
        question.guidance = "Think of the first week"
    client = browser_of(app, setting.manager)
    page = client.show(setting.question())
    for shown in (
        "Because people wait",
        "Nobody comes",
        "Think of the first week",
        "of 100 points",
    ):
        assert shown in page.text
    following = next(link for link in page.links() if link.startswith("Next question"))
    second = client.show(page.links()[following])
    assert second.h1 == "Question 2 of 2"
    assert any(link.startswith("Previous question") for link in second.links())


def test_after_the_opening_an_answer_is_read_and_not_written(app):
    from bids.opening.actions import confirm_opening

    lot = make_open_lot()
    organisation, person = bidder()
    bid_id = submitted_bid(lot, organisation)
    pass_closing(lot)
    for role in (Role.COMMISSIONING_OFFICER, Role.DIRECTOR):
        with write():
            confirm_opening(lot.id, acting_as(make_person(role, lot.lead_buyer)))
    client = browser_of(app, person)
    page = client.show(f"/bids/{bid_id}/questions/{lot.questions[0].id}")
    assert "We listen first." in page.text
    assert not page.all("textarea"), "neither an answer nor a comment can be typed"


def test_a_change_after_submitting_is_marked_and_a_comment_is_none(app):
    setting = together()
    manager = setting.by(setting.manager)
    fill_in(setting.lot, manager)
    with write():
        submitting.submit_bid(setting.bid_id, DECLARATIONS, seen_of(setting.bid_id), manager)
    client = browser_of(app, setting.manager)
    client.submit(client.show(setting.question()), "Save and add the comment", comment="Good")
    assert not bid_as_stored(setting.bid_id).edited
    client.submit(client.show(setting.question()), "Save and continue", text="Changed")
    assert "Changes not submitted" in client.show(setting.address).text


def test_the_index_is_paged_and_says_what_is_written(app):
    organisation, person = bidder()
    by = acting_as(person)
    for _number in range(26):
        lot = make_open_lot()
        with write():
            bid_id = actions.start_bid(lot.id, by).id
    with write():
        actions.save_answer(bid_id, lot.questions[0].id, "One", 0, by)
    client = browser_of(app, person)
    page = client.show("/bids")
    assert "1 of 2 answers, no price yet" in page.text and "days left" in page.text
    second = client.show("/bids?page=2")
    assert len([row for row in second.all("tr")]) == 2


def test_the_pages_cost_the_same_however_many_questions_there_are(app):
    def cost(number):
        questions = [(f"Question {each}?", 100, each % 2) for each in range(number)]
        setting = together(questions=questions)
        with write():
            for question in setting.lot.questions:
                actions.save_answer(
                    setting.bid_id, question.id, "Text", 0, setting.by(setting.manager)
                )
        client = browser_of(app, setting.manager)
        sent = []
        for page in (setting.address, setting.question(), f"{setting.address}/people"):
            client.show(page)
            with statements_sent() as statements:
                client.show(page)
            sent.append(len(statements))
        return sent

    assert cost(2) == cost(6)
