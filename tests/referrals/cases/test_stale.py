"""A form that comes too late: a clear sentence, what was typed is given back, nothing changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.database import write
from referrals.answering import actions
from referrals.codes import DeclineReason, EndReason, ReferralState
from tests.support.people import browser_of
from tests.support.referrals import accepted, again, send, started

TYPED = "Llanfair-ym-Muallt’s <b>tenant</b> 🙂 ‫שלום"


@pytest.fixture
def browsers(app, house):
    """A browser for each side, signed in."""
    return {name: browser_of(app, house.people[name]) for name in ("caseworker", "practitioner")}


LATE = {
    "query": ("caseworker", {"text": TYPED}),
    "decline": ("caseworker", {"reason": "no_staff", "comment": TYPED}),
    "withdraw": ("practitioner", {"reason": "moved", "comment": TYPED}),
}


@pytest.mark.parametrize("page", LATE)
def test_after_the_end_everybody_is_told_and_keeps_what_they_typed(house, browsers, page):
    referral = send(house.area_id, house.by.practitioner)
    name, fields = LATE[page]
    form = browsers[name].show(f"/cases/{referral.id}/{page}")
    with write():
        actions.decline(referral.id, DeclineReason.DUPLICATE, house.by.manager)
    answer = browsers[name].submit(form, fields=fields)
    assert answer.status_code == 409
    assert "Declined" in answer.page.text and "tenant" in answer.page.text
    assert "<b>tenant" not in answer.get_data(as_text=True)
    assert browsers[name].get(f"/cases/{referral.id}/{page}").status_code == 409
    assert again(referral.id).decline_reason == DeclineReason.DUPLICATE


def test_a_reply_after_a_colleague_replied_is_given_back(house, browsers):
    referral = send(house.area_id, house.by.practitioner)
    with write():
        actions.query(referral.id, "Which days?", house.by.caseworker)
    form = browsers["practitioner"].show(f"/cases/{referral.id}/reply")
    assert "Which days?" in form.text
    with write():
        actions.reply(referral.id, "Mondays", house.by.practitioner)
    answer = browsers["practitioner"].submit(form, text="Any day but Monday")
    assert answer.status_code == 409 and "Any day but Monday" in answer.page.text
    assert "Mondays" in browsers["practitioner"].show(f"/cases/{referral.id}").text


def test_accepting_what_was_withdrawn_and_ending_what_has_ended(house, browsers):
    referral = send(house.area_id, house.by.practitioner)
    page = browsers["caseworker"].show(f"/cases/{referral.id}")
    with write():
        actions.withdraw(referral.id, EndReason.MISTAKE, "", house.by.practitioner)
    answer = browsers["caseworker"].submit(page, "Accept")
    assert answer.status_code == 409 and "Withdrawn" in answer.page.text
    going = started(send(house.area_id, house.by.practitioner), house.by.caseworker)
    form = browsers["practitioner"].show(f"/cases/{going.id}/end-early")
    with write():
        actions.end_early(going.id, EndReason.MOVED, "", house.by.practitioner)
    answer = browsers["practitioner"].submit(form, fields={"reason": "other", "comment": TYPED})
    assert answer.status_code == 409 and "tenant" in answer.page.text
    assert again(going.id).end_reason == EndReason.MOVED


def test_an_assessment_after_the_end_is_given_back(house, browsers):
    referral = accepted(send(house.area_id, house.by.practitioner), house.by.caseworker)
    form = browsers["caseworker"].show(f"/cases/{referral.id}/assessment")
    with write():
        actions.withdraw(referral.id, EndReason.DIED, "", house.by.practitioner)
    notes = "Came on time and spoke about the rent, the children and the court. " + TYPED
    fields = {
        **{f"held_on-{part}": getattr(clock.today(), part) for part in ("day", "month", "year")},
        "method": "phone",
        "notes": notes,
        "position_0": "2",
        "position_1": "1",
    }
    answer = browsers["caseworker"].submit(form, fields=fields)
    assert answer.status_code == 409
    assert "the children and the court" in answer.page.text and "Withdrawn" in answer.page.text


def test_an_assessment_of_tomorrow_is_corrected_on_the_same_page(house, browsers):
    referral = accepted(send(house.area_id, house.by.practitioner), house.by.caseworker)
    day = clock.today() + timedelta(days=1)
    fields = {
        **{f"held_on-{part}": getattr(day, part) for part in ("day", "month", "year")},
        "method": "phone",
        "notes": TYPED,
        "position_0": "2",
        "position_1": "1",
    }
    late = browsers["caseworker"].submit(f"/cases/{referral.id}/assessment", fields=fields)
    assert late.status_code == 409 and "must be today or in the past" in late.page.text
    right = {f"held_on-{part}": getattr(clock.today(), part) for part in ("day", "month", "year")}
    page = browsers["caseworker"].submit(late.page, fields=right).page
    assert "The work has begun" in page.text and again(referral.id).state == ReferralState.ACTIVE


def test_people_of_an_ended_case_are_assigned_no_more(house, app):
    referral = accepted(send(house.area_id, house.by.practitioner), house.by.manager)
    browser = browser_of(app, house.people["manager"])
    form = browser.show(f"/cases/{referral.id}/assign")
    with write():
        actions.withdraw(referral.id, EndReason.MOVED, "", house.by.practitioner)
    chosen = [str(house.by.caseworker.person_id)]
    answer = browser.submit(form, fields={"people": chosen})
    assert answer.status_code == 409 and "has ended" in answer.page.text


def test_a_declined_referral_says_what_comes_next(house, browsers):
    referral = send(house.area_id, house.by.practitioner)
    browser = browsers["caseworker"]
    page = browser.submit(
        f"/cases/{referral.id}/decline", fields={"reason": "not_enough_information"}
    ).page
    assert "Say what is missing" in page.text
    browser.submit(
        f"/cases/{referral.id}/decline",
        fields={"reason": "not_enough_information", "comment": "Where does she sleep?"},
    )
    assert again(referral.id).state == ReferralState.DECLINED
    page = browsers["practitioner"].show(f"/cases/{referral.id}")
    assert "Where does she sleep?" in page.text
    assert "add what is missing, and send it again" in page.text
    assert "What you can do now" not in browser.show(f"/cases/{referral.id}").text
