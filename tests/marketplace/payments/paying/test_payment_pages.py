"""The pages of payments, as a buyer's contract manager and a provider's finance person use them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace import audit, clock
from marketplace.accounts.models import Person
from marketplace.database import db, write
from marketplace.observations import Reading
from marketplace.organisations.stories import MOST_STEPS
from marketplace.payments.paying import actions, outside, queries, sending
from marketplace.payments.paying.models import (
    HeldReason,
    Payment,
    PaymentExport,
    PaymentState,
    Rail,
)
from marketplace.payments.paying.rails import Answer, senders
from tests.support.paying import (
    FakeRail,
    give_bank_details,
    give_stripe_books,
    make_pair,
    pair_of,
    time_passes,
)
from tests.support.people import browser_of, make_organisation


@pytest.fixture
def pair(app):
    """A buyer, and a provider whose name needs care."""
    return make_pair(name="O’Neill & <Daughters>")


@pytest.fixture
def manager(app, pair):
    """The buyer's contract manager at the browser."""
    return browser_of(app, db.session.get_one(Person, pair.manager.person_id), pair.payer)


@pytest.fixture
def finance(app, pair):
    """The provider's finance person at the browser."""
    return browser_of(app, db.session.get_one(Person, pair.finance.person_id), pair.payee)


def again(payment: Payment) -> Payment:
    """As it is stored now."""
    return db.session.get_one(Payment, payment.id, populate_existing=True)


def day(prefix: str, when) -> dict[str, str]:
    """A date as it is typed."""
    return {
        f"{prefix}-day": str(when.day),
        f"{prefix}-month": str(when.month),
        f"{prefix}-year": str(when.year),
    }


def test_from_the_file_for_the_bank_to_paid(pair, manager, finance):
    first, second = pair.owe(125_005), pair.owe(30_000, due_in=-2, law_due_on=clock.today())
    front = manager.show("/")
    assert "Pay 2 payments from your bank" in front.text
    lacking = manager.show("/payments/export")
    assert "no bank details" in lacking.text and first.reference in lacking.text
    assert "Say where you are paid" in finance.show("/").text
    saved = finance.submit(
        "/payments/bank-details/change",
        "Save",
        account_name="O’Neill & Daughters",
        sort_code="30-94-30",
        account_number="733445",
    ).page
    assert "Ending 3445" in saved.text and "00733445" not in saved.text
    listed = manager.show("/payments")
    assert "Late" in listed.text and "£1,250.05" in listed.text
    made = manager.submit("/payments/export", "Make the file").page
    export = db.session.query(PaymentExport).filter_by(payer_id=pair.payer.id).one()
    saved = manager.get(f"/payments/files/{export.id}/save")
    assert saved.get_data(as_text=True).count("00733445") == 2
    assert export.reference in saved.headers["Content-Disposition"]
    assert "Record what the bank has paid" in made.text
    address = f"/payments/record?file={export.id}"
    refused = manager.submit(address, "Record as paid", bank_reference="").page
    assert "Enter the reference" in refused.text and "Enter the day" in refused.text
    done = manager.submit(
        address, "Record as paid", {**day("paid_on", clock.today()), "bank_reference": "RUN 7"}
    ).page
    assert "2 payments are recorded as paid: £1,550.05" in done.text
    assert {again(each).state for each in (first, second)} == {PaymentState.PAID}
    story = finance.show(f"/payments/{first.id}").text
    assert "It was put into a file for the bank" in story and "RUN 7" in story


def test_how_it_ended_is_told_however_often_it_was_tried_before(pair, manager):
    payment = pair.owe()
    with write():
        for _hour in range(MOST_STEPS):
            audit.record("payment:send", subject=payment, by=None)
        audit.record("payment:pay", subject=payment, by=None)
    assert "It was paid" in manager.show(f"/payments/{payment.id}").text


def test_what_lacks_bank_details_keeps_nothing_else_out_of_a_file(pair, manager, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 1)
    lacking = pair_of(pair.payer, make_organisation(), pair.manager, pair.finance)
    lacking.owe(due_in=-2)
    give_bank_details(pair)
    assert pair.owe().reference in manager.show("/payments/export").text


def test_what_somebody_else_recorded_meanwhile_is_said_and_nothing_is_lost(pair, manager):
    give_bank_details(pair)
    payments = [pair.owe(), pair.owe()]
    page = manager.show("/payments/record")
    with write():
        outside.record([payments[0].id], clock.today(), "OTHER", pair.manager)
    fields = {
        "payments": [str(each.id) for each in payments],
        **day("paid_on", clock.today()),
        "bank_reference": "MINE",
    }
    answer = manager.submit(page, "Record as paid", fields).page
    assert "no longer in the list" in answer.text and "MINE" in answer.html
    assert again(payments[1]).state == PaymentState.READY
    assert again(payments[0]).bank_reference == "OTHER"


