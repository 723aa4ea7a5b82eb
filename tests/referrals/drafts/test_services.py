"""One draft for several services, and a case that ended made into a draft again."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours
from referrals.answering import actions as answering
from referrals.codes import DeclineReason
from referrals.drafted import ReferralDraft
from referrals.drafts import actions, queries, warnings
from referrals.drafts.copying import copy_to_draft, settle
from referrals.drafts.offering import COPIED_RISK
from referrals.drafts.routes import of_service
from referrals.lists.tabs import Tab
from referrals.models import Referral
from referrals.sending.actions import send_referral
from tests.support.drafts import make_other_service
from tests.support.lists import first_page
from tests.support.people import sign_in
from tests.support.referrals import finished_answers, in_custody, make_draft, send


@pytest.fixture
def other_id(house):
    return make_other_service(house)


def stored(draft_id):
    db.session.expire_all()
    return json.loads(db.session.get_one(ReferralDraft, draft_id).answers)


def test_a_second_service_asks_only_what_is_its_own(house, other_id):
    by = house.by.practitioner
    draft = make_draft(house.area_id, by)
    assert queries.draft_of(draft.id, by).unanswered == []
    with write():
        actions.add_service(draft.id, other_id, by)
    with write():
        actions.add_service(draft.id, other_id, by)
    found = queries.draft_of(draft.id, by)
    assert [each.id for each in found.services] == [house.area_id, other_id]
    assert {each.slug for each in found.unanswered} == {"needs~2", "rar-days~2"}
    with write():
        actions.save_answers(draft.id, {"needs~2": {"needs": ["accommodation"]}}, by)
    slugs = {each.slug for each in queries.draft_of(draft.id, by).unanswered}
    assert slugs == {"outcomes-accommodation~2", "complexity-accommodation~2", "rar-days~2"}


def test_taking_the_first_service_out_leaves_the_seconds_answers_in_its_place(house, other_id):
    by = house.by.practitioner
    answers = finished_answers() | {"needs~2": {"needs": ["lifestyle-and-associates"]}}
    draft = make_draft(house.area_id, by, answers)
    with write():
        actions.add_service(draft.id, other_id, by)
    assert of_service(stored(draft.id), 2)["needs"] == {"needs": ["lifestyle-and-associates"]}
    with write():
        actions.drop_service(draft.id, house.area_id, by)
    left = stored(draft.id)
    assert left["needs"] == {"needs": ["lifestyle-and-associates"]} and left["name"]
    assert not any("~" in slug or slug.startswith("outcomes") for slug in left)
    (service,) = queries.draft_of(draft.id, by).services
    assert service.id == other_id
    with pytest.raises(Refusal, match="only service"), write():
        actions.drop_service(draft.id, other_id, by)


def test_nobody_adds_a_service_to_anothers_draft(house, other_id):
    draft = make_draft(house.area_id, house.by.practitioner)
    with pytest.raises(NotYours), write():
        actions.add_service(draft.id, other_id, house.by.colleague)


def test_days_of_every_service_count_against_the_courts_maximum(house, other_id):
    by = house.by.practitioner
    send(house.area_id, by)
    answers = finished_answers() | {
        "rar": {"has_rar": "yes", "maximum": 25},
        "rar-days~2": {"rar_days": 12},
    }
    draft = make_draft(house.area_id, by, answers)
    with write():
        actions.add_service(draft.id, other_id, by)
    days = warnings.rar_days_of(queries.draft_of(draft.id, by))
    assert (days.elsewhere, days.here, days.over) == (10, 22, 7)


def declined(house, answers=None):
    referral = send(house.area_id, house.by.practitioner, answers)
    with write():
        answering.decline(referral.id, DeclineReason.NO_STAFF, house.by.caseworker)
    return referral


@pytest.mark.parametrize("where", ["community", "custody"])
def test_a_declined_referral_becomes_a_draft_with_everything_typed(house, other_id, where):
    by = house.by.practitioner
    release = (clock.today() + timedelta(days=30)).isoformat()
    answers = finished_answers() | (in_custody(release) if where == "custody" else {})
    answers["risk-flags"] = {"flags": ["staff", "self_harm"]}
    answers["commitments"] = {"has_commitments": "yes", "times": ["evenings"], "commitments": ""}
    referral = declined(house, answers)
    with write():
        copied = copy_to_draft(referral.id, other_id, by).id
    left = {each.slug for each in queries.draft_of(copied, by).unanswered}
    # Sharing the risk with another provider is confirmed anew; nothing else is typed again.
    assert left == {"risk"}
    again = stored(copied)
    assert again[COPIED_RISK]["at_risk"] == "Nobody"
    asked = set(answers) - {"risk", "contact", "practitioner", "restricted", "commitments"}
    different = {slug for slug in asked if not answers[slug].items() <= again[slug].items()}
    assert not different
    assert again["commitments"]["times"] == ["evenings"]
    assert again["risk-flags"] == answers["risk-flags"]


def test_an_open_referral_is_not_copied_and_a_strangers_not_found(house, other_id):
    referral = send(house.area_id, house.by.practitioner)
    with pytest.raises(Refusal, match="still open"), write():
        copy_to_draft(referral.id, other_id, house.by.practitioner)
    with pytest.raises(NotYours), write():
        copy_to_draft(referral.id, other_id, house.by.stranger)


def test_a_practitioner_refers_a_declined_person_elsewhere(house, other_id, client):
    referral = declined(house)
    sign_in(client, house.people["practitioner"])
    page = client.show(f"/cases/{referral.id}")
    assert "Refer to another service" in page.text
    page = client.show(f"/cases/{referral.id}/refer-again?area=kent")
    page = client.submit(page, "Choose Women's services, Harbour Trust").page
    assert "Everything you had typed" in page.text
    assert "Robin Example" in client.show(f"{page.url.split('?')[0]}/name").html


def test_services_are_added_and_taken_out_on_screen(house, other_id, client):
    draft = make_draft(house.area_id, house.by.practitioner)
    sign_in(client, house.people["practitioner"])
    url = f"/referral-drafts/{draft.id}/services"
    page = client.submit(url, "Add Women's services, Harbour Trust").page
    assert "Take out" in page.text
    page = client.show(f"/referral-drafts/{draft.id}")
    assert page.h1 == "Refer somebody to 2 services"
    page = client.submit(f"/referral-drafts/{draft.id}/needs~2", needs=["accommodation"]).page
    assert "Women's services" in page.text
    page = client.submit(url, "Take out Women's services").page
    assert "Take out" not in page.text


def to_reroute(by):
    return [row.id for row in first_page(by, Tab.DECLINED).rows]


def test_a_declined_referral_is_to_re_route_until_its_copy_is_sent(house, other_id):
    by = house.by.practitioner
    referral = declined(house)
    assert to_reroute(by) == [referral.id]
    with write():
        draft = copy_to_draft(referral.id, other_id, by)
        answers = json.loads(draft.answers)
        draft.answers = json.dumps(answers | {"risk": finished_answers()["risk"]})
        draft_id = draft.id
    # A draft alone sends nobody anywhere: it may run out.
    assert to_reroute(by) == [referral.id]
    with write():
        sent = send_referral(draft_id, other_id, by)
    assert db.session.get_one(Referral, sent).copied_from_id == referral.id
    assert to_reroute(by) == []


def test_of_a_declined_referral_nothing_more_is_to_do(house, client):
    referral, of_other = declined(house), send(house.area_id, house.by.practitioner)
    with pytest.raises(Refusal, match="not been declined"), write():
        settle(of_other.id, house.by.practitioner)
    with pytest.raises(NotYours), write():
        settle(referral.id, house.by.stranger)
    sign_in(client, house.people["practitioner"])
    assert "1 declined referral to send elsewhere" in client.show("/").text
    assert "Robin Example" in client.show("/my-cases?show=declined").html
    page = client.submit(f"/cases/{referral.id}", "Nothing more to do").page
    assert "off the list" in page.text
    assert "Nothing more to do" not in page.text
    assert to_reroute(house.by.practitioner) == []
