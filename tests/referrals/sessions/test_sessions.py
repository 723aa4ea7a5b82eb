"""Sessions: where and when, another time, what came of one, concerns until they are read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.areas.queries import offices_on
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import NotYours, Refused
from referrals.delivery import concerns, feedback, sessions
from referrals.delivery.feedback import Feedback
from referrals.delivery.models import (
    AskedBy,
    Attendance,
    ConcernKind,
    Heard,
    Method,
    NotHeld,
    Response,
)
from referrals.delivery.session_queries import clashes
from referrals.delivery.venues import Venue
from referrals.models import ClockKind, ReferralClock
from tests.support.people import sign_in
from tests.support.referrals import again, completed, send, started
from tests.support.sessions import PHONE, arranged, concern_about, sessions_in

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CAME = Feedback(Attendance.ATTENDED, "Talked", response=Response.WELL)


@pytest.fixture
def case(house):
    return started(send(house.area_id, house.by.practitioner), house.by.caseworker)


def dated(moment):
    local = moment.astimezone(clock.LONDON)
    day = {"day-day": local.day, "day-month": local.month, "day-year": local.year}
    return {**day, "time": local.strftime("%H:%M")}


def mails(template):
    found = select(OutboxMessage).where(OutboxMessage.template == f"referrals/mail/{template}.txt")
    return db.session.scalars(found).all()


def move(case, session_id, by, starts_at):
    with write():
        return sessions.move_session(
            case.id, session_id, starts_at, PHONE, AskedBy.PERSON, "Has an interview", by
        ).id


def feedback_clock(session_id):
    return db.session.scalars(
        select(ReferralClock).where(
            ReferralClock.session_id == session_id, ReferralClock.kind == ClockKind.FEEDBACK
        )
    ).one()


def test_a_moved_session_stays_points_on_and_is_told_to_both_sides(house, case, client):
    by = house.by.caseworker
    first = arranged(case.id, by, clock.now() + DAY)
    second = move(case, first, by, clock.now() + 2 * DAY)
    third = move(case, second, by, clock.now() + 3 * DAY)
    chain = sessions_in(case.id)
    assert [(each.id, each.moved_to_id) for each in chain] == [
        (first, second),
        (second, third),
        (third, None),
    ]
    assert [each.is_ahead for each in chain] == [False, False, True]
    assert len(mails("session_moved")) == 2
    with pytest.raises(Refusal, match="recorded, moved or cancelled"):
        move(case, first, by, clock.now() + 4 * DAY)
    for who in ("practitioner", "caseworker"):
        sign_in(client, house.people[who])
        text = client.show(f"/cases/{case.id}/sessions").text
        assert text.count("the person asked. Has an interview") == 2


def test_a_session_whose_time_has_come_is_not_moved(house, case):
    by = house.by.caseworker
    session_id = arranged(case.id, by, clock.now() - HOUR / 60)
    with pytest.raises(Refusal, match="Record what came of it"):
        move(case, session_id, by, clock.now() + DAY)
    other = started(send(house.area_id, house.by.practitioner), by)
    with pytest.raises(NotYours):
        move(other, session_id, by, clock.now() + DAY)


def test_a_session_can_move_somewhere_else_at_the_same_time(house, case):
    at = clock.now() + DAY
    moved = move(case, arranged(case.id, house.by.caseworker, at), house.by.caseworker, at)
    assert [each.id for each in sessions_in(case.id) if each.is_ahead] == [moved]


def test_the_limits_of_a_session(house, case):
    by = house.by.caseworker
    with pytest.raises(Refusal, match="six months"):
        arranged(case.id, by, clock.now() + timedelta(days=184))
    with pytest.raises(Refusal, match="before the referral was sent"):
        arranged(case.id, by, clock.now() - DAY)
    with pytest.raises(Refusal, match="from the list"):
        arranged(case.id, by, venue=Venue(Method.IN_PERSON_OFFICE, office_code="nowhere"))


def test_feedback_is_due_the_same_day_and_stops_when_recorded(house, case):
    by = house.by.caseworker
    session_id = arranged(case.id, by)
    running = feedback_clock(session_id)
    assert running.due_on == clock.today() and running.stopped_on is None
    with write():
        feedback.record_session(case.id, session_id, CAME, by)
    db.session.expire_all()
    assert feedback_clock(session_id).stopped_on == clock.today()


@pytest.mark.parametrize(
    ("answers", "stored"),
    [
        (
            {"happened": "yes", "late": "yes", "late_reason": "Bus", "response": "partly"}
            | {"done": "Filled in the form"},
            (Attendance.LATE, None, None, "Filled in the form"),
        ),
        (
            {"happened": "no", "came": "yes", "not_held": "logistics", "why": "No room"},
            (Attendance.NOT_HELD, NotHeld.LOGISTICS, None, "No room"),
        ),
        (
            {"happened": "no", "came": "no", "heard": "nothing", "known": "Rang twice"}
            # What belongs to another branch is not taken over.
            | {"done": "Hidden", "not_held": "acceptable"},
            (Attendance.ABSENT, None, Heard.NOTHING, "Rang twice"),
        ),
    ],
)
def test_the_tree_of_feedback(house, case, client, answers, stored):
    session_id = arranged(case.id, house.by.caseworker)
    sign_in(client, house.people["caseworker"])
    url = f"/cases/{case.id}/sessions/{session_id}"
    fields = {**answers, "tell": ["nothing"]}
    assert "is recorded" in client.submit(url, "Record the session", fields=fields).page.text
    session = sessions_in(case.id)[0]
    assert stored == (session.attendance, session.not_held, session.heard, session.feedback)


def test_each_branch_asks_for_its_own_answers(house, case, client):
    session_id = arranged(case.id, house.by.caseworker)
    sign_in(client, house.people["caseworker"])
    url = f"/cases/{case.id}/sessions/{session_id}"
    fields = {"happened": "no", "came": "no", "tell": ["concern", "nothing"]}
    page = client.submit(url, "Record the session", fields=fields).page
    for sentence in ("Select what you have heard", "Enter what you know", "Select either"):
        assert sentence in page.text
    assert sessions_in(case.id)[0].is_ahead


def test_a_session_of_an_earlier_day_carries_what_came_of_it(house, client):
    by = house.by.caseworker
    case = started(send(house.area_id, house.by.practitioner), by)
    yesterday = clock.now() - DAY
    with write():
        db.session.get_one(type(case), case.id).sent_at = clock.now() - 3 * DAY
    with pytest.raises(Refusal, match="already taken place"):
        arranged(case.id, by, yesterday)
    sign_in(client, house.people["caseworker"])
    fields = {**dated(yesterday), "minutes": "45", "method": "in_person_other"}
    page = client.submit(f"/cases/{case.id}/sessions/new", "Arrange the session", fields=fields)
    assert "Enter a full UK postcode" not in page.page.text
    assert "Enter the postcode" in page.page.text
    fields |= {"line_1": "Tŷ Hafan", "town": "Caerdydd", "postcode": "cf101aa"}
    page = client.submit(page.page, "Arrange the session", fields=fields).page
    assert "What came of this session?" in page.text and sessions_in(case.id) == []
    fields = {"happened": "yes", "late": "no", "response": "well", "tell": ["nothing"]}
    page = client.submit(page, "Record the session", fields=fields).page
    assert "Enter what you did" in page.text
    client.submit(page, "Record the session", fields={"done": "Talked 🙂"})
    stored = sessions_in(case.id)[0]
    assert (stored.attendance, stored.feedback) == (Attendance.ATTENDED, "Talked 🙂")
    assert stored.address == "Tŷ Hafan\nCaerdydd\nCF10 1AA" and stored.minutes == 45


def test_a_clash_is_a_warning_that_can_be_passed(house, case, client):
    by = house.by.caseworker
    at = (clock.now() + 2 * DAY).replace(minute=0, second=0, microsecond=0)
    arranged(case.id, by, at, Venue(Method.PHONE, 90))
    assert clashes(case, at + HOUR, 30, by) == ["The person has another session at this time."]
    assert clashes(case, at + 2 * HOUR, 30, by) == []
    assert clashes(case, at - HOUR, 60, by) == []
    sign_in(client, house.people["second_caseworker"])
    office = offices_on(clock.today(), "K")[0].code
    fields = {**dated(at + HOUR), "method": "in_person_office", "office": office}
    page = client.submit(f"/cases/{case.id}/sessions/new", "Arrange the session", fields=fields)
    assert "another session at this time" in page.page.text and len(sessions_in(case.id)) == 1
    later = client.submit(page.page, "Arrange it anyway", fields=dated(at + HOUR / 2)).page
    assert "another session at this time" in later.text, "a warning is about one time"
    client.submit(later, "Arrange it anyway")
    assert len(sessions_in(case.id)) == 2 and sessions_in(case.id)[1].office_code == office


def test_a_concern_stays_open_until_the_practitioner_has_read_it(house, case, client):
    by = house.by.caseworker
    session_id = arranged(case.id, by)
    told = {ConcernKind.CONCERN: "Sleeps rough", ConcernKind.BEHAVIOUR: "Shouted"}
    said = Feedback(Attendance.ATTENDED, "Talked", concerns=told)
    with write():
        feedback.record_session(case.id, session_id, said, by)
    assert len(mails("concern")) == 1
    sign_in(client, house.people["practitioner"])
    assert "1 concern to read" in client.show("/").text
    page = client.show(f"/cases/{case.id}")
    assert "2 concerns to read and acknowledge" in page.text
    page = client.show(f"/cases/{case.id}/sessions")
    for button in [each for each in page.buttons() if each.startswith("I have read this")]:
        client.submit(page, button)
        client.submit(page, button)  # a second press changes nothing
    assert "to read and acknowledge" not in client.show(f"/cases/{case.id}").text
    assert "concern to read" not in client.show("/").text
    sign_in(client, house.people["caseworker"])
    assert "Acknowledged by" in client.show(f"/cases/{case.id}/sessions").text


def test_whose_case_it_is_not_acknowledges_nothing(house, case):
    concern_id = concern_about(case.id, house.by.caseworker)
    for by, refusal in (
        (house.by.caseworker, Refused),
        (house.by.stranger, NotYours),
        (house.by.rival, NotYours),
    ):
        with pytest.raises(refusal), write():
            concerns.acknowledge(case.id, concern_id, by)
    other = started(send(house.area_id, house.by.practitioner), house.by.caseworker)
    with pytest.raises(NotYours), write():
        concerns.acknowledge(other.id, concern_id, house.by.practitioner)


def test_what_was_recorded_is_added_to_and_never_changed(house, case, client):
    by = house.by.caseworker
    session_id = arranged(case.id, by)
    with pytest.raises(Refusal, match="Nothing is recorded"), write():
        feedback.add_to_session(case.id, session_id, "More", {}, by)
    with write():
        feedback.record_session(case.id, session_id, CAME, by)
    sign_in(client, house.people["caseworker"])
    url = f"/cases/{case.id}/sessions/{session_id}/add"
    fields = {"text": "It was 10 o’clock", "tell": ["concern"], "concern": "Owes rent"}
    page = client.show(url)
    assert client.submit(page, "Add", fields=fields, follow=False).status_code == 303
    assert client.submit(page, "Add", fields=fields, follow=False).status_code == 409
    text = client.show(f"/cases/{case.id}/sessions").text
    assert "Talked" in text and text.count("It was 10 o’clock") == 1 and "Owes rent" in text
    assert len(mails("concern")) == 1


def test_a_form_opened_before_the_case_ended_is_answered_and_nothing_is_lost(house, case, client):
    by = house.by.caseworker
    session_id = arranged(case.id, by)
    sign_in(client, house.people["caseworker"])
    page = client.show(f"/cases/{case.id}/sessions/{session_id}")
    with write():
        feedback.record_session(case.id, session_id, CAME, by)
    assert again(case.id).ended_at is None
    fields = {"happened": "no", "came": "no", "heard": "after", "known": "<b>x</b>" * 400}
    answer = client.submit(page, "Record the session", fields={**fields, "tell": ["nothing"]})
    assert "has been recorded already" in answer.page.text
    assert "<b>x</b>" in answer.page.text, "what was typed is still there"
    assert sessions_in(case.id)[0].attendance == Attendance.ATTENDED


def test_an_ended_case_takes_no_sessions_and_is_still_read(house, client):
    case = completed(send(house.area_id, house.by.practitioner), house.by.caseworker)
    sign_in(client, house.people["caseworker"])
    assert "Arrange a session" not in client.show(f"/cases/{case.id}/sessions").text
    fields = {**dated(clock.now() + DAY), "method": "phone"}
    page = client.submit(f"/cases/{case.id}/sessions/new", "Arrange the session", fields=fields)
    assert "after the referral is accepted, until it ends" in page.page.text
