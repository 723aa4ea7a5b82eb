"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask, render_template
from markupsafe import Markup

from marketplace.acting import Acting
from marketplace.payments.invoicing import (
    following,
    lifecycle,
    pages,
    permissions,
    queries,
    reminding,
    sending,
    views,
    waiting,
)
from marketplace.payments.invoicing.permissions import InvoicePermission
from marketplace.permissions import allowed
from marketplace.registry import panels


def panel(by: Acting) -> Markup:
    """On the page of payments: the way to invoices, where there are some."""
    if not allowed(by, InvoicePermission.LIST):
        return Markup("")
    heaps = {
        "to_pay": queries.heaps(queries.to_pay(by)),
        "asked": queries.heaps(queries.asked(by)),
    }
    return Markup(render_template("marketplace/payments/invoicing/_panel.html", heaps=heaps))


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    pages.register(app)
    lifecycle.register(app)
    sending.register(app)
    following.register(app)
    reminding.register(app)
    waiting.register(app)
    app.register_blueprint(views.blueprint)
    panels(app).setdefault("payments", []).append(panel)
