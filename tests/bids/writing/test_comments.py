"""Talking beside an answer."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from bids.submitting import actions as submitting
from bids.submitting.content import DECLARATIONS
from bids.tasks import part_of
from bids.writing import comments, sharing
from bids.writing.models import BidComment
from marketplace.database import db, write
from marketplace.permissions import NotYours
from tests.support.bid_writing import together
from tests.support.bids import bid_as_stored, bidder, fill_in, seen_of
from tests.support.mails import facts_of_last_mail, mails_to
from tests.support.people import acting_as, browser_of

SAID = "Is this true, 'really'? <b>Gŵyl</b> 🙂"


def counted():
    return db.session.scalar(select(func.count()).select_from(BidComment))


def test_colleagues_talk_beside_an_answer_and_neither_text_is_lost(app):
    setting = together()
    hers = browser_of(app, setting.manager)
    his = browser_of(app, setting.colleague, setting.organisation)
    page = hers.show(setting.question())
    said = hers.submit(page, "Save and add the comment", text="My answer", comment=SAID)
    assert SAID in said.page.text and "My answer" in said.page.html
    read = his.show(setting.question())
    assert "1 comment" in read.text and SAID in read.text
    assert "1 comment" in his.show(setting.address).text
    assert not any(
        button.startswith("Remove") for button in read.form("Save and continue").buttons()
    )


def test_a_comment_typed_and_saved_with_the_other_button_is_kept_as_well(app):
    setting = together()
    client = browser_of(app, setting.manager)
    client.submit(client.show(setting.question()), "Save and continue", text="A", comment=SAID)
    assert SAID in client.show(setting.question()).text


def test_a_comment_sent_twice_stands_once(app):
    setting = together()
    client = browser_of(app, setting.manager)
    page = client.show(setting.question())
    for _time in range(2):
        client.submit(page, "Save and add the comment", comment=SAID)
    assert counted() == 1


def test_an_empty_or_endless_comment_is_refused_and_the_answer_is_saved(app):
    setting = together()
    client = browser_of(app, setting.manager)
    page = client.show(setting.question())
    answer = client.submit(page, "Save and add the comment", text="Kept")
    assert "Enter your comment" in answer.page.text
    answer = client.submit(answer.page, "Save and add the comment", comment="x" * 2_001)
    assert "2,000 characters or fewer" in answer.page.text
    assert (counted(), bid_as_stored(setting.bid_id).answers[0].text) == (0, "Kept")


def test_one_removes_ones_own_comment_only(app):
    setting = together()
    question = setting.lot.questions[0].id
    with write():
        own = comments.add_comment(setting.bid_id, question, SAID, setting.by(setting.manager)).id
    with pytest.raises(NotYours), write():
        comments.remove_comment(setting.bid_id, own, setting.by(setting.colleague))
    _other, stranger = bidder()
    with pytest.raises(NotYours), write():
        comments.remove_comment(setting.bid_id, own, acting_as(stranger))
    client = browser_of(app, setting.manager)
    page = client.show(setting.question())
    remove = next(b for b in page.form("Save and continue").buttons() if b.startswith("Remove"))
    client.submit(page, remove, text="Typed meanwhile")
    assert (counted(), bid_as_stored(setting.bid_id).answers[0].text) == (0, "Typed meanwhile")
    client.submit(page, remove)


def test_whoever_was_given_the_question_is_told_without_a_word_of_it(app):
    setting = together()
    question = setting.lot.questions[0].id
    manager, colleague = setting.by(setting.manager), setting.by(setting.colleague)
    with write():
        sharing.give(setting.bid_id, {part_of(question): str(colleague.person_id)}, {}, manager)
        comments.add_comment(setting.bid_id, question, SAID, colleague)
        assert len(mails_to(setting.colleague.email)) == 1
        comments.add_comment(setting.bid_id, question, SAID, manager)
    assert facts_of_last_mail(setting.colleague.email) == {"bid_id": str(setting.bid_id)}
    assert not mails_to(setting.manager.email)


def test_long_talk_is_shown_by_page(app):
    setting = together()
    question = setting.lot.questions[0].id
    with write():
        for number in range(12):
            comments.add_comment(
                setting.bid_id, question, f"Thought {number:02}", setting.by(setting.manager)
            )
    client = browser_of(app, setting.manager)
    pages = [client.show(setting.question() + query).text for query in ("", "?page=2")]
    assert all("12 comments" in page for page in pages)
    shown = [set(re.findall(r"Thought \d\d", page)) for page in pages]
    assert [len(each) for each in shown] == [10, 2] and len(shown[0] | shown[1]) == 12


def test_comments_are_no_part_of_what_is_submitted_or_stored_in_the_clear(app):
    setting = together()
    manager = setting.by(setting.manager)
    with write():
        comments.add_comment(setting.bid_id, setting.lot.questions[0].id, SAID, manager)
    fill_in(setting.lot, manager)
    with write():
        submitting.submit_bid(setting.bid_id, DECLARATIONS, seen_of(setting.bid_id), manager)
    assert "really" not in bid_as_stored(setting.bid_id).latest.own_copy
    row = db.session.scalars(select(BidComment)).one()
    assert b"really" not in bytes(row.sealed_text)
    assert str(manager.person_id).encode() not in bytes(row.sealed_author)
