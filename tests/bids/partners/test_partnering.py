"""What partners confirm, the lead proposes, and what becomes of the bid when either changes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bids import checklist
from bids.models import BidState
from bids.partners import actions, answering, opening, queries
from bids.partners.models import LeftAs, PartnerState
from bids.partners.parts import DECLARATIONS as OF_PARTNERS
from bids.partners.parts import loaded
from marketplace import audit, clock
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours
from tests.support.bid_partners import (
    SHARE,
    confirm,
    confirmed_partner,
    drafted_bid,
    invite,
    manager_of,
    missing,
    organisation_of,
    part,
    partner_as_stored,
    submit,
    withdraw,
)
from tests.support.bids import bid_as_stored
from tests.support.lots import pass_closing
from tests.support.mails import mails_to
from tests.support.people import make_organisation, make_person


def test_a_bid_without_partners_is_ready(app):
    bid_id, lead = drafted_bid()
    assert missing(bid_id, lead) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"declarations": ()},
        {"declarations": ("agreed",)},
        {"areas": ()},
        {"areas": ("A:elsewhere",)},
        {"pence": -1},
        {"pence": 10**20},
        {"role": " "},
        {"role": "gair " * 1_000},
    ],
)
def test_nothing_is_confirmed_but_an_own_part_in_the_lot_with_every_declaration(app, wrong):
    bid_id, lead = drafted_bid()
    partner = manager_of(make_organisation())
    partner_id = invite(bid_id, lead, organisation_of(partner))
    with write():
        answering.take_up(partner_id, partner)
    whole = replace(part(bid_id), declarations=tuple(OF_PARTNERS))
    seen = partner_as_stored(partner_id).edition
    with pytest.raises(Refusal), write():
        answering.confirm(partner_id, replace(whole, **wrong), seen, partner)
    with write():
        answering.confirm(partner_id, whole, seen, partner)
    if "declarations" not in wrong:
        with pytest.raises(Refusal), write():
            actions.propose(bid_id, partner_id, replace(part(bid_id), **wrong), seen + 1, lead)


def test_a_bid_waits_for_each_of_its_partners_and_goes_on_once_all_have_confirmed(app):
    bid_id, lead = drafted_bid()
    partner = manager_of(make_organisation(name="Ivy Mentors"))
    partner_id = invite(bid_id, lead, organisation_of(partner))
    assert "A partner has not taken up" in missing(bid_id, lead)
    with pytest.raises(Refusal, match="has not taken up"):
        submit(bid_id, lead)
    with write():
        answering.take_up(partner_id, partner)
    assert "A partner has not confirmed" in missing(bid_id, lead)
    confirm(partner_id, partner)
    assert missing(bid_id, lead) == ""
    assert submit(bid_id, lead) == 1


def test_the_task_list_says_which_partner_must_act(app):
    bid_id, lead = drafted_bid()
    partner = manager_of(make_organisation(name="Ivy Mentors"))
    invite(bid_id, lead, organisation_of(partner))
    tasks = checklist.tasks(bid_as_stored(bid_id), lead.organisation_id)
    [waiting] = [task for task in tasks if task.label == "Ivy Mentors"]
    assert waiting.who == "Ivy Mentors"
    assert "Ivy" not in waiting.problem, "what is missing is mailed, and mails name nobody"


def test_what_counts_is_what_the_partner_confirmed_not_what_was_proposed(app):
    bid_id, lead = drafted_bid()
    partner_id, _by = confirmed_partner(bid_id, lead, pence=41_000_00)
    content, share = (
        queries.content_of(bid_as_stored(bid_id)),
        queries.shares_of(bid_as_stored(bid_id)),
    )
    assert [each["role"] for each in content] == ["Mentoring, our words"]
    assert len(content[0]["declarations"]) == 4
    assert [each["pence"] for each in share] == [41_000_00]
    assert "pence" not in content[0], "pounds belong to the price alone"
    assert loaded(partner_as_stored(partner_id).proposal).role == "Mentoring in the county"


def test_the_lead_cannot_confirm_change_or_withdraw_for_its_partner(app):
    bid_id, lead = drafted_bid()
    partner_id, _by = confirmed_partner(bid_id, lead)
    for attempt in (
        lambda: answering.change(partner_id, lead),
        lambda: answering.withdraw(partner_id, lead),
        lambda: answering.confirm(partner_id, part(bid_id), 1, lead),
        lambda: queries.own_partner(partner_id, lead),
    ):
        with pytest.raises(NotYours), write():
            attempt()


def test_another_organisation_neither_sees_nor_changes_the_part(app):
    bid_id, lead = drafted_bid()
    partner_id = invite(bid_id, lead, organisation_of(manager_of(make_organisation())))
    stranger = manager_of(make_organisation())
    for attempt in (
        lambda: answering.take_up(partner_id, stranger),
        lambda: answering.decline(partner_id, stranger),
        lambda: actions.remove(bid_id, partner_id, stranger),
        lambda: actions.propose(bid_id, partner_id, part(bid_id), 1, stranger),
    ):
        with pytest.raises(NotYours), write():
            attempt()
    assert queries.own_parts(stranger).items == []


def test_a_changed_proposal_voids_the_confirmation_and_the_partner_is_told(app):
    bid_id, lead = drafted_bid()
    organisation = make_organisation()
    person = make_person(Role.BID_MANAGER, organisation)
    partner_id, _by = confirmed_partner(bid_id, lead, organisation)
    changed = part(bid_id, SHARE // 2)
    with write():
        actions.propose(bid_id, partner_id, changed, partner_as_stored(partner_id).edition, lead)
    partner = partner_as_stored(partner_id)
    assert (partner.state, partner.terms) == (PartnerState.TAKEN_UP, None)
    assert "has not confirmed" in missing(bid_id, lead)
    templates = [mail.template for mail in mails_to(person.email)]
    assert templates[-1].endswith("proposal_changed.txt")


def test_nobody_confirms_figures_that_were_changed_after_the_page_was_opened(app):
    bid_id, lead = drafted_bid()
    partner = manager_of(make_organisation())
    partner_id = invite(bid_id, lead, organisation_of(partner))
    with write():
        answering.take_up(partner_id, partner)
    seen = partner_as_stored(partner_id).edition
    changed, old = part(bid_id, SHARE // 2), part(bid_id)
    with write():
        actions.propose(bid_id, partner_id, changed, seen, lead)
    with pytest.raises(Refusal, match="changed after you opened"), write():
        answering.confirm(partner_id, old, seen, partner)
    with pytest.raises(Refusal, match="changed after you opened"), write():
        actions.propose(bid_id, partner_id, old, seen, lead)


def test_a_withdrawn_name_takes_the_bid_out_of_ready_and_tells_the_lead(app):
    bid_id, lead = drafted_bid()
    lead_person = make_person(Role.BID_MANAGER, organisation_of(lead))
    partner_id, by = confirmed_partner(bid_id, lead)
    assert missing(bid_id, lead) == ""
    withdraw(partner_id, by)
    assert "has withdrawn its name" in missing(bid_id, lead)
    mail = mails_to(lead_person.email)[-1]
    assert mail.template.endswith("withdrew.txt")
    with write():
        actions.remove(bid_id, partner_id, lead)
    assert missing(bid_id, lead) == ""


def test_a_name_withdrawn_after_submission_leaves_the_version_and_is_recorded(app):
    bid_id, lead = drafted_bid()
    lead_person = make_person(Role.BID_MANAGER, organisation_of(lead))
    partner_id, by = confirmed_partner(bid_id, lead)
    submit(bid_id, lead)
    withdraw(partner_id, by)
    bid, partner = bid_as_stored(bid_id), partner_as_stored(partner_id)
    assert (bid.state, bid.edited) == (BidState.SUBMITTED, True)
    assert partner.left_as == LeftAs.WITHDRAWN and partner.left_at is not None
    assert mails_to(lead_person.email)[-1].template.endswith("withdrew_submitted.txt")
    assert "submit again" in missing(bid_id, lead)
    with write():
        actions.remove(bid_id, partner_id, lead)
    assert partner_as_stored(partner_id).left_as == LeftAs.WITHDRAWN
    assert submit(bid_id, lead) == 2
    partner = partner_as_stored(partner_id)
    assert (partner.named, partner.left_at) == (False, None)


@pytest.mark.parametrize("job_ran", [True, False])
def test_after_the_deadline_nothing_about_partners_changes(app, job_ran, monkeypatch):
    bid_id, lead = drafted_bid()
    partner_id, by = confirmed_partner(bid_id, lead)
    asked = manager_of(make_organisation())
    waiting = invite(bid_id, lead, organisation_of(asked))
    proposal, other = part(bid_id), make_organisation()
    manager_of(other)
    lot = bid_as_stored(bid_id).lot
    if job_ran:
        pass_closing(lot)
    else:
        monkeypatch.setattr(clock, "judged_now", lambda: lot.closes_at)
    for attempt in (
        lambda: answering.withdraw(partner_id, by),
        lambda: answering.change(partner_id, by),
        lambda: answering.take_up(waiting, asked),
        lambda: answering.decline(waiting, asked),
        lambda: actions.remove(bid_id, partner_id, lead),
        lambda: actions.propose(bid_id, partner_id, proposal, 1, lead),
        lambda: actions.invite_organisation(bid_id, other.id, proposal, lead),
        lambda: actions.invite_address(bid_id, "Ivy", "ivy@ivy.example", proposal, lead),
    ):
        with pytest.raises(Refusal, match="closed"), write():
            attempt()
    assert partner_as_stored(partner_id).state == PartnerState.CONFIRMED


def test_a_moment_before_the_deadline_a_name_can_still_be_withdrawn(app, monkeypatch):
    bid_id, lead = drafted_bid()
    partner_id, by = confirmed_partner(bid_id, lead)
    just_before = bid_as_stored(bid_id).lot.closes_at - timedelta(microseconds=1)
    monkeypatch.setattr(clock, "judged_now", lambda: just_before)
    withdraw(partner_id, by)
    assert partner_as_stored(partner_id).state == PartnerState.WITHDRAWN


def test_the_audit_trail_names_nobody_while_the_bid_is_sealed(app):
    bid_id, lead = drafted_bid()
    partner_id, by = confirmed_partner(bid_id, lead)
    withdraw(partner_id, by)
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.subject_id == str(partner_id))
    ).all()
    steps = {"invite", "take_up", "confirm", "withdraw_name"}
    assert {event.action.partition(":")[2] for event in events} == steps
    assert all(event.person_id is None and event.organisation_id is None for event in events)
    assert audit.verify().holds


def test_a_version_without_partners_opens_without_any(app):
    bid_id, lead = drafted_bid()
    submit(bid_id, lead)
    with write():
        opening.unsealed(bid_as_stored(bid_id), {})
    assert opening.opened_partners(bid_id) == []
