"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask, render_template, url_for
from flask_babel import ngettext
from markupsafe import Markup

from marketplace.acting import Acting
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.reconciling import job, lifecycle, permissions, queries, views
from marketplace.payments.reconciling.permissions import ReconcilingPermission
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, panels, waiting


def panel(account: StripeAccount, by: Acting) -> Markup:
    """On a body's page: whether its books and Stripe's agree."""
    return Markup(
        render_template(
            "marketplace/payments/reconciling/_panel.html",
            account=account,
            standing=queries.standing(account.organisation_id),
        )
    )


def waits_for(by: Acting) -> list[WaitingItem]:
    """Differences that nobody has cleared up."""
    if not allowed(by, ReconcilingPermission.CLEAR_UP):
        return []
    count = queries.open_count(by.organisation_id)
    if not count:
        return []
    sentence = ngettext(
        "%(num)s difference between our books and Stripe’s: look at it",
        "%(num)s differences between our books and Stripe’s: look at them",
        count,
    )
    address = url_for("reconciling.index", body_id=by.organisation_id)
    return [WaitingItem(sentence, address, count)]


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    lifecycle.register(app)
    job.register(app)
    app.register_blueprint(views.blueprint)
    panels(app).setdefault("stripe_account", []).append(panel)
    waiting(app).append(waits_for)
