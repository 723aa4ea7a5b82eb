"""What a draft says to its author: whose details it asks, what was asked, why it cannot be sent."""

from __future__ import annotations

from tests.support.people import sign_in
from tests.support.referrals import finished_answers, in_custody, make_draft


def test_a_prison_practitioner_is_asked_for_the_allocated_practitioner(house, client):
    answers = finished_answers() | in_custody(None)
    del answers["practitioner"]
    draft = make_draft(house.area_id, house.by.prison_practitioner, answers)
    sign_in(client, house.people["prison_practitioner"])
    page = client.show(f"/referral-drafts/{draft.id}/practitioner")
    assert "Name of the allocated probation practitioner" in page.text
    given = dict(page.form("Save and continue").values())
    assert (given["name"], given["email"]) == ("", "")


def test_what_the_account_knows_of_the_author_is_filled_in(house, client):
    person = house.people["practitioner"]
    draft = make_draft(house.area_id, house.by.practitioner, {})
    sign_in(client, person)
    page = client.show(f"/referral-drafts/{draft.id}/practitioner")
    given = dict(page.form("Save and continue").values())
    assert (given["name"], given["email"]) == (house.by.practitioner.name, person.email)


def test_beside_yes_or_no_stands_the_question(house, client):
    draft = make_draft(house.area_id, house.by.practitioner)
    sign_in(client, house.people["practitioner"])
    text = client.show(f"/referral-drafts/{draft.id}/check").text
    assert "Is access to this case restricted?" in text and "Who may see the case" not in text


def test_what_cannot_be_sent_says_so_where_the_button_would_be(house, client):
    answers = finished_answers() | {"area": {"area": "sussex"}}
    draft = make_draft(house.area_id, house.by.practitioner, answers)
    sign_in(client, house.people["practitioner"])
    page = client.show(f"/referral-drafts/{draft.id}/check")
    assert "Send the referral" not in page.buttons()
    assert "This cannot be sent as it stands" in page.text


def test_a_thin_draft_is_not_said_to_fit(house, client):
    thin = {"sex": {"sex": "female"}}
    draft = make_draft(house.area_id, house.by.practitioner, thin)
    sign_in(client, house.people["practitioner"])
    text = client.show(f"/services?draft={draft.id}").text
    assert "does not say yet: area, date of birth." in text
    assert "Fits this person" not in text


def test_the_confirmation_says_the_days_of_this_case(house, client):
    draft = make_draft(house.area_id, house.by.practitioner)
    sign_in(client, house.people["practitioner"])
    text = client.submit(f"/referral-drafts/{draft.id}/check", "Send the referral").page.text
    assert "Answer the referral: by " in text and "Arrange the first meeting: by " in text
