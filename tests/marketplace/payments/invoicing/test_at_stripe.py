"""An invoice at Stripe: asked for once, usable once settled, and followed whatever comes."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.payments.invoicing import actions, following, recording, sending
from marketplace.payments.invoicing.models import Invoice, InvoiceState, Method, NotSent
from marketplace.payments.invoicing.reading import read
from marketplace.payments.models import Posting
from marketplace.payments.paying.actions import MOST_ATTEMPTS
from marketplace.payments.paying.models import Rail
from marketplace.payments.queries import balance
from marketplace.payments.stripes.clients import client_of
from tests.support.invoices import again, time_passes
from tests.support.mails import mails_to
from tests.support.people import written

ORDER = "4500012345"


def run() -> None:
    """One round of both jobs."""
    sending.send_due(clock.now())
    following.follow_due(clock.now())


def sent(funded, *pence: int) -> Invoice:
    """An invoice that the funder has."""
    invoice = funded.invoice(*pence, order=ORDER)
    run()
    return again(invoice)


def the_one(at_stripe) -> dict:
    """The only invoice at the stand-in."""
    (found,) = at_stripe.stripe.all("invoice")
    return found


def held(at_stripe) -> int:
    """What the buyer's books say it holds at Stripe."""
    return balance(at_stripe.account().balance_account_id)


def causes(invoice: Invoice) -> list[str]:
    """What was posted for an invoice."""
    return sorted(
        db.session.scalars(select(Posting.cause_kind).where(Posting.cause_id == invoice.id))
    )


def mails(acting) -> list[str]:
    """The templates of what somebody was sent."""
    person = db.session.get_one(Person, acting.person_id)
    return [mail.template.rsplit("/", 1)[1] for mail in mails_to(person.email)]


def test_it_is_sent_with_its_day_its_order_number_and_both_ways_to_pay(at_stripe, funded):
    invoice = sent(funded, 100_00, 25_50)
    made = the_one(at_stripe)
    assert (invoice.state, invoice.rail) == (InvoiceState.SENT, Rail.STRIPE)
    assert invoice.rail_reference == made["id"] and invoice.pay_page == made["hosted_invoice_url"]
    assert (made["status"], made["total"], made["number"]) == ("open", 125_50, invoice.reference)
    assert made["custom_fields"] == [{"name": "Purchase order", "value": ORDER}]
    assert made["payment_settings"]["payment_method_types"] == ["bacs_debit", "customer_balance"]
    assert datetime.fromtimestamp(made["due_date"], clock.LONDON).date() == invoice.due_on
    assert made["customer_email"] == "office@pcc.example"
    assert "invoice.sent" in [each["type"] for each in at_stripe.stripe.all("event")]
    assert mails(funded.lead) == ["issued.txt"]
    run()
    assert len(at_stripe.stripe.all("invoice")) == 1


def test_stripe_is_told_nothing_about_people(at_stripe, funded):
    sent(funded)
    told = " ".join(str(each) for each in at_stripe.stand_in.asked("POST"))
    for acting in (funded.lead, funded.manager):
        person = db.session.get_one(Person, acting.person_id)
        assert person.name not in told and person.email not in told


@pytest.mark.parametrize(
    ("request_", "fault"),
    [
        ("POST /v1/customers", "dropped"),
        ("POST /v1/invoices", "dropped"),
        ("POST /v1/invoices", "broken_after"),
        ("POST /v1/invoices/*/add_lines", "broken_after"),
        ("POST /v1/invoices/*/finalize", "dropped"),
        ("POST /v1/invoices/*/finalize", "too_many"),
    ],
)
def test_it_is_asked_for_once_whatever_the_network_does(at_stripe, funded, request_, fault):
    at_stripe.stand_in.fault(fault, request_, times=1)
    invoice = sent(funded, 100_00, 25_50)
    for _round in range(3):
        time_passes()
        run()
    invoice = again(invoice)
    assert invoice.state == InvoiceState.SENT
    opened = [each for each in at_stripe.stripe.all("invoice") if each["status"] == "open"]
    assert [each["total"] for each in opened] == [125_50]
    assert opened[0]["id"] == invoice.rail_reference


