"""Invoices of a buyer without Stripe: mailed by us, printed, recorded by a person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.payments.invoicing import recording, reminding, sending
from marketplace.payments.invoicing.models import Invoice, InvoiceState
from marketplace.payments.paying import banks
from marketplace.payments.paying.models import Rail
from marketplace.permissions import Refused
from tests.support.invoices import Funded, again, make_funded
from tests.support.mails import mails_to
from tests.support.people import acting_as, make_organisation, make_person, sign_in, written


@pytest.fixture
def funded(app) -> Funded:
    """A region without an account at Stripe, and a PCC."""
    region = make_organisation(OrganisationKind.REGION)
    return make_funded(region, acting_as(make_person(Role.CONTRACT_MANAGER, region), region))


def sent(funded: Funded, **facts) -> Invoice:
    """An invoice that the funder has."""
    invoice = funded.invoice(100_00, 25_50, **facts)
    sending.send_due(clock.now())
    return again(invoice)


def person_of(acting) -> Person:
    """Who acts."""
    return db.session.get_one(Person, acting.person_id)


def test_from_the_mail_to_the_receipt(client, funded):
    with written():
        banks.set_details("HMPPS Kent", "30-94-30", "00733445", funded.manager)
    invoice = sent(funded, order="PO’7 <b>")
    assert (invoice.state, invoice.rail) == (InvoiceState.SENT, Rail.OUTSIDE)
    assert invoice.due_on == clock.today() + timedelta(days=30)
    sign_in(client, person_of(funded.lead), funded.funder)
    assert "Pay 1 invoice, £125.50, by" in client.show("/").text
    assert invoice.reference in client.show("/invoices/to-pay").text
    page = client.show(f"/invoices/{invoice.id}").text
    assert "30-94-30" in page and "00733445" in page and "PO’7 <b>" in page
    assert "Record as paid" not in page and "Withdraw" not in page
    paper = client.show(f"/invoices/{invoice.id}/paper").text
    assert "CON-KD4729, part 2" in paper and "£125.50" in paper and "30-94-30" in paper
    sign_in(client, make_person(Role.AUDITOR))
    paper = client.show(f"/invoices/{invoice.id}/paper").text
    assert invoice.reference in paper and "00733445" not in paper
    sign_in(client, person_of(funded.manager), funded.buyer)
    today = clock.today()
    tomorrow = today + timedelta(days=1)
    asked = {"reference": "BACS 9", "paid_on-day": tomorrow.day}
    asked |= {"paid_on-month": tomorrow.month, "paid_on-year": tomorrow.year}
    page = client.submit(f"/invoices/{invoice.id}/record", "Record as paid", asked).page
    assert "must be today or in the past" in page.text and "BACS 9" in page.html
    asked |= {"paid_on-day": today.day, "paid_on-month": today.month, "paid_on-year": today.year}
    page = client.submit(f"/invoices/{invoice.id}/record", "Record as paid", asked).page
    assert "Recorded as paid" in page.text and "BACS 9" in page.text
    assert again(invoice).state == InvoiceState.SETTLED
    told = [mail.template.rsplit("/", 1)[1] for mail in mails_to(person_of(funded.lead).email)]
    assert told == ["issued.txt", "settled.txt"]
    # A page that was open before says so, and nothing is lost.
    page = client.get(f"/invoices/{invoice.id}/record")
    assert page.status_code == 409 and "already been done" in page.text


def test_who_may_not(funded):
    invoice = sent(funded)
    with pytest.raises(Refused):
        recording.paid_outside(invoice.id, clock.today(), "x", funded.lead)
    with pytest.raises(Refused):
        recording.withdraw(invoice.id, funded.lead)
    with pytest.raises(Refused), write():
        recording.never_came(invoice.id, funded.lead)
    assert again(invoice).state == InvoiceState.SENT


def test_recorded_twice_is_recorded_once_and_a_day_before_it_was_written_is_refused(funded):
    invoice = sent(funded)
    with pytest.raises(Refusal):
        recording.paid_outside(
            invoice.id, clock.today() - timedelta(days=1), "BACS", funded.manager
        )
    recording.paid_outside(invoice.id, clock.today(), "BACS", funded.manager)
    with pytest.raises(AlreadyChanged):
        recording.paid_outside(invoice.id, clock.today(), "BACS", funded.manager)


def test_a_reminder_goes_once_when_the_day_has_passed(funded):
    invoice = sent(funded)
    assert reminding.remind_due(clock.now()) == 0
    with written():
        again(invoice).due_on = clock.today() - timedelta(days=1)
    assert [reminding.remind_due(clock.now()) for _round in range(2)] == [1, 0]
    assert mails_to(person_of(funded.lead).email)[-1].template.endswith("overdue.txt")


def test_withdrawn_and_what_never_came(client, funded):
    invoice, second = sent(funded), sent(funded)
    sign_in(client, person_of(funded.manager), funded.buyer)
    page = client.submit(f"/invoices/{invoice.id}/withdraw", "Withdraw it").page
    assert "due again" in page.text and again(invoice).state == InvoiceState.VOID
    recording.paid_outside(second.id, clock.today(), "BACS", funded.manager)
    page = client.submit(f"/invoices/{second.id}", "The money is not there").page
    assert again(second).state == InvoiceState.LOST


def test_an_invoice_that_was_not_sent_is_not_the_funders_to_see(client, funded):
    invoice = funded.invoice()
    sign_in(client, person_of(funded.lead), funded.funder)
    client.show(f"/invoices/{invoice.id}", status=404)
    assert invoice.reference not in client.show("/invoices/to-pay").text
