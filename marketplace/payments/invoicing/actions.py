"""Make an invoice, and what becomes of it: sent, paid, settled, failed, taken back, withdrawn.

What stands at Stripe follows what Stripe says (`following`); the rest is recorded by people
(`recording`). Pence with VAT. A body's books at Stripe move when the money can be used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.fresh import fresh_reference
from marketplace.lifecycle import Step
from marketplace.payments.actions import Cause, post
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.invoicing import mails
from marketplace.payments.invoicing.lifecycle import (
    HOLD,
    INVOICE,
    ISSUE,
    LOSE,
    REINSTATE,
    SETTLE,
    TAKE_BACK,
    WITHDRAW,
)
from marketplace.payments.invoicing.models import Invoice, InvoiceLine, NotSent

# Public bodies pay undisputed invoices within 30 days (Procurement Act 2023 s.68; here between
# two of them, as policy).
DAYS_TO_PAY = 30
LONGEST_ORDERS = 140


@dataclass(frozen=True)
class Line:
    """One part of an invoice; `text` is what people read of it, and names nobody.

    `pence` of what was approved in all (`whole_pence`; the same where it is not told), `vat_pence`
    of them VAT.
    """

    cause: Cause
    text: str
    pence: int
    purchase_order: str = ""
    whole_pence: int = 0
    vat_pence: int = 0


def make(
    issuer_id: UUID,
    funder_id: UUID,
    lines: Sequence[Line],
    *,
    is_demonstration: bool,
    by: Acting | None,
) -> Invoice:
    """A new invoice over these lines, due in 30 days; a job sends it.

    The caller holds the lock of what the lines are for, so that nothing is asked for twice.
    """
    orders = dict.fromkeys(line.purchase_order for line in lines if line.purchase_order)
    invoice = Invoice(
        id=new_id(),
        reference=fresh_reference(Invoice, "INV"),
        issuer_id=issuer_id,
        funder_id=funder_id,
        pence=sum(line.pence for line in lines),
        purchase_order=_shortened(", ".join(orders)),
        due_on=clock.today() + timedelta(days=DAYS_TO_PAY),
        made_at=clock.now(),
        is_demonstration=is_demonstration,
    )
    invoice.lines = [_row(number, line) for number, line in enumerate(lines, start=1)]
    db.session.add(invoice)
    db.session.flush()
    audit.record("invoice:made", subject=invoice, by=by, facts={"lines": len(lines)})
    return invoice


def _shortened(orders: str) -> str:
    """What fits Stripe's field; every line shows its own number in full."""
    return orders if len(orders) <= LONGEST_ORDERS else orders[: LONGEST_ORDERS - 1] + "…"


def _row(position: int, line: Line) -> InvoiceLine:
    return InvoiceLine(
        id=new_id(),
        position=position,
        cause_kind=line.cause.kind,
        cause_id=line.cause.id,
        text=line.text,
        purchase_order=line.purchase_order,
        pence=line.pence,
        whole_pence=line.whole_pence or line.pence,
        vat_pence=line.vat_pence,
    )


def locked(invoice_id: UUID) -> Invoice:
    """The invoice as it is now, locked; the first lock of everything done with it."""
    return db.session.get_one(Invoice, invoice_id, with_for_update=True, populate_existing=True)


def issued(invoice: Invoice, **facts: Any) -> None:
    """The funder has it: take the locked invoice's step ISSUE. Raises AlreadyChanged."""
    facts |= {"sent_at": clock.now(), "held_reason": None, "try_at": None}
    INVOICE.take(ISSUE, invoice, None, facts=facts)
    mails.tell_funder(invoice, "issued")


def held(invoice: Invoice, reason: NotSent) -> None:
    """It cannot go on by itself: take the step HOLD. Raises AlreadyChanged."""
    INVOICE.take(HOLD, invoice, None, {"held_reason": reason, "try_at": None}, reason)
    mails.tell_issuer(invoice, "held")


def settled(invoice: Invoice, by: Acting | None, **facts: Any) -> None:
    """The money can be used: take the step SETTLE, and post it to the issuer's books at Stripe.

    With `paid_outside` it came to the issuer's bank, which has no books here. Raises Refused,
    AlreadyChanged.
    """
    now = clock.now()
    facts |= {"settled_at": now, "paid_at": invoice.paid_at or now, "try_at": None}
    INVOICE.take(SETTLE, invoice, by, facts=facts)
    if not invoice.paid_outside:
        _post_in(invoice, "settled", invoice.pence, by)
        _post_out(invoice, "fee", invoice.fee_pence, by)
    mails.tell_funder(invoice, "settled")


def taken_back(invoice: Invoice, by: Acting | None, fee_pence: int = 0, **facts: Any) -> None:
    """The funder's bank has taken the money back: take the step TAKE_BACK.

    Raises Refused, AlreadyChanged.
    """
    INVOICE.take(TAKE_BACK, invoice, by, facts=facts | {"disputed_at": clock.now()})
    if not invoice.paid_outside:
        _post_out(invoice, "taken_back", invoice.pence, by)
        _post_out(invoice, "dispute_fee", fee_pence, by)
    mails.tell_issuer(invoice, "taken_back")


def reinstated(invoice: Invoice) -> None:
    """The bank has decided for the issuer: the money is there again. Raises AlreadyChanged."""
    INVOICE.take(REINSTATE, invoice, None)
    _post_in(invoice, "reinstated", invoice.pence, None)
    mails.tell_issuer(invoice, "reinstated")


def lost(invoice: Invoice, by: Acting | None) -> None:
    """The money is gone for good; somebody may ask for it again. Raises Refused, AlreadyChanged."""
    INVOICE.take(LOSE, invoice, by)


def withdrawn(invoice: Invoice, by: Acting | None, step: Step = WITHDRAW) -> None:
    """Nobody is to pay it any more: take WITHDRAW, or CANCEL where Stripe says that it is so.

    Raises Refused, Refusal, AlreadyChanged.
    """
    was_sent = invoice.sent_at is not None
    INVOICE.take(step, invoice, by, facts={"try_at": None, "held_reason": None})
    if was_sent:
        mails.tell_funder(invoice, "withdrawn")


def _post_in(invoice: Invoice, what: str, pence: int, by: Acting | None) -> None:
    books = db.session.get_one(StripeAccount, invoice.issuer_id)
    _post(invoice, what, books.balance_account_id, books.moved_account_id, pence, by)


def _post_out(invoice: Invoice, what: str, pence: int, by: Acting | None) -> None:
    books = db.session.get_one(StripeAccount, invoice.issuer_id)
    _post(invoice, what, books.moved_account_id, books.balance_account_id, pence, by)


def _post(
    invoice: Invoice, what: str, debit: UUID, credit: UUID, pence: int, by: Acting | None
) -> None:
    if pence:
        cause = Cause(f"invoice:{what}", invoice.id)
        post(debit=debit, credit=credit, pence=pence, cause=cause, by=by)


def invoice_at_stripe(issuer_id: UUID, reference: str) -> UUID | None:
    """Which of an issuer's invoices Stripe calls so."""
    return db.session.scalar(
        select(Invoice.id).where(
            Invoice.issuer_id == issuer_id, Invoice.rail_reference == reference
        )
    )
