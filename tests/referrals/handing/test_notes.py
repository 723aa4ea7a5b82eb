"""Notes on a case: both ways, never changed, an urgent one until the other side has read it."""

from __future__ import annotations

import pytest

from marketplace.accounts.models import Person, PersonState
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import Refused
from referrals.answering import actions as answering
from referrals.answering.assigning import assign
from referrals.answering.queries import staff_for
from referrals.codes import EndReason
from referrals.notes import actions
from referrals.notes.queries import new_for, notes_of, urgent_for
from tests.support.mails import mails_to
from tests.support.people import sign_in
from tests.support.referrals import accepted, again, send

PRACTITIONER = "pat@probation.example"
HOSTILE = "<script>alert(1)</script> Siân O’Brien 🏠 שלום"


@pytest.fixture
def case(house):
    return accepted(send(house.area_id, house.by.practitioner), house.by.caseworker)


def test_an_urgent_note_stays_at_the_head_until_the_other_side_acknowledges(house, case, client):
    url = f"/cases/{case.id}"
    sign_in(client, house.people["caseworker"])
    said = {"subject": "Cannot reach him", "text": HOSTILE, "tells": "urgent"}
    form = client.show(f"{url}/notes/new")
    page = client.submit(form, fields=said).page
    assert HOSTILE in page.text and "Not acknowledged by the other side yet" in page.text
    twice = client.submit(form, fields=said)
    assert twice.status_code == 409
    assert "the other side has not acknowledged" in client.show(url).text
    mail = mails_to(PRACTITIONER)[-1]
    assert mail.template == "referrals/mail/notes/urgent.txt"

    sign_in(client, house.people["practitioner"])
    assert "1 urgent note" in client.show("/").text
    head = client.show(f"{url}/people")
    assert "1 urgent note to read and acknowledge" in head.text
    page = client.show(f"{url}/notes")
    assert page.text.count("Cannot reach him") == 1
    with write():
        note_id = notes_of(again(case.id), house.by.practitioner).page.items[0].id
        with pytest.raises(Refused):
            actions.acknowledge(case.id, note_id, house.by.caseworker)
    buttons = [each for form in page.forms() for each in form.buttons()]
    read = next(each for each in buttons if each.startswith("I have read this"))
    page = client.submit(page, button=read).page
    assert "Acknowledged by" in page.text and "to read and acknowledge" not in page.text
    with write():
        again_said = actions.acknowledge(case.id, note_id, house.by.practitioner)
        assert again_said.acknowledged_by_id == house.by.practitioner.person_id
    assert urgent_for(house.by.practitioner) == (0, None)


def test_a_quiet_note_sends_no_mail_and_both_sides_know_whether_it_was_read(house, case, client):
    before = len(mails_to(house.people["caseworker"].email))
    with write():
        actions.write_note(case.id, "Moved to the hostel.", house.by.practitioner)
    assert len(mails_to(house.people["caseworker"].email)) == before
    assert new_for(house.by.caseworker) == (1, case.id)
    assert notes_of(case, house.by.practitioner).unread == 1
    sign_in(client, house.people["caseworker"])
    assert "New notes on 1 case" in client.show("/").text
    client.show(f"/cases/{case.id}/notes")
    assert new_for(house.by.caseworker) == (0, None)
    assert notes_of(case, house.by.practitioner).unread == 0
    with write():
        actions.write_note(case.id, "Rang him.", house.by.practitioner, sends_mail=True)
    told = mails_to(house.people["caseworker"].email)
    assert told[-1].template == "referrals/mail/notes/written.txt"
    newest = [each.text for each in notes_of(case, house.by.caseworker).page.items]
    assert newest == ["Rang him.", "Moved to the hostel."]


def test_what_nobody_at_work_on_a_case_can_read_is_told_to_the_provider(house, case):
    closed = house.people["caseworker"].id
    assert closed in {each.id for each in staff_for(case, house.by.manager)}
    with write():
        db.session.get_one(Person, closed).state = PersonState.CLOSED
    with write():
        actions.write_note(case.id, "Ring me", house.by.practitioner, is_urgent=True)
    assert mails_to("in@harbour.example")[-1].template == "referrals/mail/notes/urgent.txt"
    assert closed not in {each.id for each in staff_for(case, house.by.manager)}
    with pytest.raises(Refusal, match="who delivers services"), write():
        assign(case.id, closed, house.by.manager)


def test_nobody_writes_where_the_other_side_does_not_read(house, case, client):
    first = send(house.area_id, house.by.practitioner)
    assert first.state == "sent"
    waits = send(house.area_id, house.by.practitioner)
    with pytest.raises(Refusal, match="cannot see this case yet"), write():
        actions.write_note(waits.id, "x", house.by.practitioner)
    sign_in(client, house.people["practitioner"])
    form = client.show(f"/cases/{case.id}/notes/new")
    with write():
        answering.withdraw(case.id, EndReason.MOVED, "", house.by.practitioner)
    late = client.submit(form, fields={"text": "Typed at length", "tells": "quiet"})
    assert late.status_code == 409 and "Typed at length" in late.page.text
