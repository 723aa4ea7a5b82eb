"""The plan on screen: written by one side, read and commented on by the other, lost by nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace import clock
from tests.support.plans import drafted, planned, read_draft
from tests.support.referrals import concluding, outcome_ids, send, started

HOSTILE = "Dŵr O’Neill 😀 שלום <b>&amp;</b>"


@pytest.fixture
def case(house):
    return started(send(house.area_id, house.by.practitioner), house.by.caseworker)


def activity(words=HOSTILE, kind="other"):
    due = clock.today() + timedelta(days=20)
    chosen = {"kind": kind, "doer": "both", "frequency": "weekly", "method": "phone"}
    parts = {"by_on-day": due.day, "by_on-month": due.month, "by_on-year": due.year}
    return {**chosen, "words": words, **{name: str(part) for name, part in parts.items()}}


def test_a_plan_is_written_sent_read_and_commented_on(house, user, case):
    url = f"/cases/{case.id}/plan"
    caseworker, practitioner = user("caseworker"), user("practitioner")
    page = caseworker.submit(url, "Write the action plan").page
    assert "Add at least one activity for every outcome." in page.text
    for outcome_id in outcome_ids(case.id):
        add = f"{url}/outcomes/{outcome_id}/add"
        answer = caseworker.submit(add, "Save the activity", fields=activity(words=""))
        assert "Say in words what the activity is" in answer.page.text
        caseworker.submit(add, "Save the activity", fields=activity())
    page = caseworker.submit(f"{url}/sessions", "Save", fields={"sessions": "6"}).page
    assert page.text.count(f"Change {HOSTILE}") == 2
    assert "No plan has been sent yet" in practitioner.show(url).text
    assert "Version 1" in caseworker.submit(page, "Send the plan").page.text
    read = practitioner.show(url)
    assert HOSTILE in read.text and "6 sessions in all" in read.text
    page = practitioner.submit(f"{url}/comment", "Send the comment", text="Afternoons, please").page
    assert "Afternoons, please" in page.text and "Begin a new version" not in page.text
    assert "Afternoons, please" in caseworker.show(url).text


def test_of_two_who_change_one_activity_the_second_sees_both(house, user, case):
    drafted(case.id, house.by.caseworker)
    first, second = user("caseworker"), user("second_caseworker")
    stored = read_draft(case.id).activities[0]
    url = f"/cases/{case.id}/plan/activities/{stored.id}/of/{stored.outcome_id}"
    left_open = second.show(url)
    first.submit(url, "Save the activity", fields=activity("What the first wrote"))
    answer = second.submit(left_open, "Save the activity", fields=activity("What I wrote"))
    assert answer.status_code == 409
    assert "What the first wrote" in answer.page.text and "What I wrote" in answer.page.html
    page = second.submit(answer.page, "Save the activity").page
    assert "What I wrote" in page.text, "saving again, having seen both"
    left_open = second.show(url)
    first.submit(f"/cases/{case.id}/plan/draft", "Remove What I wrote")
    answer = second.submit(left_open, "Save the activity", fields=activity("Kept all the same"))
    assert "Somebody else removed" in answer.page.text
    page = second.submit(answer.page, "Save the activity").page
    assert "Kept all the same" in page.text


def test_a_form_of_a_plan_left_open_keeps_its_words_when_the_plan_was_sent(house, user, case):
    found = drafted(case.id, house.by.caseworker)
    outcome_id = found.activities[0].outcome_id
    caseworker = user("caseworker")
    left_open = caseworker.show(f"/cases/{case.id}/plan/outcomes/{outcome_id}/add")
    user("second_caseworker").submit(f"/cases/{case.id}/plan/draft", "Send the plan")
    answer = caseworker.submit(left_open, "Save the activity", fields=activity("Too late"))
    assert answer.status_code == 409 and "Too late" in answer.page.html
    assert "Begin a new version" in answer.page.text


def test_another_case_s_ids_are_not_found(house, user, case):
    other = started(send(house.area_id, house.by.practitioner), house.by.caseworker)
    planned(case.id, house.by.caseworker)
    theirs = drafted(other.id, house.by.caseworker).activities[0]
    caseworker = user("caseworker")
    plan = f"/cases/{case.id}/plan"
    for path in (f"{plan}/outcomes/{theirs.outcome_id}/add", f"{plan}/versions/7"):
        assert caseworker.get(path).status_code == 404, path
    for name in ("rival", "stranger", "colleague"):
        for path in ("", "/versions/1", "/draft", "/comment", "/sessions"):
            assert user(name).get(plan + path).status_code in (403, 404), (name, path)


def test_the_report_says_what_both_think_what_is_next_and_how_it_was(house, user):
    case = concluding(send(house.area_id, house.by.practitioner), house.by.caseworker)
    said = {"summary": HOSTILE, "rating": "4"}
    for number in (0, 1):
        said |= {
            f"achievement_{number}": "partly",
            f"comment_{number}": "Found a room",
            f"next_{number}": "Look for a tenancy",
            f"position_{number}": "4",
        }
    caseworker = user("caseworker")
    answer = caseworker.submit(f"/cases/{case.id}/report", fields={"summary": HOSTILE})
    assert "Select how far" in answer.page.text and HOSTILE in answer.page.text
    caseworker.submit(f"/cases/{case.id}/report", fields=said | {"own_0": "3"})
    read = user("practitioner").show(f"/cases/{case.id}/end-report").text
    for fact in (HOSTILE, "4 – Good", "Look for a tenancy", "From 2 to 4", "3 – Making progress"):
        assert fact in read, fact
    plan = user("practitioner").show(f"/cases/{case.id}/plan").text
    assert "Squares: the person’s own" in plan and "Read the end of service report" in plan
