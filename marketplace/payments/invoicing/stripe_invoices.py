"""An invoice at Stripe: found or begun, filled with its lines, made final, and mailed.

Stripe is told the name and the office address of the funder, and what is paid for by contract and
month: no case, no person.
"""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from marketplace import clock
from marketplace.database import db, end_reading, insert_into, write
from marketplace.payments.invoicing.models import Invoice, InvoiceCustomer
from marketplace.payments.stripes.metadata import ours_among
from marketplace.web.filters import shown_pounds

if TYPE_CHECKING:
    from stripe import Invoice as StripeInvoice
    from stripe import StripeClient

INVOICE, ORGANISATION = "invoice", "organisation"
MOST_LISTED = 100
# Stripe names the field on the invoice; the funder's accounts people look for these words.
ORDER_FIELD = "Purchase order"
# Stripe refuses a day that has passed.
LEAST_NOTICE = timedelta(days=1)
log = logging.getLogger(__name__)


class NotOurs(Exception):
    """What stands at Stripe under our id has another amount: somebody must look."""


def find(client: StripeClient, invoice: Invoice) -> StripeInvoice | None:
    """What stands at Stripe for it; one that was withdrawn there does not count.

    Raises what Stripe's library raises.
    """
    customer = _known(client, invoice)
    if customer is None:
        return None
    listed = client.v1.invoices.list(params={"customer": customer, "limit": MOST_LISTED})
    valid = (each for each in listed.auto_paging_iter() if each.status != "void")
    return ours_among(valid, INVOICE, invoice.id)


def send(client: StripeClient, invoice: Invoice, found: StripeInvoice | None) -> str:
    """Have it stand at Stripe, open to be paid, from what was found; what Stripe calls it.

    Raises what Stripe's library raises, and NotOurs.
    """
    made = found or _begin(client, invoice, _customer(client, invoice))
    if made.status == "draft":
        if not made.total:
            made = client.v1.invoices.add_lines(
                made.id, params={"lines": _lines(invoice)}, options=_key(invoice, "lines")
            )
        if made.total != invoice.pence:
            raise NotOurs(made.id)
        made = client.v1.invoices.finalize_invoice(
            made.id, params={"auto_advance": False}, options=_key(invoice, "final")
        )
    if made.status == "open" and invoice.funder.contact_email:
        _mail(client, invoice, made)
    return made.id


def _key(invoice: Invoice, step: str) -> Any:
    return {"idempotency_key": f"{invoice.idempotency_key}-{step}"}


def _customer(client: StripeClient, invoice: Invoice) -> str:
    """The funder among the issuer's customers, with its name and address as they are now."""
    known = _known(client, invoice) or _new_customer(client, invoice)
    with write():
        new = insert_into(InvoiceCustomer).values(
            issuer_id=invoice.issuer_id, funder_id=invoice.funder_id, stripe_id=known
        )
        db.session.execute(new.on_conflict_do_nothing())
    office: Any = {"name": invoice.funder.name}
    if invoice.funder.contact_email:
        office["email"] = invoice.funder.contact_email
    client.v1.customers.update(known, params=office)
    return known


def _known(client: StripeClient, invoice: Invoice) -> str | None:
    """What Stripe calls the funder, as it is stored here, or else as Stripe lists it."""
    stored = select(InvoiceCustomer.stripe_id).where(
        InvoiceCustomer.issuer_id == invoice.issuer_id,
        InvoiceCustomer.funder_id == invoice.funder_id,
    )
    known = db.session.scalar(stored)
    end_reading()
    if known is not None:
        return known
    listed = client.v1.customers.list(params={"limit": MOST_LISTED})
    found = ours_among(listed.auto_paging_iter(), ORGANISATION, invoice.funder_id)
    return found.id if found is not None else None


def _new_customer(client: StripeClient, invoice: Invoice) -> str:
    return client.v1.customers.create(
        params={"metadata": {ORGANISATION: str(invoice.funder_id)}},
        options=_key(invoice, "customer"),
    ).id


def _begin(client: StripeClient, invoice: Invoice, customer: str) -> StripeInvoice:
    params: Any = {
        "customer": customer,
        "currency": "gbp",
        "number": invoice.reference,
        "collection_method": "send_invoice",
        "auto_advance": False,
        "pending_invoice_items_behavior": "exclude",
        "due_date": _due(invoice),
        "metadata": {INVOICE: str(invoice.id)},
        "payment_settings": {
            "payment_method_types": ["bacs_debit", "customer_balance"],
            "payment_method_options": {
                "customer_balance": {
                    "funding_type": "bank_transfer",
                    "bank_transfer": {"type": "gb_bank_transfer"},
                }
            },
        },
    }
    if invoice.purchase_order:
        params["custom_fields"] = [{"name": ORDER_FIELD, "value": invoice.purchase_order}]
    return client.v1.invoices.create(params=params, options=_key(invoice, "begin"))


def _due(invoice: Invoice) -> int:
    end_of_day = datetime.combine(invoice.due_on, time(23, 59), clock.LONDON)
    # Not the present moment, which differs at every attempt: the key stands for one request.
    first = max(end_of_day, _intended(invoice) + LEAST_NOTICE)
    return int(first.timestamp())


def _intended(invoice: Invoice) -> datetime:
    assert invoice.asked_at is not None  # stored with the key
    return invoice.asked_at


def _lines(invoice: Invoice) -> Any:
    return [{"amount": line.pence, "description": _words(line)} for line in invoice.lines]


def _words(line: Any) -> str:
    words = [line.text]
    if line.pence != line.whole_pence:
        words.append(f"{line.percent}% of {shown_pounds(line.whole_pence)}")
    if line.vat_pence:
        words.append(f"VAT {shown_pounds(line.vat_pence)} of it")
    if line.purchase_order:
        words.append(f"{ORDER_FIELD} {line.purchase_order}")
    return "; ".join(words)


def _mail(client: StripeClient, invoice: Invoice, made: StripeInvoice) -> None:
    """Stripe's own mail to the funder's office; ours is written anyway, so it may fail."""
    import stripe

    try:
        client.v1.invoices.send_invoice(made.id, options=_key(invoice, "mail"))
    except stripe.StripeError as error:
        log.warning("Stripe did not mail it", extra={"stripe_error": type(error).__name__})


# Both end an invoice, which is done once by itself. Under a key, a refusal while it is being paid
# would be Stripe's answer for a day.


def withdraw(client: StripeClient, invoice: Invoice) -> None:
    """Have nobody be able to pay it there. Raises what Stripe's library raises."""
    client.v1.invoices.void_invoice(invoice.rail_reference or "")


def paid_elsewhere(client: StripeClient, invoice: Invoice) -> None:
    """Tell Stripe that the money came another way. Raises what Stripe's library raises."""
    client.v1.invoices.pay(invoice.rail_reference or "", params={"paid_out_of_band": True})
