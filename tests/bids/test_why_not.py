"""After closing: followers and holders of abandoned drafts are asked; who bid is not."""

from __future__ import annotations

from sqlalchemy import select

from bids.writing import actions as answering
from lots.pipeline import anonymous
from lots.pipeline.models import HeldAnswer
from lots.pipeline.vocabulary import Choice, Subject
from marketplace.accounts.models import Person
from marketplace.acting import Role
from marketplace.database import db, write
from tests.support import bids
from tests.support.lots import make_open_lot, pass_closing
from tests.support.mails import facts_of_last_mail, mails_to
from tests.support.people import acting_as, make_organisation, make_person
from tests.support.pipeline import follow, invitations

MAIL = "lots/pipeline/mail/why_not.txt"


def asked(person: Person) -> bool:
    return any(mail.template == MAIL for mail in mails_to(person.email))


def test_who_is_asked_and_who_is_not(app):
    lot = make_open_lot()
    bidder, bid_manager = bids.bidder()
    colleague = make_person(Role.FINANCE, bidder)
    bids.submitted_bid(lot, bidder)
    follow(lot, acting_as(colleague))
    _drafting, abandoned = bids.bidder()
    with write():
        answering.start_bid(lot.id, acting_as(abandoned))
    follower = make_person(Role.SERVICE_MANAGER, make_organisation())
    follow(lot, acting_as(follower))
    officer = make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer)
    follow(lot, acting_as(officer))
    pass_closing(lot)
    people = (follower, abandoned, colleague, bid_manager, officer)
    assert [asked(person) for person in people] == [True, True, False, False, False]
    # The organisation that gave up has a second bid manager, who is asked too.
    assert len(invitations(lot)) == 3


def test_one_press_answers_once_and_opening_the_link_answers_nothing(app, client):
    lot = make_open_lot()
    people = [make_person(Role.BID_MANAGER, make_organisation()) for _number in range(3)]
    for person in people:
        follow(lot, acting_as(person))
    pass_closing(lot)
    for person in people:
        assert anonymous.figures(lot.id, Subject.WHY_NOT) is None
        facts = facts_of_last_mail(person.email)
        address = f"/why-not/{facts['invitation_id']}/{facts['key']}"
        page = client.show(address)
        client.show(address)
        client.submit(page, "The value was too low")
        assert "Your answer was taken" in client.show(address).text
        assert client.submit(page, "There was not enough time").status_code == 200
    figures = anonymous.figures(lot.id, Subject.WHY_NOT)
    assert figures.total == 3 and figures.choices[Choice.VALUE] == 3
    assert "Why some did not bid" in client.show(f"/opportunities/{lot.id}").text


def test_a_wrong_key_or_choice_answers_nothing(app, client):
    lot = make_open_lot()
    person = make_person(Role.BID_MANAGER, make_organisation())
    follow(lot, acting_as(person))
    pass_closing(lot)
    there = invitations(lot)[0]
    client.show(f"/why-not/{there['invitation_id']}/{'0' * 32}", status=404)
    page = client.show(f"/why-not/{there['invitation_id']}/{there['key']}")
    token = dict(page.form("The value was too low").values())["csrf_token"]
    answer = client.post(page.url, data={"choice": "yes", "csrf_token": token})
    assert answer.status_code == 200 and "Press one of the buttons" in answer.page.text
    assert not db.session.scalars(select(HeldAnswer)).all()
