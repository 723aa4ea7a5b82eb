"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from lots.contracts.contributions import gathering, permissions, queries, reacting, views
from lots.contracts.contributions.permissions import SharePermission
from marketplace.acting import Acting, Role
from marketplace.payments.bodies.permissions import PAYERS
from marketplace.payments.invoicing.models import Invoice
from marketplace.payments.invoicing.permissions import InvoicePermission
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, panels, waiting


def ways(by: Acting) -> Markup:
    """On the pages of payments and invoices: the way to shares, where there are some."""
    if not allowed(by, SharePermission.SEE_OWED):
        return Markup("")
    return Markup(
        render_template(
            "lots/contracts/contributions/_ways.html",
            pays=allowed(by, SharePermission.SEE) and queries.has_any(queries.own_shares(by)),
            is_owed=queries.has_any(queries.owed_shares(by)),
            audits=by.has(Role.AUDITOR),
        )
    )


def on_invoice(invoice: Invoice, by: Acting) -> Markup:
    """On an invoice whose money is gone: ask for it again."""
    if not allowed(by, InvoicePermission.COLLECT, invoice):
        return Markup("")
    if not queries.may_be_asked_again(invoice):
        return Markup("")
    return Markup(render_template("lots/contracts/contributions/_lost.html", invoice=invoice))


def waits_for(by: Acting) -> list[WaitingItem]:
    """Invoices whose money was taken back, until somebody has decided."""
    if not allowed(by, SharePermission.ASK):
        return []
    return [
        WaitingItem(
            _(
                "The money for invoice %(reference)s was taken back: ask for it again, or leave it",
                reference=invoice.reference,
            ),
            url_for("invoices.show", invoice_id=invoice.id),
        )
        for invoice in queries.to_ask_again(by)
    ]


def waits_for_funder(by: Acting) -> list[WaitingItem]:
    """Invoices whose money its bank took back: still owed, until it is asked for again."""
    if not by.has(*PAYERS):
        return []
    return [
        WaitingItem(
            _(
                "Your bank took back the money for invoice %(reference)s: speak to %(issuer)s",
                reference=invoice.reference,
                issuer=invoice.issuer.name,
            ),
            url_for("invoices.show", invoice_id=invoice.id),
        )
        for invoice in queries.own_taken_back(by)
    ]


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    reacting.register(app)
    gathering.register(app)
    views.register(app)
    waiting(app).extend([waits_for, waits_for_funder])
    for name in ("payments", "invoices_to_pay", "invoices_asked"):
        panels(app).setdefault(name, []).append(ways)
    panels(app).setdefault("invoice", []).append(on_invoice)
