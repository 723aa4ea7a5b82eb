"""Groups: who is in one, its timetable, who came, and what is seen of it on a case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lots.contracts.models import ContractArea
from marketplace import clock
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours
from referrals import clocks
from referrals.delivery import sessions
from referrals.delivery.models import AskedBy, Attendance
from referrals.groups import actions, queries
from referrals.groups.actions import Came
from referrals.groups.models import GroupMeeting
from referrals.models import ClockKind
from tests.support.competition import move_to
from tests.support.people import sign_in
from tests.support.referrals import finished_answers, send, started
from tests.support.sessions import PHONE, arranged, group_of, meetings, sessions_in
from tests.support.statements import statements_sent


@pytest.fixture
def cases(house):
    with write():
        area = db.session.get_one(ContractArea, house.area_id)
        area.places = area.contracted_places = 5
    names = ("Robin Example", "Siân O’Brien", "Third Person")
    return [
        started(
            send(
                house.area_id,
                house.by.practitioner,
                finished_answers(name={"name": name}, crn={"crn": f"X12345{number}"}),
            ),
            house.by.caseworker,
        )
        for number, name in enumerate(names)
    ]


@pytest.fixture
def group(house):
    return group_of(house.area_id, house.by.caseworker, capacity=2)


def join(group, by, *cases):
    with write():
        return actions.add_people(group, [each.id for each in cases], by)


def test_one_timetable_for_all_and_no_more_people_than_there_is_room(house, cases, group):
    by = house.by.caseworker
    meetings(group, by, weeks=3)
    assert join(group, by, cases[0]) == 1
    meetings(group, by, weeks=5)
    first, second, third = cases
    assert join(group, by, first, second) == 1
    times = {each.starts_at for each in sessions_in(first.id)}
    assert len(sessions_in(first.id)) == len(times) and len(times) in (5, 8)
    assert {each.starts_at for each in sessions_in(second.id)} == times
    with pytest.raises(Refusal, match="room for 0 more"):
        join(group, by, third)
    assert sessions_in(third.id) == []


def test_who_leaves_has_no_further_meetings_and_their_place_is_free(house, cases, group):
    by = house.by.manager
    meetings(group, by, weeks=2)
    join(group, by, cases[0], cases[1])
    for _each in range(2):
        with write():
            actions.take_out(group, cases[0].id, by)
    assert [bool(each.cancelled_at) for each in sessions_in(cases[0].id)] == [True, True]
    assert [bool(each.cancelled_at) for each in sessions_in(cases[1].id)] == [False, False]
    assert join(group, by, cases[2]) == 1
    with write():
        actions.end_group(group, by)
    assert [bool(each.cancelled_at) for each in sessions_in(cases[1].id)] == [True, True]
    with pytest.raises(Refusal, match="has ended"):
        join(group, by, cases[0])


def test_many_weeks_cost_no_more_statements_than_one(house, cases, group):
    by = house.by.caseworker
    meetings(group, by)
    with statements_sent() as for_one:
        join(group, by, cases[0])
    meetings(group, by, weeks=20)
    with statements_sent() as for_many:
        join(group, by, cases[1])
    with statements_sent() as of_dates, write():
        actions.add_meetings(group, clock.now() + timedelta(days=3), 20, by)
    assert len(for_many) == len(for_one)
    assert len(of_dates) <= len(for_one)
    for case in cases[:2]:
        running = [
            (each.kind, each.stopped_on)
            for each in clocks.clocks_of(case.id)
            if each.kind in (ClockKind.FEEDBACK, ClockKind.CONTACT)
        ]
        assert running.count((ClockKind.FEEDBACK, None)) == len(sessions_in(case.id)) >= 40
        assert (ClockKind.CONTACT, clock.today()) in running


def test_another_service_and_another_provider_stay_out(house, cases, group):
    with pytest.raises(NotYours):
        group_of(house.area_id, house.by.rival)
    with pytest.raises(NotYours):
        join(group, house.by.rival, cases[0])
    with write():
        actions.add_meetings(group, clock.now() + timedelta(days=1), 1, house.by.caseworker)
    meeting = db.session.scalars(select(GroupMeeting.id)).one()
    with pytest.raises(NotYours), write():
        actions.record_meeting(group, meeting, {}, house.by.rival)


def test_a_meeting_is_not_moved_for_one_nor_arranged_over_a_session(house, cases, group):
    by = house.by.caseworker
    meeting_id = meetings(group, by)[0]
    at = db.session.get_one(GroupMeeting, meeting_id).starts_at
    arranged(cases[0].id, by, at)
    with pytest.raises(Refusal, match=cases[0].reference):
        join(group, by, cases[0])
    join(group, by, cases[1])
    session = sessions_in(cases[1].id)[0]
    with pytest.raises(Refusal, match="meeting of a group"), write():
        sessions.move_session(
            cases[1].id, session.id, at + timedelta(days=1), PHONE, AskedBy.PERSON, "x", by
        )


def test_attendance_for_all_on_one_screen_and_nobody_else_on_a_case(house, cases, group, client):
    by = house.by.caseworker
    meeting_id = meetings(group, by)[0]
    join(group, by, cases[0], cases[1])
    sign_in(client, house.people["caseworker"])
    url = f"/groups/{group}/meetings/{meeting_id}"
    assert "has not taken place yet" in client.show(url).text
    move_to(clock.now() + timedelta(days=1, hours=1))
    page = client.show(url)
    one, other = (sessions_in(each.id)[0] for each in cases[:2])
    fields = {f"came_{one.id.hex}": "attended", f"note_{one.id.hex}": "Led the <b>talk</b>"}
    assert (
        "Recorded for 1 person" in client.submit(page, "Record who came", fields=fields).page.text
    )
    # The stale page again: what is recorded stays, the rest is taken.
    again = {f"came_{one.id.hex}": "absent", f"came_{other.id.hex}": "absent"}
    answer = client.submit(page, "Record who came", fields=again)
    assert "Recorded for 1 person" in answer.page.text
    assert [sessions_in(each.id)[0].attendance for each in cases[:2]] == [
        Attendance.ATTENDED,
        Attendance.ABSENT,
    ]
    for who in ("caseworker", "practitioner"):
        sign_in(client, house.people[who])
        text = client.show(f"/cases/{cases[0].id}/sessions").text
        assert "Group session" in text and "Led the <b>talk</b>" in text
        assert "Siân" not in text and "Tenancy skills" not in text


def test_a_restricted_member_is_counted_and_not_named(house, cases, group):
    by = house.by.manager
    restricted = {"restricted": {"is_restricted": "yes", "named": ""}}
    hidden = started(send(house.area_id, house.by.practitioner, finished_answers(**restricted)), by)
    join(group, by, hidden, cases[0])
    meeting_id = meetings(group, by)[0]
    seen, total = queries.members(group, house.by.second_caseworker)
    assert ([each.id for each in seen], total) == ([cases[0].id], 2)
    expected = queries.expected_at(meeting_id, house.by.second_caseworker)
    assert [case.id for _session, case in expected] == [cases[0].id]
    move_to(clock.now() + timedelta(days=2))
    secret = sessions_in(hidden.id)[0].id
    with write():
        said = {secret: Came(Attendance.ABSENT, "")}
        done = actions.record_meeting(group, meeting_id, said, house.by.second_caseworker)
    assert done == 0 and sessions_in(hidden.id)[0].is_ahead


def test_a_group_is_made_filled_and_dated_on_screen(house, cases, client):
    sign_in(client, house.people["manager"])
    fields = {"name": "Nos Fawrth 🙂", "service": str(house.area_id), "capacity": "6"}
    page = client.submit("/groups/new", fields={**fields, "method": "video"}).page
    assert page.h1 == "Nos Fawrth 🙂"
    url = page.url.split("?")[0]
    people = [str(each.id) for each in cases[:2]]
    assert "2 people joined" in client.submit(f"{url}/people", people=people).page.text
    day = clock.today() + timedelta(days=7)
    on = {"day-day": day.day, "day-month": day.month, "day-year": day.year}
    page = client.submit(f"{url}/meetings", fields={**on, "time": "2pm", "weeks": "4"}).page
    assert "4 meetings are added" in page.text
    assert len(sessions_in(cases[0].id)) == 4
    local = [each.starts_at.astimezone(clock.LONDON).hour for each in sessions_in(cases[0].id)]
    assert set(local) == {14}, "the same time of day, also when the clocks change"
    assert "Nos Fawrth" in client.show("/groups").text
