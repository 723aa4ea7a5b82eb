"""Mails are posted with their change, sent once, and erased afterwards."""

import pytest
from sqlalchemy import select

from marketplace import clock, outbox
from marketplace.database import db, new_id, write
from marketplace.outbox import actions
from marketplace.outbox.models import MessageState, OutboxMessage

TEMPLATE = "marketplace/mail/test.txt"


@pytest.fixture
def letters(app, monkeypatch):
    """What was handed to the carrier."""
    sent = []
    monkeypatch.setattr(actions, "carrier", lambda settings: sent.append)
    monkeypatch.setattr(
        actions, "render_template", lambda name, **facts: f"Hello {facts['who']}\n\nAll is well.\n"
    )
    return sent


def post_one():
    with write():
        outbox.post(TEMPLATE, to="mair@example.org", facts={"who": "Siân O’Brien"})


def only_message():
    db.session.expire_all()
    return db.session.scalars(select(OutboxMessage)).one()


def test_a_mail_is_sent_once_and_its_person_erased(app, letters):
    post_one()
    assert actions.deliver_due(clock.now()) == 1
    assert actions.deliver_due(clock.now()) == 0
    assert [(mail["To"], mail["Subject"]) for mail in letters] == [
        ("mair@example.org", "Hello Siân O’Brien")
    ]
    assert "All is well." in letters[0].get_content()
    message = only_message()
    assert (message.state, message.recipient, message.facts) == (MessageState.SENT, None, None)


def test_sent_mails_do_not_say_how_many_were_written_about_one_thing(app, letters):
    subject_id = new_id()
    with write():
        outbox.post(TEMPLATE, to="mair@example.org", subject_id=subject_id, facts={"who": "x"})
    assert only_message().subject_id == subject_id, "until then it is asked whether it is wanted"
    actions.deliver_due(clock.now())
    assert only_message().subject_id is None


def test_a_mail_of_an_undone_change_is_never_sent(app, letters):
    with pytest.raises(ZeroDivisionError), write():
        outbox.post(TEMPLATE, to="mair@example.org", facts={"who": "x"})
        raise ZeroDivisionError
    assert actions.deliver_due(clock.now()) == 0


def test_after_a_failure_the_same_message_id_is_used_again(app, letters, monkeypatch):
    tried = []

    def fails_once(mail):
        tried.append(mail["Message-ID"])
        if len(tried) == 1:
            raise OSError("no route to the mail server")

    monkeypatch.setattr(actions, "carrier", lambda settings: fails_once)
    post_one()
    assert actions.deliver_due(clock.now()) == 0
    with write():
        only_message().due_at = clock.technical_now()
    assert actions.deliver_due(clock.now()) == 1
    assert len(set(tried)) == 1 and len(tried) == 2


def test_a_mail_no_longer_wanted_stays_unsent(app, letters, monkeypatch):
    monkeypatch.setitem(app.extensions["still_wanted"], TEMPLATE, lambda subject_id: False)
    post_one()
    actions.deliver_due(clock.now())
    assert letters == []
    assert only_message().state == MessageState.UNWANTED


def test_the_stored_mail_shows_no_person_in_the_database(app):
    post_one()
    row = db.session.connection().exec_driver_sql("SELECT * FROM outbox_message").one()
    assert not any("mair" in str(value) or "Siân" in str(value) for value in row)
