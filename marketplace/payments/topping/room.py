"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask, render_template
from markupsafe import Markup

from marketplace.acting import Acting
from marketplace.database import db
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.bodies.permissions import StripePermission
from marketplace.payments.paying.models import Payment, PaymentState
from marketplace.payments.topping import asking, lifecycle, pages, queries, views, waiting
from marketplace.permissions import allowed
from marketplace.registry import panels

SHOWN = 5


def panel(account: StripeAccount, by: Acting) -> Markup:
    """On a body's page: what it holds and lacks, and its top-ups."""
    return Markup(
        render_template(
            "marketplace/payments/topping/_top_ups.html",
            account=account,
            standing=queries.standing(account),
            newest=queries.newest_top_ups(account.organisation_id, SHOWN),
            may_top_up=allowed(by, StripePermission.TOP_UP, account),
        )
    )


def payments_panel(by: Acting) -> Markup | str:
    """Above a buyer's payments: what it holds at Stripe, and the way there."""
    if not allowed(by, StripePermission.TOP_UP):
        return ""
    account = db.session.get(StripeAccount, by.organisation_id)
    standing = queries.standing(account) if account else None
    template = "marketplace/payments/topping/_notice.html"
    return Markup(render_template(template, body_id=by.organisation_id, standing=standing))


def payment_panel(payment: Payment, by: Acting) -> Markup | str:
    """On a payment that waits for money: what lacks in all, and the way to move it."""
    if payment.state != PaymentState.SHORT or payment.payer_id != by.organisation_id:
        return ""
    if not allowed(by, StripePermission.TOP_UP):
        return ""
    account = db.session.get_one(StripeAccount, payment.payer_id)
    template = "marketplace/payments/topping/_short.html"
    return Markup(
        render_template(template, body_id=payment.payer_id, standing=queries.standing(account))
    )


def register(app: Flask) -> None:
    """Add this room to the application."""
    lifecycle.register(app)
    pages.register(app)
    asking.register(app)
    app.register_blueprint(views.blueprint)
    panels(app).setdefault("stripe_account", []).append(panel)
    panels(app).setdefault("payments", []).append(payments_panel)
    panels(app).setdefault("payment", []).append(payment_panel)
    waiting.register(app)
