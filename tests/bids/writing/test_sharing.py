"""Giving the parts of a bid to colleagues."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bids.tasks import Group, part_of
from bids.writing import actions, sharing
from bids.writing.models import BidAssignment
from bids.writing.queries import given, given_names
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, Refused
from marketplace.registry import waiting
from tests.support.bid_writing import together
from tests.support.bids import bid_as_stored, bidder
from tests.support.lots import pass_closing
from tests.support.mails import facts_of_last_mail, mails_to
from tests.support.people import acting_as, browser_of, make_person


def give(setting, wanted, seen=None, by=None):
    with write():
        sharing.give(setting.bid_id, wanted, seen or {}, by or setting.by(setting.manager))


def waits(app, by):
    with app.test_request_context():
        return [item.text for fill in waiting() for item in fill(by)]


def test_a_part_is_given_by_the_form_and_the_task_list_shows_whose_it_is(app):
    setting = together()
    manager = browser_of(app, setting.manager)
    page = manager.show(setting.address)
    form = manager.show(page.links()["Choose who does what"])
    part = part_of(setting.lot.questions[1].id)
    saved = manager.submit(form, "Save", {f"give-{part}": str(setting.colleague.id)})
    assert "For Fay Finance" in saved.page.text
    assert "Question 2 is not answered. (Fay Finance)" in saved.page.text
    assert "given to Fay Finance" in manager.show(setting.question(2)).text
    assert "given to" not in manager.show(setting.question(1)).text


def test_whoever_is_given_something_gets_one_mail_that_names_neither_lot_nor_bidder(app):
    setting = together()
    wanted = {
        part_of(setting.lot.questions[0].id): str(setting.colleague.id),
        Group.PRICE.value: str(setting.colleague.id),
    }
    give(setting, wanted)
    assert facts_of_last_mail(setting.colleague.email) == {"bid_id": str(setting.bid_id)}
    give(setting, wanted)
    assert len(mails_to(setting.colleague.email)) == 1
    give(setting, {"price": str(setting.manager.id)}, {"price": str(setting.colleague.id)})
    assert not mails_to(setting.manager.email)


def test_a_part_waits_for_its_person_until_it_is_written(app):
    setting = together()
    question = setting.lot.questions[0].id
    colleague = setting.by(setting.colleague)
    give(setting, {part_of(question): str(colleague.person_id), "price": str(colleague.person_id)})
    assert any("2 parts" in text for text in waits(app, colleague))
    assert not any("asked to write" in text for text in waits(app, setting.by(setting.manager)))
    with write():
        actions.save_answer(setting.bid_id, question, "Written", 0, colleague)
    assert any("1 part of the bid" in text for text in waits(app, colleague))
    pass_closing(setting.lot)
    assert not any("asked to write" in text for text in waits(app, colleague))


def test_what_was_not_chosen_here_stays_as_a_colleague_left_it(app):
    setting = together()
    price, files = Group.PRICE.value, Group.FILES.value
    one, other = str(setting.manager.id), str(setting.colleague.id)
    seen = {price: "", files: ""}
    give(setting, {price: one, files: ""}, seen)
    give(setting, {price: "", files: other}, seen, setting.by(setting.colleague))
    assert given_names(bid_as_stored(setting.bid_id)) == {
        price: setting.manager.name,
        files: setting.colleague.name,
    }
    give(setting, {price: ""}, {price: one})
    assert set(given(setting.bid_id)) == {files}


def test_only_colleagues_who_write_bids_are_given_parts(app):
    setting = together()
    _other, stranger = bidder()
    caseworker = make_person(Role.CASEWORKER, setting.organisation)
    for person in (stranger, caseworker):
        with pytest.raises(Refusal):
            give(setting, {"price": str(person.id)})
    with pytest.raises(NotYours):
        give(setting, {"price": str(stranger.id)}, by=acting_as(stranger))
    give(setting, {"no such part": str(setting.colleague.id)})
    assert db.session.scalar(select(func.count()).select_from(BidAssignment)) == 0


def test_somebody_who_left_is_no_longer_shown(app):
    setting = together()
    give(setting, {"price": str(setting.colleague.id)})
    client = browser_of(app, setting.manager)
    assert "For Fay Finance" in client.show(setting.address).text
    from marketplace.accounts.models import Membership

    with write():
        held = select(Membership).where(Membership.person_id == setting.colleague.id)
        for membership in db.session.scalars(held):
            db.session.delete(membership)
    assert "For Fay Finance" not in client.show(setting.address).text
    client.submit(client.show(f"{setting.address}/people"), "Save")


def test_no_row_ties_the_colleague_to_the_bid_in_the_clear(app):
    setting = together()
    give(setting, {"price": str(setting.colleague.id)})
    row = db.session.scalars(select(BidAssignment)).one()
    assert str(setting.colleague.id).encode() not in bytes(row.sealed_person)
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.subject_id == str(setting.bid_id))
    ).all()
    assert {"bid:parts_given"} <= {event.action for event in events}
    assert all(event.person_id is None and event.organisation_id is None for event in events)


def test_finance_people_write_but_do_not_hand_in(app):
    setting = together()
    client = browser_of(app, setting.colleague, setting.organisation)
    page = client.show(setting.address)
    client.submit(client.show(setting.question()), "Save and continue", text="Costed.")
    assert [each.text for each in bid_as_stored(setting.bid_id).answers] == ["Costed."]
    assert "Check and submit" not in page.links()
    assert client.get(f"{setting.address}/check").status_code == 403
    from bids.submitting import actions as submitting

    with pytest.raises(Refused), write():
        submitting.submit_bid(setting.bid_id, [], "", setting.by(setting.colleague))
