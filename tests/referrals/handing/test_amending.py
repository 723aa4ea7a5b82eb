"""Amending what was sent: the rules of a draft, a reason, old and new value, the provider told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.categories.queries import outcomes_of
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import NotYours, Refused
from referrals.amending import actions
from referrals.amending.answers import told
from referrals.amending.models import Amendment
from referrals.amending.topics import topics
from referrals.answering import actions as answering
from referrals.codes import EndReason, ReferralState
from referrals.models import ReferralOutcome
from tests.support.continuity import days_pass
from tests.support.mails import mails_to
from tests.support.people import sign_in
from tests.support.referrals import accepted, again, in_custody, send
from tests.support.referrals import finished_answers as answers

NEED = "accommodation"
PHONE = {"contact": {"phone": "01632 960999", "email": "", "safe_contact": ""}}


def topic(name):
    return next(each for each in topics([NEED]) if each.name == name)


def amend(case, name, said, by):
    chosen = topic(name)
    seen = actions.seen_of(told(again(case.id)), chosen)
    with write():
        return actions.amend(case.id, chosen, said, "He told me", seen, by).id


def change(client, url, **fields):
    return client.submit(url, fields={"why": "He told me", **fields}).page


@pytest.fixture
def case(house):
    return accepted(send(house.area_id, house.by.practitioner), house.by.caseworker)


def test_a_change_keeps_old_and_new_and_tells_the_provider(house, case, client):
    sign_in(client, house.people["practitioner"])
    url = f"/cases/{case.id}/change/contact"
    page = change(client, url)
    assert "Nothing was changed" in page.text
    page = change(client, url, phone="nonsense")
    assert "Enter a phone number" in page.text and again(case.id).phone == "01632 960001"
    stale = client.show(url)
    page = change(client, url, phone="01632 960999")
    assert "01632 960001" in page.text and "01632 960999" in page.text and "He told me" in page.text
    assert again(case.id).phone == "01632 960999"
    late = client.submit(stale, fields={"phone": "01632 960777", "why": "Typed at length"})
    assert late.status_code == 409 and "Typed at length" in late.page.text
    assert again(case.id).phone == "01632 960999"
    told_of = [mail.template for mail in mails_to(house.people["caseworker"].email)]
    assert told_of[-1] == "referrals/mail/amending/any.txt" and len(told_of) == 1
    sign_in(client, house.people["caseworker"])
    assert "01632 960001" in client.show(f"/cases/{case.id}/changes").text
    assert client.get(url).status_code == 403


def test_of_a_case_that_ended_meanwhile_nothing_typed_is_lost_and_nothing_stored_is_shown(
    house, case, client
):
    sign_in(client, house.people["practitioner"])
    reason = client.show(f"/cases/{case.id}/change/reason")
    with write():
        answering.withdraw(case.id, EndReason.MOVED, "", house.by.practitioner)
    typed = {"reason": "Lost the flat on Monday", "aims": "A room by May", "why": "He told me"}
    late = client.submit(reason, fields=typed)
    assert late.status_code == 409 and "has ended" in late.page.text
    assert all(each in late.page.text for each in typed.values())
    url = f"/cases/{case.id}/change/risk"
    token = dict(reason.form().values())["csrf_token"]
    for answer in (client.get(url), client.post(url, data={"csrf_token": token, "why": "x"})):
        assert answer.status_code == 409 and "Nobody" not in answer.page.text


def test_every_topic_opens_and_saved_as_it_is_nothing_changes(house, case, client):
    sign_in(client, house.people["practitioner"])
    for each in topics([NEED]):
        url = f"/cases/{case.id}/change/{each.name}" + (f"/{each.need}" if each.need else "")
        page = client.submit(url, fields={"why": "x"} | confirmed(each)).page
        assert "Nothing was changed" in page.text, each.name
    assert db.session.scalars(select(Amendment)).all() == []
    assert client.get(f"/cases/{case.id}/change/nonsense").status_code == 404


def confirmed(each):
    return {"understood": "y"} if each.name == "risk" else {}


def test_risk_is_told_of_everywhere_but_said_only_on_its_own_page(house, case, client):
    sign_in(client, house.people["practitioner"])
    said = {"flags": ["suicide"], "at_risk": "Himself, since Monday", "understood": "y"}
    page = change(client, f"/cases/{case.id}/change/risk", **said)
    assert "Risk information" in page.text and "since Monday" not in page.text
    assert "He told me" not in page.text
    sign_in(client, house.people["caseworker"])
    assert mails_to(house.people["caseworker"].email)[-1].template.endswith("amending/risk.txt")
    assert "since Monday" not in client.show(f"/cases/{case.id}/changes").text
    page = client.show(f"/cases/{case.id}/risk/changes")
    assert "Himself, since Monday" in page.text and "Nobody" in page.text
    assert "Suicide" in page.text


def test_dates_and_days_follow_the_rules_of_a_draft(house, case, client):
    sign_in(client, house.people["practitioner"])
    ends = clock.today() + timedelta(days=100)
    late = ends + timedelta(days=1)
    fields = {f"ends_on-{part}": str(getattr(ends, part)) for part in ("day", "month", "year")}
    fields |= {f"complete_by-{part}": str(getattr(late, part)) for part in ("day", "month", "year")}
    page = change(client, f"/cases/{case.id}/change/dates", **fields)
    assert "must not be after the sentence ends" in page.text
    page = change(client, f"/cases/{case.id}/change/rar", maximum="5", rar_days="6")
    assert "must not be more than the court" in page.text
    page = change(client, f"/cases/{case.id}/change/rar", maximum="20", rar_days="12")
    assert again(case.id).rar_days == "12" and again(case.id).rar_maximum == "20"


def test_out_of_prison_a_waiting_person_is_needed_from_the_day_of_sending(house, client):
    send(house.area_id, house.by.practitioner)
    send(house.area_id, house.by.practitioner)
    release = (clock.today() + timedelta(days=60)).isoformat()
    waits = send(house.area_id, house.by.practitioner, answers(**in_custody(release)))
    assert waits.needed_on.isoformat() == release
    amend(waits, "place", {"whereabouts": {"whereabouts": "community"}}, house.by.practitioner)
    now = again(waits.id)
    assert (now.whereabouts, now.prison, now.release_on) == ("community", None, None)
    assert now.needed_on == clock.today()
    assert mails_to("in@harbour.example")[-1].template != "referrals/mail/amending/any.txt"


def test_a_passed_completion_date_corrected_places_who_waits_beside_a_free_place(house):
    by = house.by.practitioner
    held = [send(house.area_id, by) for _ in range(2)]
    soon = {"complete-by": {"complete_by": (clock.today() + timedelta(days=30)).isoformat()}}
    waits = send(house.area_id, by, answers(**soon))
    days_pass(40)
    with write():
        answering.withdraw(held[0].id, EndReason.MOVED, "", by)
    assert again(waits.id).state == ReferralState.WAITING
    later = (clock.today() + timedelta(days=90)).isoformat()
    amend(waits, "dates", {"complete-by": {"complete_by": later}}, by)
    assert again(waits.id).state == ReferralState.SENT


def test_into_prison_asks_for_the_prison_and_the_release(house, case, client):
    sign_in(client, house.people["practitioner"])
    url = f"/cases/{case.id}/change/place"
    page = change(client, url, whereabouts="custody")
    assert "Select the prison, or enter its name" in page.text
    page = change(
        client,
        url,
        whereabouts="custody",
        other_prison="HMP Elsewhere",
        is_known="no",
        release_unknown="recall",
        has_address="unknown",
    )
    now = again(case.id)
    assert (now.prison, now.release_unknown, now.has_address) == (
        "HMP Elsewhere",
        "recall",
        "unknown",
    )


def test_outcomes_can_be_changed_and_what_is_left_out_is_kept(house, case):
    codes = [each.code for each in outcomes_of(NEED, clock.today())[:3]]
    said = {f"outcomes-{NEED}": {"outcomes": codes[1:]}}
    amend(case, "outcomes", said, house.by.practitioner)
    rows = db.session.execute(
        select(ReferralOutcome.outcome_code, ReferralOutcome.dropped_at).where(
            ReferralOutcome.referral_id == case.id
        )
    ).all()
    chosen = {code for code, dropped in rows if dropped is None}
    assert chosen == set(codes[1:]) and len(rows) == 3


def test_who_may_and_what_was_seen_is_what_is_changed(house, case):
    with pytest.raises(NotYours):
        amend(case, "contact", PHONE, house.by.stranger)
    with pytest.raises(Refused):
        amend(case, "contact", PHONE, house.by.caseworker)
    with pytest.raises(AlreadyChanged), write():
        actions.amend(case.id, topic("contact"), PHONE, "x", "old", house.by.practitioner)
    with write():
        answering.withdraw(case.id, EndReason.MOVED, "", house.by.practitioner)
    with pytest.raises(Refusal, match="has ended"):
        amend(case, "contact", PHONE, house.by.practitioner)
