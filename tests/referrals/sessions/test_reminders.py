"""Reminders: only where the person agreed, once, in their language, and saying nothing."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.clock import LONDON
from marketplace.database import db, write
from marketplace.outbox import Channel
from marketplace.outbox import actions as outbox
from marketplace.outbox.models import MessageState, OutboxMessage
from referrals.answering.actions import end_early
from referrals.codes import EndReason
from referrals.delivery import sessions
from referrals.delivery.models import AskedBy
from referrals.groups import actions as groups
from referrals.reminders import sending
from referrals.reminders.actions import Agreed, consent_of, record_consent, withdraw_consent
from referrals.reminders.models import Languages, Reminder
from tests.support.competition import move_to
from tests.support.people import sign_in
from tests.support.referrals import finished_answers, send, started
from tests.support.sessions import PHONE, arranged, group_of, sessions_in

DAY = timedelta(days=1)
TEXT = Agreed(Channel.TEXT, "07700900123", Languages.ENGLISH, "01632 960001")
MAIL = Agreed(Channel.MAIL, "robin@example.org", Languages.WELSH, "01632 960001")
# Whatever gives away where the message comes from.
TELLING = ("probation", "prawf", "referral", "offend", "trosedd", "harbour", "accommodation")


@pytest.fixture
def sent(app, monkeypatch):
    """What was handed to the carrier; texts can be sent here."""
    letters = []
    carried = app.extensions["settings"].model_copy(update={"text_carrier": "console"})
    monkeypatch.setitem(app.extensions, "settings", carried)
    monkeypatch.setattr(outbox, "carrier", lambda settings: letters.append)
    return letters


@pytest.fixture
def case(house, sent):
    answers = finished_answers(
        contact={"phone": "07700 900123", "email": "", "safe_contact": "Never on Sundays"}
    )
    return started(send(house.area_id, house.by.practitioner, answers), house.by.caseworker)


def at(days, hour):
    return datetime.combine(clock.today() + days * DAY, time(hour), LONDON)


def agree(case, by, agreed=TEXT):
    with write():
        record_consent(case.id, agreed, by)


def post_due(moment):
    move_to(moment)
    return sending.remind(clock.now())


def deliver():
    db.session.expire_all()
    outbox.deliver_due(clock.now())


def reminders(sent):
    return [each for each in sent if "appointment" in str(each) or "apwyntiad" in str(each)]


def test_a_person_is_reminded_once_by_day_and_the_message_says_nothing(house, case, sent):
    by = house.by.caseworker
    morning, due, later = at(4, 9), at(4, 10), at(4, 11)
    arranged(case.id, by, at(5, 10))
    agree(case, by)
    assert sending.next_reminder(clock.now()) == due
    assert post_due(morning) == 0, "not before ten in the morning"
    assert post_due(later) == 1
    assert sending.remind(clock.now()) == 0
    deliver()
    text = reminders(sent)[0]
    assert text.to == "07700900123"
    day = sessions_in(case.id)[0].starts_at.astimezone(LONDON)
    assert f"{day:%A} {day.day} {day:%B}, 10:00" in text.body and "01632 960001" in text.body
    whole = text.body.lower()
    assert not any(word in whole for word in (*TELLING, case.name.lower(), case.reference))
    assert len(text.body) <= 160, "one text message"


def test_nobody_is_reminded_who_did_not_agree_or_no_longer_does(house, case, sent):
    by = house.by.caseworker
    arranged(case.id, by, at(2, 10))
    assert post_due(at(1, 11)) == 0
    agree(case, by)
    assert sending.remind(clock.now()) == 1
    with write():
        withdraw_consent(case.id, by)
    deliver()
    assert reminders(sent) == [], "withdrawn between the post and the sending"
    unwanted = select(OutboxMessage.state).where(OutboxMessage.template.contains("reminders"))
    assert db.session.scalars(unwanted).all() == [MessageState.UNWANTED]


def test_another_time_is_told_in_welsh_and_the_old_one_not_reminded(house, case, sent):
    by = house.by.caseworker
    first = arranged(case.id, by, at(3, 10))
    agree(case, by, MAIL)
    with write():
        sessions.move_session(case.id, first, at(4, 14), PHONE, AskedBy.PROVIDER, "Ill", by)
    assert sending.remind(clock.now()) == 1
    assert post_due(at(2, 11)) == 0
    deliver()
    mail = reminders(sent)[0]
    assert mail["To"] == "robin@example.org" and mail["Subject"] == "Amser newydd i'ch apwyntiad"
    body = mail.get_content()
    assert "14:00" in body and "10:00" in body and "ffoniwch" in body
    assert not any(word in body.lower() for word in TELLING)


def test_what_is_called_off_is_told(house, case, sent):
    by = house.by.caseworker
    agree(case, by)
    group = group_of(house.area_id, by)
    with write():
        groups.add_meetings(group, at(6, 10), 1, by)
        groups.add_people(group, [case.id], by)
    with write():
        groups.end_group(group, by)
    assert sending.remind(clock.now()) == 1
    deliver()
    assert "will not take place" in reminders(sent)[0].body


def test_who_was_reminded_yesterday_hears_that_the_case_has_ended(house, case, sent):
    by = house.by.caseworker
    arranged(case.id, by, at(2, 10))
    arranged(case.id, by, at(5, 10))
    agree(case, by)
    assert post_due(at(1, 11)) == 1
    with write():
        end_early(case.id, EndReason.MOVED, "", house.by.practitioner)
    assert sending.remind(clock.now()) == 2
    assert sending.remind(clock.now()) == 0 and sending.next_reminder(clock.now()) is None
    deliver()
    assert ["will not take place" in each.body for each in reminders(sent)] == [True, True]


def test_a_message_to_an_address_that_was_replaced_is_not_sent(house, case, sent):
    by = house.by.caseworker
    agree(case, by)
    arranged(case.id, by, at(2, 10))
    assert post_due(at(1, 11)) == 1
    agree(case, by, MAIL)
    deliver()
    assert reminders(sent) == []
    assert len(db.session.scalars(select(Reminder)).all()) == 1


def test_agreement_is_recorded_on_screen_and_can_be_withdrawn(house, case, client):
    sign_in(client, house.people["caseworker"])
    url = f"/cases/{case.id}/reminders"
    page = client.show(url)
    assert "Never on Sundays" in page.text
    fields = {"channel": "text", "mobile": "01632 960001", "language": "en", "call": "999"}
    page = client.submit(page, "Record that they agree", fields=fields).page
    for sentence in (
        "Enter a UK mobile number",
        "Enter a UK phone number",
        "Confirm that the person has agreed",
        "follows the safe contact instructions",
    ):
        assert sentence in page.text
    assert consent_of(case.id) is None
    fields = {"mobile": "+44 7700 900 123", "call": "01632 960001"}
    client.submit(page, "Record that they agree", fields=fields, agreed=True, is_safe=True)
    assert consent_of(case.id).address == "+447700900123"
    assert "recorded by" in client.show(url).text
    client.submit(url, "Stop the reminders")
    db.session.expire_all()
    assert consent_of(case.id) is None
    rows = db.session.connection().exec_driver_sql("SELECT * FROM referral_reminder_consent")
    assert not any("7700" in str(value) for row in rows for value in row)
