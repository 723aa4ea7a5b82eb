"""Move money from a body's bank to its balance at Stripe."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import once
from marketplace.database import write
from marketplace.payments.bodies import queries as bodies
from marketplace.payments.bodies.permissions import StripePermission
from marketplace.payments.topping import actions, queries
from marketplace.payments.topping.forms import TopUpForm
from marketplace.permissions import check, requires
from marketplace.web.acting import actor

blueprint = Blueprint("topping", __name__, url_prefix="/payments/stripe")


@blueprint.route("/<uuid:body_id>/top-up", methods=["GET", "POST"])
@requires(StripePermission.TOP_UP)
def top_up(body_id: UUID) -> str | Response:
    """Ask for a top-up; what lacks is suggested."""
    account = bodies.account_of(body_id, actor())
    check(actor(), StripePermission.TOP_UP, account)
    standing = queries.standing(account)
    form = TopUpForm()
    if not form.is_submitted():
        form.amount.data = standing.lacking or None
    if form.validate_on_submit():
        with write():
            once.use_up(form.once.data)
            actions.ask(body_id, form.amount.data or 0, actor())
        flash(_("Stripe is asked for it. It mostly takes one to three working days."), "success")
        return redirect(url_for("stripe_accounts.show", body_id=body_id, _anchor="top-ups"), 303)
    return render_template(
        "marketplace/payments/topping/top_up.html",
        form=form,
        account=account,
        standing=standing,
    )


@blueprint.get("/<uuid:body_id>/top-ups")
@requires(StripePermission.SEE)
def index(body_id: UUID) -> str:
    """Every top-up of a body."""
    account = bodies.account_of(body_id, actor())
    page = queries.top_ups_page(body_id)
    return render_template("marketplace/payments/topping/index.html", account=account, page=page)
