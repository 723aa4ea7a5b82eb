"""A body's account at Stripe: its state, without its secrets."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from marketplace.payments.bodies import queries
from marketplace.payments.bodies.permissions import StripePermission
from marketplace.payments.stripes.clients import held_at_stripe
from marketplace.payments.stripes.errors import no_answer
from marketplace.permissions import allowed, check, requires
from marketplace.registry import NavigationEntry, navigation, panels
from marketplace.web.acting import actor
from marketplace.web.filters import shown_pounds

blueprint = Blueprint("stripe_accounts", __name__, url_prefix="/payments/stripe")


@blueprint.get("")
@requires(StripePermission.SEE)
def index() -> str | Response:
    """Every body's account for who oversees them; one's own for a body."""
    by = actor()
    if allowed(by, StripePermission.OVERSEE):
        page = queries.accounts_page()
        return render_template("marketplace/payments/stripes/index.html", page=page)
    if queries.has_account(by.organisation_id):
        return redirect(url_for("stripe_accounts.show", body_id=by.organisation_id))
    return render_template("marketplace/payments/stripes/none.html")


@blueprint.get("/<uuid:body_id>")
@requires(StripePermission.SEE)
def show(body_id: UUID) -> str:
    """One account: what it is, what it holds, who is paid by it, what Stripe told."""
    by = actor()
    account = queries.account_of(body_id, by)
    return render_template(
        "marketplace/payments/stripes/show.html",
        account=account,
        name=account.organisation.name,
        panels=[panel(account, by) for panel in panels().get("stripe_account", ())],
        oversees=allowed(by, StripePermission.OVERSEE),
        may_check=allowed(by, StripePermission.CHECK, account),
        events_address=url_for("stripe_hooks.receive", body_id=body_id, _external=True),
    )


@blueprint.post("/<uuid:body_id>/check")
@requires(StripePermission.CHECK)
def ask(body_id: UUID) -> Response:
    """Ask Stripe whether it knows the key, and what it holds."""
    account = queries.account_of(body_id, actor())
    check(actor(), StripePermission.CHECK, account)
    with no_answer():
        held = held_at_stripe(body_id)
        flash(
            _("Stripe answers. It says that %(held)s can be used now.", held=shown_pounds(held)),
            "success",
        )
    return redirect(url_for("stripe_accounts.show", body_id=body_id), 303)


def register(app: Flask) -> None:
    """Add the pages, and the way to them."""
    app.register_blueprint(blueprint)
    entry = NavigationEntry(
        _l("Stripe accounts"), "stripe_accounts.index", StripePermission.OVERSEE, 71
    )
    navigation(app).append(entry)
