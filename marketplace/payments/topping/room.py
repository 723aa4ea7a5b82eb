"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from marketplace.acting import Acting
from marketplace.database import db
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.bodies.permissions import StripePermission
from marketplace.payments.topping import asking, lifecycle, queries, views
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, panels, waiting
from marketplace.web.filters import shown_pounds

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


def waits_for(by: Acting) -> list[WaitingItem]:
    """Payments that wait for money which nobody has asked for yet."""
    if not allowed(by, StripePermission.TOP_UP):
        return []
    account = db.session.get(StripeAccount, by.organisation_id)
    lacking = queries.standing(account).lacking if account else 0
    if not lacking:
        return []
    return [
        WaitingItem(
            _("Payments wait for money: %(lacking)s is missing", lacking=shown_pounds(lacking)),
            url_for("topping.top_up", body_id=by.organisation_id),
        )
    ]


def register(app: Flask) -> None:
    """Add this room to the application."""
    lifecycle.register(app)
    asking.register(app)
    app.register_blueprint(views.blueprint)
    panels(app).setdefault("stripe_account", []).append(panel)
    panels(app).setdefault("payments", []).append(payments_panel)
    waiting(app).append(waits_for)
