"""What people do with an invoice: record it as paid, withdraw it, say how it is to be sent.

What stands at Stripe is changed there first, outside any write, and then read again: the process
may die in between, the next reading brings it to the same end.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from marketplace import calendar, clock
from marketplace.acting import Acting
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.payments.invoicing import actions, stripe_invoices
from marketplace.payments.invoicing.following import follow
from marketplace.payments.invoicing.lifecycle import INVOICE, KEEP, SETTLE, TRY_AGAIN, WITHDRAW
from marketplace.payments.invoicing.models import Invoice, InvoiceState
from marketplace.payments.invoicing.permissions import InvoicePermission
from marketplace.payments.paying.models import Rail
from marketplace.payments.stripes.clients import client_of
from marketplace.permissions import check


def try_again(invoice_id: UUID, by: Acting) -> None:
    """Have Stripe be asked again; what it knows already is found there.

    Raises Refused, AlreadyChanged.
    """
    facts = {"held_reason": None, "try_at": None, "by_hand": False}
    INVOICE.take(TRY_AGAIN, actions.locked(invoice_id), by, facts=facts)


def keep_from_stripe(invoice_id: UUID, by: Acting) -> None:
    """Have it be sent by our own mail, to be paid into the issuer's bank account.

    Raises Refused, AlreadyChanged, Refusal while it may stand at Stripe.
    """
    facts = {"held_reason": None, "try_at": None, "by_hand": True, "rail": Rail.OUTSIDE}
    INVOICE.take(KEEP, actions.locked(invoice_id), by, facts=facts)


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
        for name, value in facts.items():
            setattr(invoice, name, value)
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
    with write():
        invoice = actions.locked(invoice_id)
        check(by, InvoicePermission.COLLECT, invoice)
        INVOICE.expect(WITHDRAW, invoice)
        if not invoice.is_at_stripe or invoice.rail_reference is None:
            actions.withdrawn(invoice, by)
            return
    stripe_invoices.withdraw(client_of(invoice.issuer_id), invoice)
    follow(invoice_id)


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
