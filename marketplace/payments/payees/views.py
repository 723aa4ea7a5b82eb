"""A provider's pages: by which accounts it is paid, and setting one up on Stripe's own pages."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.payments.bodies import queries as bodies
from marketplace.payments.bodies.permissions import StripePermission
from marketplace.payments.payees import following, opening, queries
from marketplace.payments.payees.lifecycle import OPEN, PAYEE
from marketplace.payments.payees.models import PayeeAccount, PayeeState
from marketplace.payments.payees.permissions import PayeePermission
from marketplace.payments.payees.words import wanted_in_words
from marketplace.payments.stripes.errors import no_answer
from marketplace.permissions import check, requires
from marketplace.web.acting import actor

blueprint = Blueprint("payees", __name__, url_prefix="/payments/accounts")


@blueprint.get("")
@requires(PayeePermission.SEE)
def index() -> str:
    """The accounts by which this provider is paid."""
    page = queries.own_page(actor().organisation_id)
    return render_template("marketplace/payments/payees/index.html", page=page)


@blueprint.get("/of/<uuid:body_id>")
@requires(StripePermission.SEE)
def of_body(body_id: UUID) -> str:
    """The providers that a body pays through Stripe, for the body."""
    account = bodies.account_of(body_id, actor())
    page = queries.payees_page(body_id)
    return render_template("marketplace/payments/payees/of_body.html", account=account, page=page)


@blueprint.get("/<uuid:account_id>")
@requires(PayeePermission.SEE)
def show(account_id: UUID) -> str:
    """One account: how far it is, and what is to be done."""
    account = queries.account(account_id, actor())
    return _page(account, account.state, account.wants)


def _page(account: PayeeAccount, state: PayeeState, wants: list[str]) -> str:
    return render_template(
        "marketplace/payments/payees/show.html",
        account=account,
        body=account.body.organisation,
        state=state,
        wants=wanted_in_words(wants),
        may_begin=OPEN in PAYEE.offers(account, actor()),
        goes_to_stripe=state not in (PayeeState.WANTED, PayeeState.REFUSED),
    )


@blueprint.post("/<uuid:account_id>/open")
@requires(PayeePermission.SET_UP)
def begin(account_id: UUID) -> Response:
    """Have Stripe open the account; pressed twice, it is opened once."""
    queries.account(account_id, actor())
    with no_answer():
        opening.open_at_stripe(account_id, actor())
        flash(_("The account is opened. Go on at Stripe."), "success")
    return _back(account_id)


@blueprint.get("/<uuid:account_id>/stripe")
@requires(PayeePermission.SET_UP)
def go(account_id: UUID) -> Response:
    """Go to Stripe's pages; by a link, as browsers follow no form to another site."""
    account = queries.account(account_id, actor())
    check(actor(), PayeePermission.SET_UP, account)
    if account.stripe_id is not None:
        with no_answer():
            return redirect(opening.pages_at_stripe(account), 303)
    return _back(account_id)


@blueprint.get("/<uuid:account_id>/returned")
@requires(PayeePermission.SEE)
def returned(account_id: UUID) -> str:
    """Where Stripe sends somebody back to: what it says now; it is noted when Stripe tells it."""
    account = queries.account(account_id, actor())
    with no_answer():
        reading = following.reading_of(account)
        if reading is not None:
            return _page(account, reading.state, reading.wants)
    return _page(account, account.state, account.wants)


@blueprint.post("/<uuid:account_id>/check")
@requires(PayeePermission.SEE)
def look(account_id: UUID) -> Response:
    """Ask Stripe now how far the account is."""
    queries.account(account_id, actor())
    with no_answer():
        following.follow(account_id)
        flash(_("This is what Stripe says now."), "success")
    return _back(account_id)


def _back(account_id: UUID) -> Response:
    return redirect(url_for("payees.show", account_id=account_id), 303)
