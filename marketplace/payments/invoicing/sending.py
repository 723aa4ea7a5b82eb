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
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.invoicing import actions, following, stripe_invoices
from marketplace.payments.invoicing.lifecycle import INVOICE, SEND
from marketplace.payments.invoicing.models import Invoice, InvoiceState, NotSent
from marketplace.payments.invoicing.reading import read
from marketplace.payments.paying.actions import MOST_ATTEMPTS, pause_after
from marketplace.payments.paying.models import Rail
from marketplace.payments.paying.rails import Answer
from marketplace.payments.stripes.clients import MOST_PENCE, NoStripeAccount, client_of
from marketplace.payments.stripes.errors import answer_of, is_unclear
from marketplace.payments.turns import Went, in_turn

if TYPE_CHECKING:
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
    answer, reading = ask(invoice_id)
    with write():
        if reading is not None:
            following.record(invoice_id, reading)
        else:
            _not_sent(actions.locked(invoice_id), answer)
    return Went.UNCLEAR if answer == Answer.UNKNOWN else Went.DONE


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


def ask(invoice_id: UUID) -> tuple[Answer, Reading | None]:
    """Have Stripe send it, and read what stands there; outside any write."""
    import stripe

    invoice = db.session.get_one(
        Invoice,
        invoice_id,
        options=[selectinload(Invoice.lines), joinedload(Invoice.funder)],
        populate_existing=True,
    )
    try:
        client = client_of(invoice.issuer_id)
        reference = stripe_invoices.send(client, invoice)
        return Answer.PAID, read(client, reference)
    except stripe.StripeError as error:
        log.warning("Stripe did not send it", extra={"stripe_error": type(error).__name__})
        return answer_of(error), None
    except (NoStripeAccount, stripe_invoices.NotOurs):
        return Answer.UNKNOWN, None


def _not_sent(invoice: Invoice, answer: Answer) -> None:
    if invoice.state != InvoiceState.SENDING:
        return
    if answer != Answer.UNKNOWN:
        actions.held(invoice, NotSent.REFUSED)
    elif invoice.attempts >= MOST_ATTEMPTS:
        actions.held(invoice, NotSent.UNCLEAR)
    else:
        invoice.try_at = clock.technical_now() + pause_after(invoice.attempts)


def register(app: Flask) -> None:
    """Put the sending into the application's round."""
    jobs.register(app, "send invoices", send_due)
