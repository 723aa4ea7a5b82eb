"""In prison without an allocated practitioner: what is asked instead, and what cannot be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.database import write
from referrals.drafts import actions, queries
from referrals.drafts.expiring import MAIL, next_warning, warn_of_expiry
from tests.support.mails import mails_to
from tests.support.people import sign_in
from tests.support.referrals import again, finished_answers, in_custody, make_draft, send

CONTACT = {
    "name": "Sam Contact",
    "role": "Prison offender manager",
    "email": "sam@prison.example",
    "phone": "",
    "based": "prison",
    "prison": "maidstone",
    "prison_name": "HMP Maidstone",
    "office": "",
    "office_name": None,
    "delivery_unit": "east-kent",
    "before_allocation": "Release is close",
}


def unallocated(released="yes"):
    release_on = (clock.today() + timedelta(days=40)).isoformat()
    return in_custody(release_on) | {
        "allocated": {"allocated": "no"},
        "released": {"released": released},
        "office": {"is_known": "no", "office": None, "office_unknown": "No address yet"},
        "main-contact": CONTACT,
    }


def test_the_main_point_of_contact_stands_for_the_practitioner(house):
    sent = again(send(house.area_id, house.by.practitioner, finished_answers() | unallocated()).id)
    assert sent.is_unallocated and sent.practitioner_role == "Prison offender manager"
    assert (sent.practitioner_email, sent.practitioner_base) == (
        "sam@prison.example",
        "HMP Maidstone",
    )
    assert (sent.expected_office, sent.has_address) == ("No address yet", "no")
    assert sent.before_allocation == "Release is close"


def test_somebody_who_stays_in_prison_is_asked_for_no_release(house):
    answers = finished_answers() | unallocated("no")
    draft = make_draft(house.area_id, house.by.practitioner, answers)
    found = queries.draft_of(draft.id, house.by.practitioner)
    asked = {each.slug for each in found.questions}
    assert not asked & {"release", "address", "office", "practitioner"}
    sent = again(send(house.area_id, house.by.practitioner, answers).id)
    assert (sent.release_on, sent.has_address, sent.expected_office) == (None, None, None)


def test_nobody_on_remand_has_a_sentence_that_ends(house):
    soon = clock.today() + timedelta(days=5)
    answers = finished_answers() | {
        "sentence-status": {"status": "remand"},
        "sentence": {"has_end": "yes", "ends_on": soon.isoformat()},
    }
    sent = again(send(house.area_id, house.by.practitioner, answers).id)
    assert (sent.sentence_status, sent.relevant_sentence, sent.sentence_ends_on) == (
        "remand",
        None,
        None,
    )


def test_without_a_requirement_no_days_are_asked_or_sent(house):
    answers = finished_answers() | {"rar": {"has_rar": "no", "maximum": None}}
    del answers["rar-days"]
    sent = again(send(house.area_id, house.by.practitioner, answers).id)
    assert (sent.rar_days, sent.rar_maximum) == ("0", None)


@pytest.mark.parametrize(
    ("slug", "typed", "says"),
    [
        ("establishment", {"prison": "", "other_prison": ""}, "Select the prison, or enter"),
        ("establishment", {"prison": "maidstone", "other_prison": "HMP Old"}, "not both"),
        ("establishment", {"prison": "kent"}, "Select from the options"),
        ("establishment", {"prison": "", "other_prison": "H" * 10_000}, "200 characters or fewer"),
        ("allocated", {"allocated": ""}, "Select yes if a probation practitioner is"),
        ("released", {"released": "perhaps"}, "Select"),
        ("address", {"has_address": "tent"}, "Select from the options"),
        ("office", {"is_known": "yes", "office": ""}, "Select the probation office"),
        ("office", {"is_known": "no", "office_unknown": " "}, "Say why"),
        ("main-contact", {"name": "Sam", "based": "office"}, "Select their probation office"),
        ("main-contact", {"email": "nobody"}, "Enter an email address in the correct format"),
        ("contact", {"phone": "call me"}, "Enter a phone number"),
        ("contact", {"phone": "٠١٢٣٤٥٦"}, "Enter a phone number"),
        ("risk-flags", {}, "Select every risk that applies"),
        ("risk-flags", {"flags": ["none", "staff"]}, "or “None of these”"),
        ("risk-flags", {"flags": ["dragons"]}, "Select from the options"),
        ("risk", {"at_risk": "x" * 4001, "understood": "y"}, "4,000 characters or fewer"),
        ("other-needs", {"needs": ["none"], "additional_needs": "🦊" * 2001}, "2,000 characters"),
        ("access", {}, "Select what applies"),
        ("commitments", {"has_commitments": "yes"}, "Select when the person is not available"),
        ("sentence-status", {"status": "free"}, "Select"),
        ("relevant-sentence", {"sentence": "\u202e\u0000 "}, "Say which sentence"),
        ("rar", {"has_rar": "yes", "maximum": ""}, "Enter the number of days the court"),
        ("rar", {"has_rar": "yes", "maximum": "0"}, "1 or more"),
        ("rar", {"has_rar": "yes", "maximum": "ten"}, "number"),
        ("rar-days", {"rar_days": "21"}, "the court’s maximum"),
    ],
)
def test_what_cannot_be_is_said_in_words(house, client, slug, typed, says):
    answers = unallocated() | {"rar": {"has_rar": "yes", "maximum": 20}}
    draft = make_draft(house.area_id, house.by.practitioner, answers)
    sign_in(client, house.people["practitioner"])
    url = f"/referral-drafts/{draft.id}/{slug}"
    token = dict(client.show(url).form().values())["csrf_token"]
    answer = client.post(url, data={"csrf_token": token, **typed})
    assert answer.status_code == 200
    assert says in answer.page.text and "There is a problem" in answer.page.text


def test_a_page_left_open_for_a_question_that_is_gone_leads_back(house, client):
    draft = make_draft(house.area_id, house.by.practitioner, unallocated())
    sign_in(client, house.people["practitioner"])
    url = f"/referral-drafts/{draft.id}"
    left_open = client.show(f"{url}/main-contact")
    client.submit(f"{url}/whereabouts", whereabouts="community")
    answer = client.submit(left_open, name="Sam")
    assert "not asked any more" in answer.page.text and answer.page.h1.startswith("Refer somebody")


def test_a_prison_in_the_list_is_kept_by_its_name(house, client):
    draft = make_draft(house.area_id, house.by.practitioner, unallocated())
    sign_in(client, house.people["practitioner"])
    url = f"/referral-drafts/{draft.id}/establishment"
    client.submit(url, prison="cardiff", other_prison="")
    found = queries.draft_of(draft.id, house.by.practitioner).answers["establishment"]
    assert (found["prison"], found["prison_name"]) == ("cardiff", "HMP Cardiff")


def test_the_author_is_warned_once_a_week_before_and_not_of_what_is_gone(app, house):
    draft = make_draft(house.area_id, house.by.practitioner)
    due = next_warning(clock.now())
    assert due is not None and warn_of_expiry(due - timedelta(seconds=1)) == 0
    assert (warn_of_expiry(due), warn_of_expiry(due)) == (1, 0)
    assert next_warning(clock.now()) is None
    (mail,) = mails_to(house.people["practitioner"].email)
    assert "Robin" not in str(mail.facts)
    asks = app.extensions["still_wanted"][MAIL]
    assert asks(draft.id)
    with write():
        actions.delete_draft(draft.id, house.by.practitioner)
    assert not asks(draft.id)