def test_the_process_dies_after_each_write_and_the_next_goes_on(at_stripe, funded):
    invoice = funded.invoice()
    with written():
        sending.claim(invoice.id)
    # It died before it asked.
    time_passes()
    run()
    assert again(invoice).state == InvoiceState.SENT
    second = funded.invoice()
    with written():
        sending.claim(second.id)
    sending.ask(second.id)
    # It died before it recorded the answer.
    run()
    assert again(second).state == InvoiceState.SENDING
    time_passes()
    run()
    assert again(second).state == InvoiceState.SENT
    assert len(at_stripe.stripe.all("invoice")) == 2


def test_what_stripe_refuses_is_held_and_can_go_without_stripe(at_stripe, funded):
    with written():
        db.session.get_one(Organisation, funded.funder.id).contact_email = "no address"
    invoice = sent(funded)
    assert (invoice.state, invoice.held_reason) == (InvoiceState.HELD, NotSent.REFUSED)
    assert mails(funded.manager) == ["held.txt"] and mails(funded.lead) == []
    recording.keep_from_stripe(invoice.id, funded.manager)
    run()
    invoice = again(invoice)
    assert (invoice.state, invoice.rail) == (InvoiceState.SENT, Rail.OUTSIDE)
    assert mails(funded.lead) == ["issued.txt"]
    assert not [each for each in at_stripe.stripe.all("invoice") if each["status"] == "open"]


def test_an_unclear_result_is_held_and_trying_again_finds_it(at_stripe, funded):
    invoice = funded.invoice()
    at_stripe.stand_in.fault("dropped", "POST /v1/invoices/*/finalize", times=1)
    at_stripe.stand_in.fault("dropped", "GET /v1/invoices", times=MOST_ATTEMPTS - 1)
    for _attempt in range(MOST_ATTEMPTS):
        run()
        time_passes()
    invoice = again(invoice)
    assert (invoice.state, invoice.held_reason) == (InvoiceState.HELD, NotSent.UNCLEAR)
    assert mails(funded.manager) == ["held.txt"]
    with written():
        recording.try_again(invoice.id, funded.manager)
    run()
    assert again(invoice).state == InvoiceState.SENT
    assert len(at_stripe.stripe.all("invoice")) == 1


def test_an_event_ends_the_doubt_about_what_was_never_answered(at_stripe, funded):
    invoice = funded.invoice()
    with written():
        sending.claim(invoice.id)
    sending.ask(invoice.id)
    with written():
        actions.held(actions.locked(invoice.id), NotSent.UNCLEAR)
    at_stripe.hear(*at_stripe.events())
    invoice = again(invoice)
    assert invoice.state == InvoiceState.SENT and invoice.held_reason is None


@pytest.mark.parametrize("way", ["bacs_debit", "customer_balance"])
def test_money_counts_only_once_it_has_settled(at_stripe, funded, way):
    invoice = sent(funded, 1_000_00)
    at_stripe.hear(*at_stripe.events())
    at_stripe.stripe.pay_invoice(invoice.rail_reference, way)
    at_stripe.hear(*at_stripe.events())
    assert again(invoice).state == InvoiceState.COLLECTING and held(at_stripe) == 0
    while at_stripe.stand_in.arrive():
        at_stripe.hear(*at_stripe.events())
    # Stripe says only that money is there: those on their way are read at once.
    run()
    invoice = again(invoice)
    assert invoice.state == InvoiceState.SETTLED
    assert invoice.method == (Method.DIRECT_DEBIT if way == "bacs_debit" else Method.BANK_TRANSFER)
    assert held(at_stripe) == at_stripe.stripe.balance() == 1_000_00 - invoice.fee_pence
    assert (invoice.fee_pence > 0) == (way == "bacs_debit")
    assert mails(funded.lead) == ["issued.txt", "settled.txt"]


