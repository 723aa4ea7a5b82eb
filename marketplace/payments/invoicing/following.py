"""Have an invoice follow what Stripe says of it: in any order, late, and as often as it is told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select, update

from marketplace import clock, events, jobs
from marketplace.acting import Acting
from marketplace.database import db, write
from marketplace.payments.invoicing import actions, stripe_invoices
from marketplace.payments.invoicing.lifecycle import (
    CANCEL,
    COLLECT,
    FAIL,
    INVOICE,
    ISSUE,
    SETTLE,
    TAKE_BACK,
)
from marketplace.payments.invoicing.mails import tell_funder, tell_issuer
from marketplace.payments.invoicing.models import Invoice, InvoiceState
from marketplace.payments.invoicing.reading import (
    Dispute,
    Money,
    Reading,
    invoice_of_intent,
    read,
)
from marketplace.payments.invoicing.stripe_invoices import INVOICE as OUR_INVOICE
from marketplace.payments.paying.models import Rail
from marketplace.payments.stripes.clients import client_of
from marketplace.payments.stripes.errors import is_unclear
from marketplace.payments.stripes.handlers import MONEY_AVAILABLE, handlers
from marketplace.payments.stripes.metadata import our_id
from marketplace.payments.turns import Went, in_turn

if TYPE_CHECKING:
    from stripe import StripeClient

# An event may be lost: what is open is read again by itself, and soon where money is coming.
READ_OPEN = timedelta(hours=6)
READ_COMING = timedelta(hours=1)
FOLLOWED = (InvoiceState.SENT, InvoiceState.COLLECTING, InvoiceState.FAILED)
log = logging.getLogger(__name__)


def follow(invoice_id: UUID) -> None:
    """Read an invoice at Stripe and record what it says; outside any write.

    Raises what Stripe's library raises.
    """
    invoice = db.session.get_one(Invoice, invoice_id)
    if invoice.rail != Rail.STRIPE or invoice.rail_reference is None:
        return
    reading = read(client_of(invoice.issuer_id), invoice.rail_reference)
    with write():
        record(invoice_id, reading)


def record(invoice_id: UUID, reading: Reading) -> Invoice:
    """Bring an invoice to what Stripe says of it now; the same reading again changes nothing."""
    invoice = actions.locked(invoice_id)
    if invoice.rail != Rail.STRIPE or invoice.rail_reference not in (None, reading.reference):
        # It was sent without Stripe in the meantime, or is another one there.
        return invoice
    if reading.status == "void":
        if invoice.is_paid_elsewhere:
            # Closed there by hand: the money has come all the same.
            actions.settled(invoice, None, paid_outside=True)
        elif invoice.state in CANCEL.frm:
            actions.withdrawn(invoice, None, CANCEL)
        return invoice
    if reading.status == "draft":
        return invoice
    if invoice.state in ISSUE.frm:
        facts = {"rail_reference": reading.reference, "pay_page": reading.pay_page}
        actions.issued(invoice, **facts)
    _follow_money(invoice, reading)
    _follow_dispute(invoice, reading)
    _note_when_next(invoice)
    return invoice


def _follow_money(invoice: Invoice, reading: Reading) -> None:
    if reading.money == Money.COMING and invoice.state in COLLECT.frm:
        paid = {
            "paid_at": clock.now(),
            "charge_reference": reading.charge,
            "method": reading.method,
        }
        INVOICE.take(COLLECT, invoice, None, facts=paid)
    elif reading.money == Money.FAILED and invoice.state in FAIL.frm:
        INVOICE.take(FAIL, invoice, None, facts={"paid_at": None, "charge_reference": None})
        tell_funder(invoice, "failed")
        tell_issuer(invoice, "failed_for_issuer")
    elif reading.money == Money.OUTSIDE and invoice.state in SETTLE.frm:
        day = invoice.paid_on or clock.today()
        actions.settled(invoice, None, paid_outside=True, paid_on=day)
    elif reading.money == Money.SETTLED and invoice.state in SETTLE.frm:
        if reading.pence != invoice.pence:
            log.error("another amount was paid", extra={"invoice": str(invoice.id)})
            return
        facts: dict[str, Any] = {
            "charge_reference": reading.charge,
            "fee_pence": reading.fee_pence,
            "method": reading.method,
            # Somebody may have begun to record it as paid in another way.
            "paid_on": None,
            "paid_reference": "",
            "recorded_by_id": None,
        }
        actions.settled(invoice, None, **facts)


def _follow_dispute(invoice: Invoice, reading: Reading) -> None:
    if reading.dispute == Dispute.NONE or reading.dispute_pence != invoice.pence:
        # A part that was taken back is found by the daily comparison, for somebody to look at.
        return
    is_new = invoice.dispute_reference is None
    if is_new and invoice.state in TAKE_BACK.frm:
        facts = {"dispute_reference": reading.dispute_reference}
        actions.taken_back(invoice, None, reading.dispute_fee_pence, **facts)
    if reading.dispute == Dispute.WON and invoice.state == InvoiceState.DISPUTED:
        actions.reinstated(invoice)
    elif reading.dispute == Dispute.LOST and invoice.state == InvoiceState.DISPUTED:
        actions.lost(invoice, None)


def _note_when_next(invoice: Invoice) -> None:
    if invoice.state not in FOLLOWED:
        invoice.try_at = None
    else:
        pause = READ_COMING if invoice.state == InvoiceState.COLLECTING else READ_OPEN
        invoice.try_at = clock.technical_now() + pause


def money_is_there(body_id: UUID, by: Acting | None) -> None:
    """Some money of a body can be used; Stripe names no invoice, so those on the way are read."""
    coming = (Invoice.issuer_id == body_id, Invoice.state == InvoiceState.COLLECTING)
    db.session.execute(
        update(Invoice)
        .where(*coming)
        .values(try_at=clock.technical_now())
        .execution_options(synchronize_session=False)
    )


def follow_due(now: datetime) -> int:
    """The job: read what has not been heard of for a while; returns how many were read."""
    waits = (
        Invoice.rail == Rail.STRIPE,
        Invoice.state.in_(FOLLOWED),
        Invoice.try_at <= clock.technical_now(),
    )
    found = select(Invoice.id, Invoice.issuer_id).where(*waits)
    in_order = found.order_by(Invoice.try_at, Invoice.id)
    due = db.session.execute(in_order).all()
    return in_turn(due, _follow_alone, is_unclear)


def _follow_alone(invoice_id: UUID) -> Went:
    with write():
        # Whoever else looks now leaves it alone, and one that cannot be read holds up no other.
        invoice = actions.locked(invoice_id)
        _note_when_next(invoice)
    if invoice.is_paid_elsewhere:
        _close(invoice)
    follow(invoice_id)
    return Went.DONE


def _close(invoice: Invoice) -> None:
    """Tell Stripe again that the money came another way; what it has taken itself is read then."""
    import stripe

    try:
        stripe_invoices.paid_elsewhere(client_of(invoice.issuer_id), invoice)
    except stripe.StripeError as error:
        if is_unclear(error):
            raise
        log.warning("Stripe did not close it", extra={"stripe_error": type(error).__name__})


def handle_invoice(body_id: UUID, object_id: str, account_id: str | None) -> None:
    """An event told of an invoice: read it; also one whose sending was never answered."""
    if account_id is not None:
        return
    invoice_id = actions.invoice_at_stripe(body_id, object_id) or _unanswered(
        body_id, our_id(client_of(body_id).v1.invoices.retrieve(object_id), OUR_INVOICE)
    )
    if invoice_id is not None:
        reading = read(client_of(body_id), object_id)
        with write():
            record(invoice_id, reading)


def _unanswered(body_id: UUID, invoice_id: UUID | None) -> UUID | None:
    own = (Invoice.id == invoice_id, Invoice.issuer_id == body_id)
    return db.session.scalar(select(Invoice.id).where(*own, Invoice.rail == Rail.STRIPE))


def handle_intent(body_id: UUID, object_id: str, account_id: str | None) -> None:
    """An event told of a payment: read the invoice that it is for."""
    if account_id is None:
        _follow_intent(client_of(body_id), body_id, object_id)


def handle_dispute(body_id: UUID, object_id: str, account_id: str | None) -> None:
    """An event told of a dispute: read the invoice that was paid by what is disputed."""
    if account_id is not None:
        return
    client = client_of(body_id)
    intent = client.v1.disputes.retrieve(object_id).payment_intent
    if intent is not None:
        _follow_intent(client, body_id, intent if isinstance(intent, str) else intent.id)


def _follow_intent(client: StripeClient, body_id: UUID, intent: str) -> None:
    reference = invoice_of_intent(client, intent)
    if reference is not None:
        handle_invoice(body_id, reference, None)


HANDLERS: dict[str, Callable[[UUID, str, str | None], None]] = {
    "invoice.": handle_invoice,
    "payment_intent.": handle_intent,
    "charge.dispute.": handle_dispute,
}


def register(app: Flask) -> None:
    """Follow what Stripe tells, and look by ourselves."""
    jobs.register(app, "follow invoices", follow_due)
    handlers(app).update(HANDLERS)
    events.when(app, MONEY_AVAILABLE, money_is_there)
