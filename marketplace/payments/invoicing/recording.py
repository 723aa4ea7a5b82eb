"""What people do with an invoice: record it as paid, withdraw it, say how it is to be sent.

What stands at Stripe is changed there first, outside any write, and then read again: the process
may die in between, the next reading brings it to the same end.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask_babel import gettext as _

from marketplace import audit, calendar, clock
from marketplace.acting import Acting
from marketplace.database import db, write
from marketplace.lifecycle import Refusal, Step
from marketplace.payments.invoicing import actions, sending, stripe_invoices
from marketplace.payments.invoicing.following import follow, record
from marketplace.payments.invoicing.lifecycle import (
    INVOICE,
    KEEP,
    SETTLE,
    TRY_AGAIN,
    WITHDRAW,
    is_not_going,
)
from marketplace.payments.invoicing.models import Invoice, InvoiceState
from marketplace.payments.invoicing.permissions import InvoicePermission
from marketplace.payments.invoicing.reading import read
from marketplace.payments.paying.models import Rail
from marketplace.payments.stripes.clients import client_of
from marketplace.permissions import check

CLOSED_SOON = timedelta(minutes=2)


def try_again(invoice_id: UUID, by: Acting) -> None:
    """Have Stripe be asked again; what it knows already is found there.

    Raises Refused, AlreadyChanged.
    """
    facts = {"held_reason": None, "try_at": None, "by_hand": False}
    INVOICE.take(TRY_AGAIN, actions.locked(invoice_id), by, facts=facts)


def keep_from_stripe(invoice_id: UUID, by: Acting) -> None:
    """Have it be sent by our own mail, to be paid into the issuer's bank account.

    Opens its own writes. Raises Refused, AlreadyChanged, Refusal while it may stand at Stripe, and
    what Stripe's library raises.
    """
    _look(invoice_id, KEEP, by)
    facts = {"held_reason": None, "try_at": None, "by_hand": True, "rail": Rail.OUTSIDE}
    with write():
        INVOICE.take(KEEP, actions.locked(invoice_id), by, facts=facts)


def _look(invoice_id: UUID, step: Step, by: Acting) -> None:
    """Before it goes another way: record what stands at Stripe after all, whatever was answered.

    Raises Refused, AlreadyChanged, Refusal, and what Stripe's library raises.
    """
    invoice = sending.with_all(invoice_id)
    check(by, InvoicePermission.COLLECT, invoice)
    INVOICE.expect(step, invoice)
    problem = is_not_going(invoice)
    if problem:
        raise Refusal(problem)
    if not invoice.is_at_stripe or invoice.state != InvoiceState.HELD:
        return
    client = client_of(invoice.issuer_id)
    made = stripe_invoices.find(client, invoice)
    if made is None:
        return
    if made.status == "draft":
        client.v1.invoices.delete(made.id)
        return
    reading = read(client, made.id)
    with write():
        record(invoice_id, reading)


def paid_outside(invoice_id: UUID, paid_on: date, reference: str, by: Acting) -> None:
    """Record that the money came to the issuer's own bank on a day; opens its own writes.

    Raises Refused, AlreadyChanged, Refusal for a day that cannot be, and what Stripe's library
    raises where the invoice stands there.
    """
    with write():
        invoice = actions.locked(invoice_id)
        check(by, InvoicePermission.COLLECT, invoice)
        _refuse_under_way(invoice)
        INVOICE.expect(SETTLE, invoice)
        _refuse_day(invoice, paid_on)
        facts = {
            "paid_on": paid_on,
            "paid_reference": reference,
            "recorded_by_id": by.person_id,
        }
        if not invoice.is_at_stripe:
            actions.settled(invoice, by, paid_outside=True, **facts)
            return
        # Where Stripe does not answer now, the job goes on with it soon.
        facts["try_at"] = clock.technical_now() + CLOSED_SOON
        for name, value in facts.items():
            setattr(invoice, name, value)
        audit.record("invoice:recorded", subject=invoice, by=by)
    stripe_invoices.paid_elsewhere(client_of(invoice.issuer_id), invoice)
    follow(invoice_id)


def _refuse_under_way(invoice: Invoice) -> None:
    if invoice.state == InvoiceState.COLLECTING:
        raise Refusal(
            _(
                "This invoice is being paid through Stripe at the moment. It is recorded by itself "
                "when the money has settled."
            )
        )


def _refuse_day(invoice: Invoice, paid_on: date) -> None:
    if not calendar.day_of(invoice.made_at) <= paid_on <= clock.today():
        raise Refusal(
            _(
                "It cannot have been paid on that day: it was not written yet, or the day is still "
                "to come. Check the date."
            )
        )


def withdraw(invoice_id: UUID, by: Acting) -> None:
    """Have nobody pay it: what it asked for is due again; opens its own writes.

    Raises Refused, AlreadyChanged, Refusal, and what Stripe's library raises.
    """
    _look(invoice_id, WITHDRAW, by)
    # Somebody may be paying it there, or have withdrawn it.
    follow(invoice_id)
    invoice = db.session.get_one(Invoice, invoice_id)
    if invoice.state == InvoiceState.VOID:
        return
    INVOICE.expect(WITHDRAW, invoice)
    if invoice.is_at_stripe and invoice.rail_reference is not None:
        stripe_invoices.withdraw(client_of(invoice.issuer_id), invoice)
    with write():
        invoice = actions.locked(invoice_id)
        if invoice.state != InvoiceState.VOID:
            # Stripe's event may have been faster.
            actions.withdrawn(invoice, by)


def never_came(invoice_id: UUID, by: Acting) -> None:
    """What was recorded as paid into the issuer's bank is not there (any more).

    Raises Refused, AlreadyChanged, Refusal for what was paid through Stripe.
    """
    invoice = actions.locked(invoice_id)
    check(by, InvoicePermission.COLLECT, invoice)
    if not invoice.paid_outside:
        raise Refusal(
            _("What was paid through Stripe is recorded as taken back when Stripe says so.")
        )
    actions.taken_back(invoice, by)
    actions.lost(invoice, by)
    db.session.flush()