def test_a_debit_that_fails_can_be_paid_again(at_stripe, funded):
    invoice = sent(funded)
    at_stripe.stripe.pay_invoice(invoice.rail_reference, refused_later=True)
    at_stripe.stand_in.arrive()
    at_stripe.hear(*at_stripe.events())
    assert again(invoice).state == InvoiceState.FAILED and held(at_stripe) == 0
    assert mails(funded.lead) == ["issued.txt", "failed.txt"]
    at_stripe.stripe.pay_invoice(invoice.rail_reference, "customer_balance")
    while at_stripe.stand_in.arrive():
        pass
    at_stripe.hear(*at_stripe.events())
    assert again(invoice).state == InvoiceState.SETTLED
    assert held(at_stripe) == at_stripe.stripe.balance() == invoice.pence


def settled(at_stripe, funded) -> Invoice:
    """An invoice whose money can be used."""
    invoice = sent(funded)
    at_stripe.stripe.pay_invoice(invoice.rail_reference)
    while at_stripe.stand_in.arrive():
        pass
    following.follow(invoice.id)
    assert again(invoice).state == InvoiceState.SETTLED
    return again(invoice)


def test_a_dispute_after_settling_takes_the_money_back(at_stripe, funded):
    invoice = settled(at_stripe, funded)
    at_stripe.stripe.dispute(invoice.charge_reference)
    at_stripe.hear(*at_stripe.events())
    invoice = again(invoice)
    assert invoice.state == InvoiceState.LOST
    assert held(at_stripe) == at_stripe.stripe.balance() == -invoice.fee_pence
    assert mails(funded.manager) == ["taken_back.txt"]
    at_stripe.hear(*at_stripe.events())
    assert causes(invoice) == ["invoice:fee", "invoice:settled", "invoice:taken_back"]


@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_that_is_decided_later(at_stripe, funded, won):
    invoice = settled(at_stripe, funded)
    dispute = at_stripe.stripe.dispute(invoice.charge_reference, final=False)
    following.follow(invoice.id)
    at_stripe.hear(*at_stripe.events())
    assert again(invoice).state == InvoiceState.DISPUTED
    at_stripe.stripe.decide(dispute["id"], won=won)
    at_stripe.hear(*at_stripe.events())
    assert again(invoice).state == (InvoiceState.SETTLED if won else InvoiceState.LOST)
    assert held(at_stripe) == at_stripe.stripe.balance()


def test_an_old_reading_after_a_new_one_changes_nothing(at_stripe, funded):
    invoice = sent(funded)
    client = client_of(at_stripe.body_id)
    old = read(client, invoice.rail_reference)
    at_stripe.stripe.pay_invoice(invoice.rail_reference)
    while at_stripe.stand_in.arrive():
        pass
    following.follow(invoice.id)
    with written():
        following.record(invoice.id, old)
    assert again(invoice).state == InvoiceState.SETTLED


def test_money_that_came_to_the_bank_instead_closes_it_at_stripe(at_stripe, funded):
    invoice = sent(funded)
    recording.paid_outside(invoice.id, clock.today(), "FP 77", funded.manager)
    invoice = again(invoice)
    assert (invoice.state, invoice.paid_outside) == (InvoiceState.SETTLED, True)
    assert the_one(at_stripe)["status"] == "paid"
    assert held(at_stripe) == at_stripe.stripe.balance() == 0 and causes(invoice) == []


def test_it_is_withdrawn_at_stripe_too_but_not_while_it_is_being_paid(at_stripe, funded):
    invoice = sent(funded)
    recording.withdraw(invoice.id, funded.manager)
    assert again(invoice).state == InvoiceState.VOID
    assert the_one(at_stripe)["status"] == "void"
    second = sent(funded)
    at_stripe.stripe.pay_invoice(second.rail_reference)
    with pytest.raises(Refusal):
        recording.withdraw(second.id, funded.manager)
    assert again(second).state == InvoiceState.COLLECTING
    with pytest.raises(Refusal):
        recording.paid_outside(second.id, clock.today(), "FP 77", funded.manager)
