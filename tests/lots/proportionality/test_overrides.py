"""A decider sets a rule aside with a reason that everybody reads, until the lot gets worse."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lots import actions, proportionality
from lots.drafting import actions as drafting
from lots.drafting import drafts
from lots.models import LotOverride
from lots.proportionality import actions as setting_aside
from lots.vocabulary import Demand, LotState, OnwardSharing, Task
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.overtaken import fingerprint
from marketplace.permissions import Refused
from tests.support.lots import make_lot, whole_lot
from tests.support.people import acting_as, make_person, sign_in

REASON = "The ward asked for it after the inspection."
BIG = [(f"Question {number}?", 500, number % 2) for number in range(9)]


@pytest.fixture
def lot(app):
    """A draft whose nine questions are one under the cap, and whose terms forbid speaking."""
    return make_lot(LotState.DRAFT, forbids_speaking=True, questions=BIG)


@pytest.fixture
def director(lot):
    return acting_as(make_person(Role.DIRECTOR, lot.lead_buyer), lot.lead_buyer)


@pytest.fixture
def officer(lot):
    return acting_as(make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer), lot.lead_buyer)


def _seen(lot, code):
    return fingerprint(dict(setting_aside.overridable_finding(lot, code).figures))


def _override(lot, director, code="gagging"):
    with write():
        return setting_aside.override(lot.id, code, REASON, _seen(lot, code), director).id


def _page(lot_id, task, officer, **values):
    with write():
        lot = db.session.get_one(type(whole_lot(lot_id)), lot_id)
        held = drafts.values_of(lot, task)
        drafting.save_page(lot_id, task, held | values, drafts.fingerprint(held), officer)


def test_terms_that_forbid_speaking_open_only_with_a_reason(lot, director):
    assert any("forbid" in each for each in proportionality.missing_to_publish(lot))
    _override(lot, director)
    assert proportionality.missing_to_publish(whole_lot(lot.id)) == []
    with write():
        actions.publish_lot(lot.id, director)
    opened = whole_lot(lot.id)
    assert opened.policy_version == proportionality.policy_today().version
    (told,) = proportionality.published_overrides(opened)
    assert (told.override.reason, told.override.role) == (REASON, Role.DIRECTOR)


def test_everybody_reads_the_rule_the_reason_the_role_and_the_day(client, lot, director):
    _override(lot, director)
    with write():
        actions.publish_lot(lot.id, director)
    page = client.show(f"/opportunities/{lot.id}")
    for words in ("Terms that forbid speaking", REASON, "Regional Probation Director"):
        assert words in page.text
    assert director.name not in page.text


def test_a_draft_that_gets_worse_needs_a_new_reason(lot, director, officer):
    code = "onward_sharing"
    _page(lot.id, Task.TERMS, officer, onward_sharing=OnwardSharing.BENEFITS)
    _override(whole_lot(lot.id), director, code)
    assert _stands(lot.id, code) is False
    _page(lot.id, Task.TERMS, officer, onward_sharing=OnwardSharing.IMMIGRATION)
    assert _stands(lot.id, code) is True
    _page(lot.id, Task.TERMS, officer, onward_sharing=OnwardSharing.BENEFITS)
    assert _stands(lot.id, code) is False


def _stands(lot_id, code):
    (found,) = [e for e in proportionality.findings(whole_lot(lot_id)) if e.code == code]
    return found.stands


def test_another_certificate_is_not_covered(lot, director, officer):
    _page(lot.id, Task.DEMANDS, officer, demands=[(Demand.CERTIFICATE, "ISO 9001", None, False)])
    _override(whole_lot(lot.id), director, "certificate")
    _page(lot.id, Task.DEMANDS, officer, demands=[(Demand.CERTIFICATE, "ISO 27001", None, False)])
    assert _stands(lot.id, "certificate") is True


def test_law_and_what_is_missing_cannot_be_set_aside(lot, director, officer):
    _page(lot.id, Task.DEMANDS, officer, demands=[(Demand.INSURANCE, "", None, False)])
    changed = whole_lot(lot.id)
    assert _stands(lot.id, "insurance") is True
    for code in ("insurance", "publicity", "questions"):
        with pytest.raises(Refusal), write():
            setting_aside.override(changed.id, code, REASON, "", director)


def test_only_the_decider_who_did_not_draft_sets_a_rule_aside(lot, director, officer):
    seen = _seen(lot, "gagging")
    elsewhere = acting_as(make_person(Role.DIRECTOR))
    for by in (officer, elsewhere):
        with pytest.raises(Refused), write():
            setting_aside.override(lot.id, "gagging", REASON, seen, by)


def test_a_reason_given_for_what_was_changed_meanwhile_is_not_kept(lot, director):
    with pytest.raises(Refusal), write():
        setting_aside.override(lot.id, "gagging", REASON, fingerprint({"forbidden": 2}), director)
    assert db.session.scalars(select(LotOverride)).all() == []


def test_an_override_is_taken_back_once(lot, director):
    override_id = _override(lot, director)
    with write():
        setting_aside.withdraw_override(lot.id, override_id, director)
    assert _stands(lot.id, "gagging") is True
    with pytest.raises(AlreadyChanged), write():
        setting_aside.withdraw_override(lot.id, override_id, director)


def test_the_audit_names_the_rule_and_not_the_reason(lot, director):
    _override(lot, director)
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "lot:rule_overridden")
    ).one()
    assert event.details["rule"] == "gagging" and REASON not in str(event.details)


def test_the_director_does_it_on_screen_and_takes_it_back(client, lot):
    person = make_person(Role.DIRECTOR, lot.lead_buyer)
    sign_in(client, person)
    page = client.show(f"/lots/{lot.id}")
    assert "Open it all the same, with a published reason" in page.text
    url = f"/lots/{lot.id}/override/gagging"
    empty = client.submit(url, "Set the rule aside", reason=" ")
    assert "Give your reason" in empty.page.text
    done = client.submit(url, "Set the rule aside", reason=REASON)
    assert REASON in done.page.text and "Nothing is missing" in done.page.text
    back = client.submit(f"/lots/{lot.id}", "Take it back Terms that forbid speaking")
    assert "The rule holds again" in back.page.text


def test_pressing_twice_sets_aside_once(client, lot):
    sign_in(client, make_person(Role.DIRECTOR, lot.lead_buyer))
    page = client.show(f"/lots/{lot.id}/override/gagging")
    client.submit(page, "Set the rule aside", reason=REASON)
    again = client.submit(page, "Set the rule aside", reason=REASON)
    assert again.status_code == 409
    assert len(whole_lot(lot.id).overrides) == 1