def test_a_day_before_the_debt_is_said_beside_the_day_and_nothing_typed_is_lost(pair, manager):
    payments = [pair.owe(), pair.owe(owed_from=clock.today() - timedelta(days=20))]
    early = clock.today() - timedelta(days=10)
    typed = {
        "payments": [str(each.id) for each in payments],
        **day("paid_on", early),
        "bank_reference": "RUN 8",
    }
    refused = manager.submit("/payments/record", "Record as paid", typed).page
    assert "not all that is ticked was owed" in refused.text and "RUN 8" in refused.html
    assert {again(each).state for each in payments} == {PaymentState.READY}
    typed["payments"] = [str(payments[1].id)]
    manager.submit(refused, "Record as paid", typed)
    assert again(payments[1]).paid_on == early


def test_what_could_go_through_stripe_too_goes_there_only_when_somebody_says_so(
    app, pair, manager, monkeypatch
):
    payment = pair.owe()
    rail = FakeRail()
    monkeypatch.setitem(senders(app), Rail.STRIPE, rail)
    give_stripe_books(pair)
    page = manager.show(f"/payments/{payment.id}")
    assert "only if nobody has paid it at your bank" in page.text and "Record as paid" in page.text
    page = manager.submit(page, "Pay it through Stripe").page
    page = manager.submit(page, "I am paying this from our bank").page
    sending.send_due(clock.now())
    assert not rail.sent and "Record as paid" in page.text


def test_who_saves_a_file_for_the_bank_is_noted_each_time(pair, manager):
    give_bank_details(pair)
    payment = pair.owe()
    with write():
        made = outside.export([payment.id], pair.manager)
    for _time in range(2):
        manager.get(f"/payments/files/{made.id}/save")
    noted = select(Reading.person_id).where(Reading.subject_id == made.id)
    assert db.session.scalars(noted).all() == [pair.manager.person_id] * 2


def test_a_form_sent_twice_makes_one_file(pair, manager):
    give_bank_details(pair)
    pair.owe()
    page = manager.show("/payments/export")
    manager.submit(page, "Make the file")
    answer = manager.submit(page, "Make the file").page
    assert "nothing left to put into a file" in answer.text
    assert db.session.query(PaymentExport).filter_by(payer_id=pair.payer.id).count() == 1


def test_ids_of_another_organisation_in_a_form_pay_nothing(pair, manager):
    give_bank_details(pair)
    other = make_pair()
    give_bank_details(other)
    pair.owe()
    foreign = other.owe()
    token = manager.show("/payments/export").form("Make the file").values()
    manager.post("/payments/export", data={**dict(token), "payments": str(foreign.id)})
    manager.post("/payments/record", data={**dict(token), "payments": str(foreign.id)})
    assert again(foreign).state == PaymentState.READY


def test_what_is_held_says_why_and_how_to_go_on(app, pair, manager, monkeypatch):
    rail = FakeRail(answers=[Answer.UNKNOWN], found=Answer.UNKNOWN)
    monkeypatch.setitem(senders(app), Rail.STRIPE, rail)
    give_stripe_books(pair)
    payment = pair.owe()
    for _attempt in range(actions.MOST_ATTEMPTS):
        sending.send_due(clock.now())
        time_passes(payment.id)
    address = f"/payments/{payment.id}"
    assert "1 payment is held" in manager.show("/").text
    page = manager.show(address)
    assert "could not be found out" in page.text and "own bank" not in page.html.split("<main")[1]
    assert "no clear answer" in manager.submit(page, "Ask Stripe").page.text
    rail.found, rail.transfers = Answer.NOT_FOUND, {}
    page = manager.submit(address, "Ask Stripe").page
    assert again(payment).held_reason == HeldReason.NOT_SENT
    page = manager.submit(page, "I am paying this from our bank").page
    assert again(payment).rail == Rail.OUTSIDE and "Record as paid" in page.text
    manager.submit(page, "Pay it through Stripe")
    rail.found = None
    sending.send_due(clock.now())
    assert again(payment).state == PaymentState.PAID


def test_what_was_recorded_by_mistake_comes_back_and_is_paid_again(pair, manager):
    payment = pair.owe()
    with write():
        outside.record([payment.id], clock.today(), "X", pair.manager)
    address = f"/payments/{payment.id}"
    page = manager.submit(f"{address}/came-back", reason="mistake").page
    assert "recorded by mistake" in page.text
    assert payment.reference in manager.show("/payments").text
    page = manager.submit(page, "Pay it again").page
    assert "To be paid" in page.text
    assert "It is paid again as" in manager.show(address).text
    assert "come back" not in manager.show("/").text
    assert payment.reference not in manager.show("/payments").text


@pytest.mark.parametrize(
    ("sort_code", "account_number", "said"),
    [
        ("12345", "00733445", "sort code like"),
        ("000000", "00733445", "sort code like"),
        ("309430", "12", "account number like"),
        ("309430", "0000000", "account number like"),
    ],
)
def test_bank_details_without_their_form_are_refused(finance, sort_code, account_number, said):
    answer = finance.submit(
        "/payments/bank-details/change",
        "Save",
        account_name="=1+1",
        sort_code=sort_code,
        account_number=account_number,
    ).page
    assert said in answer.text and "Enter the name with letters" in answer.text
