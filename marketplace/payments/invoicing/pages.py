"""The pages of invoices, for whoever reads of them elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from marketplace.acting import Acting
from marketplace.database import db
from marketplace.payments import causes
from marketplace.payments.causes import Link
from marketplace.payments.invoicing.models import Invoice
from marketplace.payments.invoicing.permissions import InvoicePermission
from marketplace.permissions import allowed

AT_STRIPE = {
    "invoice:settled": _l("Share paid by a funder"),
    "invoice:fee": _l("Fee for collecting a share"),
    "invoice:taken_back": _l("Share that a funder’s bank took back"),
    "invoice:dispute_fee": _l("Fee for a share that was taken back"),
    "invoice:reinstated": _l("Share that came back after all"),
}


def pages(ids: Collection[UUID], by: Acting) -> dict[UUID, list[Link]]:
    """The page of each invoice."""
    rows = db.session.scalars(select(Invoice).where(Invoice.id.in_(ids)))
    return {each.id: [_link(each)] for each in rows if allowed(by, InvoicePermission.SEE, each)}


def _link(invoice: Invoice) -> Link:
    text = _("Invoice %(reference)s", reference=invoice.reference)
    return Link(text, url_for("invoices.show", invoice_id=invoice.id))


def register(app: Flask) -> None:
    """Tell the ledger's readers of invoices."""
    causes.tell(app, AT_STRIPE, pages)
