"""Who is told of an invoice: those who pay at the funder, those who collect at the issuer."""

from __future__ import annotations

from uuid import UUID

from marketplace.payments.bodies.permissions import PAYERS
from marketplace.payments.invoicing.models import Invoice
from marketplace.payments.paying.mails import tell

FOLDER = "marketplace/payments/invoicing/mail"


def tell_funder(invoice: Invoice, template: str) -> None:
    """Write to those who pay for the funder."""
    _tell(invoice, invoice.funder_id, template)


def tell_issuer(invoice: Invoice, template: str) -> None:
    """Write to those who collect for the issuer."""
    _tell(invoice, invoice.issuer_id, template)


def _tell(invoice: Invoice, organisation_id: UUID, template: str) -> None:
    facts = {"reference": invoice.reference, "invoice_id": str(invoice.id)}
    tell(organisation_id, PAYERS, f"{FOLDER}/{template}.txt", invoice.id, facts)
