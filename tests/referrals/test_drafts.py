"""Drafts: private, validated question by question, deleted after 90 days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace import clock
from marketplace.database import db, write
from marketplace.permissions import NotYours
from referrals.drafted import ReferralDraft
from referrals.drafts import actions, expiring, queries, warnings
from tests.support.people import sign_in
from tests.support.referrals import finished_answers, in_custody, make_draft, send


def drafts_left():
    return db.session.scalar(select(func.count()).select_from(ReferralDraft))


@pytest.fixture
def writing(house, client):
    """A draft of the practitioner, who is signed in: its address for a question."""
    draft = make_draft(house.area_id, house.by.practitioner, {})
    sign_in(client, house.people["practitioner"])
    return lambda slug="": f"/referral-drafts/{draft.id}" + (f"/{slug}" if slug else "")


def test_a_draft_is_its_authors_alone(house, client):
    draft = make_draft(house.area_id, house.by.practitioner)
    for name in ("colleague", "team_manager", "manager", "stranger"):
        with pytest.raises(NotYours):
            queries.draft_of(draft.id, getattr(house.by, name))
    sign_in(client, house.people["colleague"])
    for page in ("", "/name", "/check"):
        assert client.get(f"/referral-drafts/{draft.id}{page}").status_code == 404
    with pytest.raises(NotYours), write():
        actions.delete_draft(draft.id, house.by.colleague)
    assert drafts_left() == 1


def test_expired_drafts_are_deleted_by_the_job_and_others_kept(house):
    make_draft(house.area_id, house.by.practitioner)
    due = db.session.scalars(select(ReferralDraft.expires_at)).one()
    assert expiring.delete_expired(due - timedelta(seconds=1)) == 0
    assert expiring.delete_expired(due) == 1
    assert drafts_left() == 0 and expiring.next_expiry(clock.now()) is None


@pytest.mark.parametrize(
    ("slug", "typed", "says"),
    [
        ("crn", {"crn": "nonsense"}, "Enter a CRN"),
        ("crn", {"crn": "X12345٦"}, "Enter a CRN"),
        ("crn", {"crn": ""}, "Enter the CRN"),
        ("name", {"name": "N" * 10_000}, "must be 200 characters or fewer"),
        ("name", {"name": " \u202e\x00 "}, "Enter the person"),
        ("name", {"name": "\u200b\u200d"}, "Enter the person"),
        ("reason", {"reason": "x" * 6000, "aims": "A home"}, "must be 5,000 characters or fewer"),
        (
            "born",
            {"date_of_birth-day": "1", "date_of_birth-month": "1", "date_of_birth-year": "2020"},
            "for adults",
        ),
        (
            "born",
            {"date_of_birth-day": "30", "date_of_birth-month": "2", "date_of_birth-year": "1990"},
            "a date that exists",
        ),
        (
            "born",
            {"date_of_birth-day": "1", "date_of_birth-month": "1", "date_of_birth-year": "2999"},
            "in the past",
        ),
        (
            "born",
            {"date_of_birth-day": "1", "date_of_birth-month": "1", "date_of_birth-year": "1066"},
            "120 years",
        ),
        ("sex", {"sex": "other"}, "Select"),
        ("area", {"area": "atlantis"}, "Select"),
        ("interpreter", {"needs_interpreter": "yes", "interpreter_language": ""}, "language"),
        ("rar-days", {"rar_days": "41"}, "40 or less"),
        ("rar-days", {"rar_days": "-1"}, "0 or more"),
        ("rar-days", {"rar_days": ""}, "Enter the number"),
        ("risk", {"at_risk": "Nobody"}, "Confirm that you understand"),
        (
            "complete-by",
            {"complete_by-day": "31", "complete_by-month": "6", "complete_by-year": "2027"},
            "a date that exists",
        ),
        (
            "complete-by",
            {"complete_by-day": "1", "complete_by-month": "1", "complete_by-year": "2020"},
            "today or in the future",
        ),
        ("restricted", {}, "Select yes"),
    ],
)
def test_what_cannot_be_is_said_and_kept_out(writing, client, slug, typed, says):
    token = dict(client.show(writing(slug)).form().values())["csrf_token"]
    answer = client.post(writing(slug), data={"csrf_token": token, **typed})
    assert answer.status_code == 200
    assert says in answer.page.text
    assert "There is a problem" in answer.page.text


@pytest.mark.parametrize("name", ["Siân O’Neill-Žižek", "🦊 Fox", "Robert'); DROP TABLE", "محمد"])
def test_any_name_is_kept_as_typed(writing, client, name):
    client.submit(writing("name"), name=name)
    assert name in client.show(writing("name")).html.replace("&#39;", "'")


def test_the_release_date_must_be_to_come_or_its_absence_explained(house, client):
    draft = make_draft(
        house.area_id, house.by.practitioner, {"whereabouts": {"whereabouts": "custody"}}
    )
    sign_in(client, house.people["practitioner"])
    url = f"/referral-drafts/{draft.id}/release"
    answer = client.submit(url, is_known="yes")
    assert "Enter the expected release date" in answer.page.text
    past = {"release_on-day": "1", "release_on-month": "1", "release_on-year": "2020"}
    answer = client.submit(url, is_known="yes", fields=past)
    assert "must be in the future" in answer.page.text
    answer = client.submit(url, is_known="no", release_unknown="")
    assert "why the release date is not known" in answer.page.text
    answer = client.submit(url, is_known="no", release_unknown="remand")
    assert "There is a problem" not in answer.page.text


def test_the_completion_date_must_not_be_after_the_sentence(house, client):
    ends = clock.today() + timedelta(days=30)
    late = ends + timedelta(days=1)
    sentence = {"has_end": "yes", "ends_on": ends.isoformat()}
    draft = make_draft(house.area_id, house.by.practitioner, {"sentence": sentence})
    sign_in(client, house.people["practitioner"])
    parts = zip(("day", "month", "year"), (late.day, late.month, late.year), strict=True)
    answer = client.submit(
        f"/referral-drafts/{draft.id}/complete-by",
        fields={f"complete_by-{part}": value for part, value in parts},
    )
    assert "must not be after the sentence ends" in answer.page.text


def test_an_open_referral_for_the_same_need_is_warned_of(house):
    draft = make_draft(house.area_id, house.by.practitioner)
    found = queries.draft_of(draft.id, house.by.practitioner)
    assert warnings.duplicates_of(found, house.by.practitioner) == []
    referral = send(house.area_id, house.by.practitioner)
    (duplicate,) = warnings.duplicates_of(found, house.by.practitioner)
    assert duplicate.reference == referral.reference and duplicate.needs == ["Accommodation"]
    assert warnings.rar_days_of(found).elsewhere == 10
    theirs = make_draft(house.area_id, house.by.stranger)
    found = queries.draft_of(theirs.id, house.by.stranger)
    (duplicate,) = warnings.duplicates_of(found, house.by.stranger)
    assert duplicate.id is None and duplicate.reference is None


def test_custody_asks_more_and_forgets_it_when_changed(house, client):
    answers = finished_answers() | in_custody(None)
    draft = make_draft(house.area_id, house.by.practitioner, answers)
    sign_in(client, house.people["practitioner"])
    url = f"/referral-drafts/{draft.id}"
    assert "HMP Example" in client.show(f"{url}/check").text
    client.submit(f"{url}/whereabouts", whereabouts="community")
    assert "HMP Example" not in client.show(f"{url}/check").text
