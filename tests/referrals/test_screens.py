"""The thread on screen: find, refer, answer, deliver, end; each by its own person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from lots.contracts.models import ContractArea
from marketplace import clock
from marketplace.database import db, new_id, write
from marketplace.observations import Reading
from referrals.codes import ReferralState
from referrals.delivery import sessions
from referrals.delivery.models import CaseSession, Method
from referrals.delivery.venues import Venue
from referrals.drafted import ReferralDraft
from referrals.models import Referral
from tests.support.people import sign_in
from tests.support.referrals import (
    accepted,
    again,
    completed,
    concluding,
    make_draft,
    report,
    send,
    started,
)


@pytest.fixture
def user(house, client):
    """Act as somebody: `user("caseworker")` gives the client, signed in."""

    def signed_in(name):
        sign_in(client, house.people[name])
        return client

    return signed_in


def date_fields(name, day):
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


def answer(client, url, **fields):
    """Answer one question and return the page that follows."""
    return client.submit(url, fields=fields).page


def test_a_practitioner_refers_from_the_directory_to_the_confirmation(house, user, reserved):
    practitioner = user("practitioner")
    assert "2 free places" in practitioner.show("/services?need=accommodation&area=kent").text
    page = practitioner.submit(f"/services/{house.area_id}", "Begin a referral").page
    assert page.h1 == "Refer somebody to Accommodation"
    draft = page.url.split("?")[0]
    today = clock.today()
    steps = {
        "crn": {"crn": "x123456"},
        "name": {"name": "Robin Example"},
        "born": date_fields("date_of_birth", today - timedelta(days=365 * 30)),
        "sex": {"sex": "male"},
        "contact": {"phone": "01632 960001"},
        "language": {"language": "cy"},
        "area": {"area": "kent"},
        "whereabouts": {"whereabouts": "custody"},
        "establishment": {"prison": "maidstone"},
        "allocated": {"allocated": "yes"},
        "release": {
            "is_known": "yes",
            **date_fields("release_on", today + timedelta(days=20)),
        },
        "address": {"has_address": "no"},
        "practitioner": {"email": "pat@probation.example", "delivery_unit": "east-kent"},
        "restricted": {"is_restricted": "no"},
        "risk-flags": {"flags": ["none"]},
        "risk": {"at_risk": "Nobody", "understood": True},
        "other-needs": {"needs": ["reading"], "additional_needs": "Prefers to be told"},
        "access": {"access": ["none"]},
        "interpreter": {"needs_interpreter": "no"},
        "commitments": {"has_commitments": "yes", "times": ["mornings"]},
        "sentence-status": {"status": "licence"},
        "relevant-sentence": {"sentence": "Two years for burglary"},
        "sentence": {"has_end": "no"},
        "rar": {"has_rar": "yes", "maximum": "20"},
        "complete-by": date_fields("complete_by", today + timedelta(days=100)),
        "reason": {"reason": "No home", "aims": "A tenancy"},
        "priority": {"priority": "none"},
        "outcomes-accommodation": {"outcomes": ["accommodation-1", "accommodation-2"]},
        "complexity-accommodation": {"complexity": "high"},
        "rar-days": {"rar_days": "5"},
    }
    for slug, fields in steps.items():
        page = answer(practitioner, f"{draft}/{slug}", **fields)
    assert page.h1 == "Check the answers, then send"
    assert "Weekday mornings" in page.text and "East Kent" in page.text
    page = practitioner.submit(page, "Send the referral").page
    assert page.h1 == "Referral sent"
    referral = db.session.scalars(select(Referral)).one()
    assert referral.reference in page.text and referral.crn == "X123456"
    assert reserved() == 1
    assert "Robin Example" in practitioner.show("/my-cases").text


def test_pressing_send_twice_shows_the_same_referral(house, user, reserved):
    draft = make_draft(house.area_id, house.by.practitioner)
    practitioner = user("practitioner")
    page = practitioner.show(f"/referral-drafts/{draft.id}/check")
    first = practitioner.submit(page, "Send the referral", follow=False)
    second = practitioner.submit(page, "Send the referral", follow=False)
    assert first.location == second.location and "/sent" in first.location
    assert reserved() == 1
    assert db.session.scalar(select(func.count()).select_from(Referral)) == 1


def test_when_full_the_confirmation_gives_the_position(house, user):
    for _ in range(2):
        send(house.area_id, house.by.practitioner)
    draft = make_draft(house.area_id, house.by.practitioner)
    practitioner = user("practitioner")
    page = practitioner.submit(f"/referral-drafts/{draft.id}/check", "Send the referral").page
    assert "Next on the waiting list." in page.text
    listed = user("practitioner").show("/services?area=kent").text
    assert "1 person is waiting" in listed and "Full" in listed


def test_a_stale_service_in_a_hidden_field_sends_nothing(house, user, reserved):
    draft = make_draft(house.area_id, house.by.practitioner)
    practitioner = user("practitioner")
    page = practitioner.show(f"/referral-drafts/{draft.id}/check")
    for value in (str(new_id()), "nonsense", "", "a\x00b", "x" * 5000, "'"):
        practitioner.submit(page, "Send the referral", fields={"services": value})
    assert reserved() == 0
    assert db.session.scalar(select(func.count()).select_from(ReferralDraft)) == 1


def test_a_caseworker_takes_a_case_from_new_to_completed(house, user, reserved):
    referral = send(house.area_id, house.by.practitioner)
    url = f"/cases/{referral.id}"
    caseworker = user("caseworker")
    assert "Robin Example" in caseworker.show("/referrals?show=new").text
    page = caseworker.submit(url, "Accept").page
    assert "The referral is accepted" in page.html
    today = date_fields("held_on", clock.today())
    positions = {"position_0": "2", "position_1": "1"}
    page = caseworker.submit(
        f"{url}/assessment", fields={**today, "method": "phone", "notes": "Well", **positions}
    ).page
    assert "The initial assessment was held" in page.text
    soon = clock.now() - timedelta(minutes=1)
    london = soon.astimezone(clock.LONDON)
    page = caseworker.submit(
        f"{url}/sessions/new",
        fields={
            **date_fields("day", london.date()),
            "time": london.strftime("%H:%M"),
            "method": "video",
        },
    ).page
    record = next(href for text, href in page.links().items() if text.startswith("Record what"))
    page = caseworker.submit(
        record,
        fields={
            "happened": "yes",
            "late": "no",
            "response": "well",
            "done": "Talked about rent",
            "tell": ["concern"],
            "concern": "Sleeps rough",
        },
    ).page
    assert "Sleeps rough" in page.text
    caseworker.submit(f"{url}/review", fields={"position_0": "3", "position_1": "3"})
    page = caseworker.submit(url, "Finish the sessions").page
    assert "End report to write" in page.text
    said = {"summary": "Went well"}
    for number in (0, 1):
        said |= {
            f"achievement_{number}": "achieved",
            f"comment_{number}": "Has a tenancy",
            f"position_{number}": "5",
        }
    page = caseworker.submit(f"{url}/report", fields=said).page
    assert "Completed" in page.text and "From 2 to 5" in page.text and "From 1 to 5" in page.text
    assert reserved() == 0
    assert "Has a tenancy" in user("practitioner").show(f"{url}/end-report").text


def test_question_and_reply_on_screen(house, user):
    referral = send(house.area_id, house.by.practitioner)
    url = f"/cases/{referral.id}"
    user("caseworker").submit(f"{url}/query", text="Which days suit?")
    practitioner = user("practitioner")
    assert "Robin Example" in practitioner.show("/my-cases?show=questions").text
    page = practitioner.submit(f"{url}/reply", text="Any day").page
    assert "Which days suit?" in page.text and "Any day" in page.text


def test_a_form_left_open_after_the_end_is_refused_clearly(house, user, reserved):
    referral = concluding(send(house.area_id, house.by.practitioner), house.by.caseworker)
    caseworker = user("caseworker")
    page = caseworker.show(f"/cases/{referral.id}/report")
    report(referral.id, house.by.second_caseworker)
    fields = {"summary": "Late"} | {
        f"{kind}_{number}": value
        for number in (0, 1)
        for kind, value in (("achievement", "achieved"), ("comment", "x"), ("position", "5"))
    }
    answer = caseworker.submit(page, fields=fields)
    assert answer.status_code == 409 and "Completed" in answer.page.text
    assert "Late" in answer.page.html, "what was typed is still there"
    assert reserved() == 0


def test_every_reading_of_a_case_and_of_its_risk_is_recorded(house, user):
    referral = send(house.area_id, house.by.practitioner)
    caseworker = user("caseworker")
    page = caseworker.get(f"/cases/{referral.id}")
    assert "no-store" in page.headers["Cache-Control"]
    assert "OFFICIAL-SENSITIVE" in page.get_data(as_text=True)
    caseworker.get(f"/cases/{referral.id}/risk")
    readings = db.session.execute(
        select(Reading.kind, Reading.subject_id, Reading.person_id).order_by(Reading.kind)
    ).all()
    me = house.by.caseworker.person_id
    assert readings == [("referral", referral.id, me), ("referral_risk", referral.id, me)]


PAGES = (
    "", "/risk", "/query", "/decline", "/reply", "/withdraw", "/end-early", "/assign",
    "/assessment", "/sessions/new", "/review", "/report", "/sent",
)  # fmt: skip  # several to a line
POSTS = ("/accept", "/conclude", "/query", "/decline", "/withdraw", "/end-early", "/report")


@pytest.mark.parametrize("name", ["rival", "stranger", "prison_practitioner", "colleague"])
def test_others_learn_nothing_and_change_nothing(house, user, name, reserved):
    referral = send(house.area_id, house.by.practitioner)
    client = user(name)
    token = dict(client.show("/services/" + str(house.area_id)).forms()[0].values())
    for page in PAGES:
        assert client.get(f"/cases/{referral.id}{page}").status_code in (403, 404), page
    for page in POSTS:
        answer = client.post(f"/cases/{referral.id}{page}", data=token)
        assert answer.status_code in (400, 403, 404), page
    assert again(referral.id).state == ReferralState.SENT and reserved() == 1


def test_look_up_opens_what_is_named_whole_and_lists_the_rest(house, user):
    referral = send(house.area_id, house.by.practitioner)
    caseworker = user("caseworker")
    answer = caseworker.submit("/referrals", "Find", what=referral.reference, follow=False)
    assert answer.location == f"/cases/{referral.id}"
    page = caseworker.submit("/referrals", "Find", what=referral.reference[:5]).page
    assert page.h1 == "Find a case" and page.text.count("Robin Example") == 1
    send(house.area_id, house.by.practitioner)
    page = caseworker.submit("/referrals", "Find", what="X123456").page
    assert page.h1 == "Find a case" and page.text.count("Robin Example") == 2
    assert "None of the cases" in caseworker.submit("/referrals", "Find", what="Y99").page.text
    short = caseworker.submit("/referrals", "Find", what="Y").page
    assert "Enter at least 3 letters or digits" in short.text


@pytest.mark.parametrize("state", [accepted, started, concluding, completed])
@pytest.mark.parametrize("name", ["practitioner", "manager"])
def test_the_page_of_a_case_in_every_state_is_sound(house, user, state, name):
    referral = state(send(house.area_id, house.by.practitioner), house.by.caseworker)
    page = user(name).show(f"/cases/{referral.id}")
    assert "Robin Example" in page.h1
    # Once only the end report is missing, that ends the case.
    assert ("End early" in page.text) == (name == "practitioner" and state is started)


def test_choosing_a_team(house, user):
    send(house.area_id, house.by.practitioner)
    colleague = user("colleague")
    of_team = "/my-cases?show=open"
    assert "Robin" not in colleague.show(of_team).text
    page = colleague.submit("/my-cases/team", delivery_unit="east-kent").page
    assert "not confirmed" in page.text and "Robin" not in colleague.show(of_team).text
    manager = user("team_manager")
    assert "1 colleague to confirm" in manager.show("/").text
    asked = manager.show("/my-cases/team/requests")
    assert house.people["colleague"].name in asked.text
    button = f"Confirm {house.people['colleague'].name}"
    manager.submit(asked, button)
    assert manager.submit(asked, button).status_code == 409
    page = user("colleague").show(of_team)
    assert "East Kent" in page.text and "Robin Example" in page.text


def test_somebody_who_does_not_work_there_sees_nothing_and_may_choose_again(house, user):
    send(house.area_id, house.by.practitioner)
    user("colleague").submit("/my-cases/team", delivery_unit="east-kent")
    button = f"Does not work there {house.people['colleague'].name}"
    page = user("team_manager").submit("/my-cases/team/requests", button).page
    assert "Nobody is waiting" in page.text
    page = user("colleague").show("/my-cases?show=open")
    assert "Robin" not in page.text and "Choose your team" in page.text


def test_the_directory_says_when_a_service_is_paused(house, user):
    until = clock.today() + timedelta(days=9)
    with write():
        db.session.execute(update(ContractArea).values(paused_until=until, pause_reason="staffing"))
    text = user("practitioner").show(f"/services/{house.area_id}").text
    assert "Paused" in text and str(until.year) in text


def test_pressing_refer_twice_begins_one_draft(house, user):
    practitioner = user("practitioner")
    page = practitioner.show(f"/services/{house.area_id}")
    assert practitioner.submit(page, "Begin a referral", follow=False).status_code == 303
    second = practitioner.submit(page, "Begin a referral", follow=False)
    assert second.status_code == 409 and "already been sent" in second.page.text
    assert db.session.scalar(select(func.count()).select_from(ReferralDraft)) == 1


def test_arranging_a_session_twice_makes_one(house, user):
    referral = accepted(send(house.area_id, house.by.practitioner), house.by.caseworker)
    caseworker = user("caseworker")
    page = caseworker.show(f"/cases/{referral.id}/sessions/new")
    day = clock.today() + timedelta(days=3)
    fields = {**date_fields("day", day), "time": "10:00", "method": "video"}
    assert caseworker.submit(page, fields=fields, follow=False).status_code == 303
    assert caseworker.submit(page, fields=fields, follow=False).status_code == 409
    assert db.session.scalar(select(func.count()).select_from(CaseSession)) == 1


def test_a_draft_past_its_time_sends_nothing(house, user):
    draft = make_draft(house.area_id, house.by.practitioner)
    practitioner = user("practitioner")
    page = practitioner.show(f"/referral-drafts/{draft.id}/check")
    with write():
        db.session.execute(update(ReferralDraft).values(expires_at=clock.now()))
    late = practitioner.submit(page, "Send the referral")
    assert late.page.h1.startswith("My cases") and "no longer there" in late.page.html
    assert db.session.scalar(select(func.count()).select_from(Referral)) == 0


@pytest.mark.parametrize("path", ["assessment", "sessions/new", "review", "report"])
def test_every_page_of_the_work_is_recorded_as_reading_the_case(house, user, path):
    referral = started(send(house.area_id, house.by.practitioner), house.by.caseworker)
    user("caseworker").show(f"/cases/{referral.id}/{path}")
    assert readings() == [("referral", referral.id, house.by.caseworker.person_id)]


def test_reading_a_session_the_confirmation_and_what_was_looked_up_is_recorded(house, user):
    referral = accepted(send(house.area_id, house.by.practitioner), house.by.caseworker)
    with write():
        session = sessions.arrange_session(
            referral.id, clock.now(), Venue(Method.PHONE), house.by.caseworker
        ).id
    caseworker = user("caseworker")
    caseworker.show(f"/cases/{referral.id}/sessions/{session}")
    assert len(readings()) == 1
    caseworker.submit("/referrals", "Find", what=referral.reference)
    assert len(readings()) == 2
    user("practitioner").show(f"/cases/{referral.id}/sent")
    assert readings()[-1] == ("referral", referral.id, house.by.practitioner.person_id)


def readings():
    read = select(Reading.kind, Reading.subject_id, Reading.person_id)
    return db.session.execute(read.order_by(Reading.at, Reading.id)).all()
