"""The job that sends invoices: the intent is stored with its key, then Stripe is asked.

Whatever had a key before is looked for first; every step at Stripe (the draft, its lines, making
it final) is taken only where it has not been taken. An issuer without an account at Stripe sends
by a mail with a link to a page that can be printed.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace import clock, jobs
from marketplace.database import db, write
from marketplace.jobs import pause_after
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.invoicing import actions, following, stripe_invoices
from marketplace.payments.invoicing.lifecycle import INVOICE, SEND
from marketplace.payments.invoicing.models import Invoice, InvoiceState, NotSent
from marketplace.payments.invoicing.reading import read
from marketplace.payments.paying.actions import MOST_ATTEMPTS
from marketplace.payments.paying.models import Rail
from marketplace.payments.stripes.clients import MOST_PENCE, NoStripeAccount, client_of
from marketplace.payments.stripes.errors import is_unclear
from marketplace.payments.turns import Went, in_turn

if TYPE_CHECKING:
    from stripe import Invoice as StripeInvoice
    from stripe import StripeClient

    from marketplace.payments.invoicing.reading import Reading

# Longer than all the answers that one invoice needs may take.
CLAIMED_FOR = timedelta(minutes=10)
log = logging.getLogger(__name__)


def send_due(now: datetime) -> int:
    """The job: send what is to be sent, the oldest first; returns how many were dealt with."""
    return in_turn(_due(), send, is_unclear)


def _due() -> Sequence[tuple[UUID, UUID]]:
    waits = Invoice.state.in_((InvoiceState.READY, InvoiceState.SENDING))
    again = or_(Invoice.try_at.is_(None), Invoice.try_at <= clock.technical_now())
    found = select(Invoice.id, Invoice.issuer_id).where(waits, again)
    return db.session.execute(found.order_by(Invoice.made_at, Invoice.id)).all()


def send(invoice_id: UUID) -> Went:
    """Claim one, send it, and record what came of it; NOTHING where it was not to be had."""
    with write():
        claimed = claim(invoice_id)
    if claimed is None:
        return Went.NOTHING
    if claimed.state == InvoiceState.SENT:
        return Went.DONE
    try:
        return _ask_and_record(invoice_id)
    except Exception:
        # What fails on our side for ever is held in the end, too.
        with write():
            _not_sent(actions.locked(invoice_id), NotSent.UNCLEAR)
        raise


def _ask_and_record(invoice_id: UUID) -> Went:
    came = ask(invoice_id)
    with write():
        if isinstance(came, NotSent):
            _not_sent(actions.locked(invoice_id), came)
        else:
            # What was withdrawn there meanwhile is as if no answer had come.
            _not_sent(following.record(invoice_id, came), NotSent.UNCLEAR)
    return Went.UNCLEAR if came == NotSent.UNCLEAR else Went.DONE


def claim(invoice_id: UUID) -> Invoice | None:
    """Make it ours for a while, with the key under which Stripe is asked; or send it by mail."""
    invoice = actions.locked(invoice_id)
    now = clock.technical_now()
    if invoice.try_at is not None and invoice.try_at > now:
        return None
    if invoice.state == InvoiceState.SENDING:
        invoice.attempts += 1
        invoice.try_at = now + CLAIMED_FOR
        return invoice
    if not goes_by_stripe(invoice):
        actions.issued(invoice, rail=Rail.OUTSIDE)
        return invoice
    facts = {
        "rail": Rail.STRIPE,
        "idempotency_key": uuid4().hex,
        "attempts": 1,
        "asked_at": now,
        "try_at": now + CLAIMED_FOR,
    }
    INVOICE.take(SEND, invoice, None, facts=facts)
    return invoice


def goes_by_stripe(invoice: Invoice) -> bool:
    """The issuer has an account that may take this money; nobody has said otherwise.

    Invented money is never asked for in an account that moves real money.
    """
    account = db.session.get(StripeAccount, invoice.issuer_id)
    if account is None or invoice.by_hand or invoice.pence > MOST_PENCE:
        return False
    return not (account.is_live and invoice.is_demonstration)


def ask(invoice_id: UUID) -> Reading | NotSent:
    """Have Stripe send it, and read what stands there, or why it does not; outside any write."""
    import stripe

    invoice = with_all(invoice_id)
    try:
        client = client_of(invoice.issuer_id)
        reference = _sent(client, invoice, stripe_invoices.find(client, invoice))
        return read(client, reference) if reference is not None else NotSent.REFUSED
    except stripe.StripeError as error:
        # Also a refusal: it is one to look, and says nothing of what stands there.
        log.warning("Stripe did not answer", extra={"stripe_error": type(error).__name__})
    except (NoStripeAccount, stripe_invoices.NotOurs) as error:
        log.warning("not sent", extra={"invoice": str(invoice_id), "why": type(error).__name__})
    return NotSent.UNCLEAR


def with_all(invoice_id: UUID) -> Invoice:
    """The invoice as it is now, with what Stripe is told of it."""
    options = [selectinload(Invoice.lines), joinedload(Invoice.funder)]
    return db.session.get_one(Invoice, invoice_id, options=options, populate_existing=True)


def _sent(client: StripeClient, invoice: Invoice, found: StripeInvoice | None) -> str | None:
    """What Stripe calls it; None where Stripe refused it and nothing stands there to be paid."""
    import stripe

    try:
        return stripe_invoices.send(client, invoice, found)
    except stripe.StripeError as error:
        if is_unclear(error):
            raise
        log.warning("Stripe refused it", extra={"stripe_error": type(error).__name__})
    # An attempt before this one may have come to its end after all.
    made = stripe_invoices.find(client, invoice)
    return made.id if made is not None and made.status != "draft" else None


def _not_sent(invoice: Invoice, why: NotSent) -> None:
    if invoice.state != InvoiceState.SENDING:
        return
    if why == NotSent.REFUSED or invoice.attempts >= MOST_ATTEMPTS:
        actions.held(invoice, why)
    else:
        invoice.try_at = clock.technical_now() + pause_after(invoice.attempts)


def register(app: Flask) -> None:
    """Put the sending into the application's round."""
    jobs.register(app, "send invoices", send_due)
