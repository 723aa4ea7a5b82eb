"""What waits for who moves money to Stripe."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _

from marketplace.acting import Acting
from marketplace.database import db
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.bodies.permissions import StripePermission
from marketplace.payments.topping import queries
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, waiting
from marketplace.web.filters import shown_pounds


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
    """Say what waits."""
    waiting(app).append(waits_for)
