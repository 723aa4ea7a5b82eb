"""Two organisations write to each other through the product, without addresses, within bounds."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select, text

from bids.finder import actions, queries
from bids.finder.models import FinderMessage, FinderThread, ThreadState
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.outbox.actions import compose
from marketplace.permissions import NotYours
from marketplace.registry import waiting
from tests.support.bid_finder import entry_of, thread_between
from tests.support.mails import mails_to
from tests.support.people import (
    acting_as,
    browser_of,
    make_organisation,
    make_person,
    manager_of,
)


def stored(thread_id):
    db.session.expire_all()
    return db.session.get_one(FinderThread, thread_id)


def write_on(thread_id, words, by):
    with write():
        actions.write_message(thread_id, words, by)


def texts(thread_id):
    return [each.text for each in queries.messages(stored(thread_id)).items]


def waits(app, by):
    with app.test_request_context():
        return [item.text for fill in waiting() for item in fill(by)]


def test_a_message_reaches_the_other_organisation_and_is_answered(app):
    owner, asker = manager_of(), manager_of()
    thread_id = thread_between(owner, asker, "Shall we?")
    assert "1 message about working together to answer" in waits(app, owner)
    assert "1 message about working together to answer" not in waits(app, asker)
    with write():
        clock.set_offset(60)
    write_on(thread_id, "Gladly.", owner)
    assert texts(thread_id) == ["Gladly.", "Shall we?"]
    assert "1 message about working together to answer" in waits(app, asker)


def test_the_mail_says_that_somebody_wrote_and_nothing_else(app):
    organisation = make_organisation(name="Quince Trust")
    person = make_person(Role.BID_MANAGER, organisation, email="q@quince.example")
    make_person(Role.TRUSTEE, organisation, email="t@quince.example")
    asking = make_organisation(name="Medlar House")
    asker = acting_as(make_person(Role.BID_MANAGER, asking, name="Mo Medlar"), asking)
    thread_id = thread_between(acting_as(person, organisation), asker, "Zwetschgen for all")
    assert len(mails_to("q@quince.example")) == 1 and mails_to("t@quince.example") == []
    mail = mails_to("q@quince.example")[0]
    assert json.loads(mail.facts) == {"thread_id": str(thread_id)}
    written = compose(mail)
    whole = f"{written['Subject']}\n{written.get_content()}"
    assert f"/find-partners/messages/{thread_id}" in whole
    for word in ("Medlar", "Zwetschgen", "Quince Trust", "quince.example"):
        assert word not in whole


def test_one_mail_until_it_is_answered(app):
    organisation = make_organisation()
    person = make_person(Role.BID_MANAGER, organisation, email="one@mail.example")
    asker = manager_of()
    thread_id = thread_between(acting_as(person, organisation), asker)
    write_on(thread_id, "One more thing.", asker)
    assert len(mails_to("one@mail.example")) == 1
    write_on(thread_id, "Yes?", acting_as(person, organisation))
    write_on(thread_id, "This.", asker)
    assert len(mails_to("one@mail.example")) == 2


def test_where_nobody_manages_bids_the_trustees_are_told(app):
    organisation = make_organisation()
    trustee = make_person(Role.TRUSTEE, organisation, email="only@trustee.example")
    thread_between(acting_as(trustee, organisation), manager_of())
    assert len(mails_to("only@trustee.example")) == 1


def test_nobody_else_reads_writes_or_ends_a_conversation(app):
    thread_id, stranger = thread_between(manager_of(), manager_of()), manager_of()
    for attempt in (
        lambda: queries.own_thread(thread_id, stranger),
        lambda: actions.write_message(thread_id, "Mine", stranger),
        lambda: actions.end_thread(thread_id, stranger),
    ):
        with pytest.raises(NotYours), write():
            attempt()
    assert queries.own_threads(stranger).items == []


def test_nobody_writes_to_their_own_entry(app):
    by = manager_of()
    entry_id = entry_of(by)
    with pytest.raises(NotYours), write():
        actions.write_first(entry_id, "Hello us", by)


def test_a_colleague_who_writes_first_too_goes_on_in_the_same_conversation(app):
    organisation = make_organisation()
    owner, first, second = manager_of(), manager_of(organisation), manager_of(organisation)
    entry_id = entry_of(owner)
    with write():
        begun = actions.write_first(entry_id, "From her", first).id
    with write():
        assert actions.write_first(entry_id, "From him", second).id == begun
    assert sorted(texts(begun)) == ["From her", "From him"]
    assert db.session.scalar(select(func.count()).select_from(FinderThread)) == 1


def test_an_ended_conversation_is_ended_for_both_and_no_other_begins(app):
    owner, asker = manager_of(), manager_of()
    thread_id = thread_between(owner, asker)
    with write():
        actions.end_thread(thread_id, owner)
    assert stored(thread_id).state is ThreadState.ENDED
    for by in (owner, asker):
        with pytest.raises(Refusal, match="was ended"):
            write_on(thread_id, "Still there?", by)
        with pytest.raises(Refusal), write():
            actions.end_thread(thread_id, by)
    another = entry_of(owner)
    with pytest.raises(Refusal, match="has ended a conversation with yours"), write():
        actions.write_first(another, "Again", asker)
    assert waits(app, owner) == waits(app, asker) == []
    # Whoever ended it may still write to them.
    theirs = entry_of(asker)
    with write():
        actions.write_first(theirs, "We thought again.", owner)


def test_first_messages_are_bounded_for_a_day(app):
    asker = manager_of()
    for _number in range(actions.MOST_FIRST_MESSAGES):
        thread_between(manager_of(), asker)
    entry_id = entry_of(manager_of())
    with pytest.raises(Refusal, match="Try again tomorrow"), write():
        actions.write_first(entry_id, "One more", asker)
    with write():
        clock.set_offset(86_401)
    with write():
        actions.write_first(entry_id, "One more", asker)


def test_messages_without_an_answer_are_bounded(app):
    owner, asker = manager_of(), manager_of()
    thread_id = thread_between(owner, asker)
    for number in range(1, actions.MOST_IN_A_ROW):
        write_on(thread_id, f"Message {number}", asker)
    with pytest.raises(Refusal, match="no answer yet"):
        write_on(thread_id, "One too many", asker)
    write_on(thread_id, "Sorry, we were away.", owner)
    write_on(thread_id, "No hurry.", asker)


def test_what_is_written_is_encrypted(app):
    thread_between(manager_of(), manager_of(), "Zwetschgen")
    raw = db.session.execute(text("SELECT text FROM finder_message")).scalar_one()
    assert "Zwetschgen" not in str(raw)
    assert b"Zwetschgen" not in (raw if isinstance(raw, bytes) else str(raw).encode())


def test_two_organisations_talk_on_screen(app):
    own, other = make_organisation(name="Quince Trust"), make_organisation(name="Medlar House")
    entry_of(manager_of(own))
    asker = browser_of(app, make_person(Role.BID_MANAGER, other))
    owner = browser_of(app, make_person(Role.BID_MANAGER, own))
    page = asker.show(asker.show("/find-partners").links()["Write to Quince Trust"])
    assert page.h1 == "Write to Quince Trust"
    empty = asker.submit(page, "Send the message").page
    assert "Enter your message" in empty.text
    sent = asker.submit(page, "Send the message", text="Shall we? <b>O’Neill</b>").page
    assert sent.h1 == "Messages with Quince Trust" and "<b>O’Neill</b>" in sent.text
    twice = asker.submit(page, "Send the message", text="Shall we? <b>O’Neill</b>")
    assert db.session.scalar(select(func.count()).select_from(FinderMessage)) == 1
    assert twice.page.h1 == sent.h1
    listed = owner.show("/find-partners/messages")
    assert "To answer" in listed.text
    thread = owner.show(listed.links()["Medlar House"])
    owner.submit(thread, "Send the message", text="Gladly.")
    address = asker.show("/find-partners/messages").links()["Quince Trust"]
    assert "Gladly." in asker.show(address).text


def test_a_conversation_is_ended_on_screen(app):
    own = make_organisation(name="Quince Trust")
    thread_id = thread_between(manager_of(own), manager_of())
    owner = browser_of(app, make_person(Role.BID_MANAGER, own))
    ask = owner.show(
        owner.show(f"/find-partners/messages/{thread_id}").links()["End the conversation"]
    )
    done = owner.submit(ask, "End the conversation").page
    assert "The conversation is ended." in done.text
    ended = owner.show(f"/find-partners/messages/{thread_id}")
    assert "You ended this conversation." in ended.text and "Send the message" not in ended.text
