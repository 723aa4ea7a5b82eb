"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask, render_template
from markupsafe import Markup

from marketplace.acting import Acting
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.payees import (
    following,
    lifecycle,
    permissions,
    queries,
    sending,
    views,
    waiting,
)
from marketplace.payments.payees.permissions import PayeePermission
from marketplace.permissions import allowed
from marketplace.registry import panels


def panel(account: StripeAccount, by: Acting) -> Markup:
    """On a body's page: its providers and how far their accounts are."""
    counts = queries.payees_by_state(account.organisation_id)
    template = "marketplace/payments/payees/_payees.html"
    return Markup(render_template(template, account=account, counts=counts))


def notice(by: Acting) -> Markup | str:
    """Above a provider's payments and bank details: the buyers that pay it through Stripe."""
    if not allowed(by, PayeePermission.SEE):
        return ""
    counts = queries.own_by_readiness(by.organisation_id)
    template = "marketplace/payments/payees/_notice.html"
    return Markup(render_template(template, ready=counts.ready, others=counts.others))


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    lifecycle.register(app)
    sending.register(app)
    following.register(app)
    app.register_blueprint(views.blueprint)
    panels(app).setdefault("stripe_account", []).append(panel)
    for place in ("payments", "paid_to"):
        panels(app).setdefault(place, []).append(notice)
    waiting.register(app)
