"""Who reads an invoice, and who looks after it for the buyer that sent it."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Acting, Role
from marketplace.payments.bodies.permissions import PAYERS
from marketplace.payments.invoicing.models import Invoice
from marketplace.permissions import policy, rule

READERS = (*PAYERS, Role.COMMISSIONING_OFFICER, Role.DIRECTOR, Role.DECISION_MAKER)


class InvoicePermission(StrEnum):
    """What can be done with invoices."""

    LIST = "invoice:list"
    SEE = "invoice:see"
    COLLECT = "invoice:collect"


def issues(by: Acting, invoice: Invoice) -> bool:
    """The organisation acted for has sent it."""
    return invoice.issuer_id == by.organisation_id


def is_side_or_auditor(by: Acting, invoice: Invoice) -> bool:
    """Who asks for it, who was asked, and the national auditor, who reads everything."""
    was_asked = invoice.funder_id == by.organisation_id and invoice.sent_at is not None
    return issues(by, invoice) or was_asked or by.has(Role.AUDITOR)


TABLE = {
    InvoicePermission.LIST: rule([*READERS, Role.AUDITOR]),
    InvoicePermission.SEE: rule([*READERS, Role.AUDITOR], when=is_side_or_auditor),
    InvoicePermission.COLLECT: rule(PAYERS, when=issues, fresh=True),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
