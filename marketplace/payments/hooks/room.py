"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import func, select

from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.bodies.permissions import StripePermission
from marketplace.payments.hooks import actions, dealing, views
from marketplace.payments.hooks.actions import ATTEMPTS_TOLD, MOST_ATTEMPTS
from marketplace.payments.hooks.models import ReceivedEvent
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, panels, waiting

SHOWN = 5


def panel(account: StripeAccount, by: Acting) -> Markup:
    """On a body's page: when Stripe last told something, and what could not be dealt with."""
    own = ReceivedEvent.body_id == account.organisation_id
    last = db.session.scalar(select(func.max(ReceivedEvent.received_at)).where(own))
    stuck = actions.stuck(account.organisation_id)
    oldest = select(ReceivedEvent).where(*stuck).order_by(ReceivedEvent.received_at)
    failing = db.session.scalars(oldest.limit(SHOWN)).all()
    given_up = select(func.count()).where(*stuck, ReceivedEvent.attempts >= MOST_ATTEMPTS)
    return Markup(
        render_template(
            "marketplace/payments/hooks/_events.html",
            last=last,
            failing=failing,
            given_up=db.session.scalar(given_up) or 0,
            may_deal=allowed(by, StripePermission.DEAL, account),
            may_leave=any(each.attempts >= ATTEMPTS_TOLD for each in failing),
            account=account,
        )
    )


def waits_for(by: Acting) -> list[WaitingItem]:
    """Bodies whose events could not be dealt with again and again, for who set them up."""
    if not by.has(Role.ADMINISTRATOR):
        return []
    stuck = (ReceivedEvent.handled_at.is_(None), ReceivedEvent.attempts >= ATTEMPTS_TOLD)
    bodies = select(ReceivedEvent.body_id).where(*stuck).distinct().limit(SHOWN)
    return [
        WaitingItem(
            _("Something that Stripe told could not be dealt with"),
            url_for("stripe_accounts.show", body_id=body_id, _anchor="events"),
        )
        for body_id in db.session.scalars(bodies)
    ]


def register(app: Flask) -> None:
    """Add this room to the application."""
    views.register(app)
    dealing.register(app)
    panels(app).setdefault("stripe_account", []).append(panel)
    waiting(app).append(waits_for)
