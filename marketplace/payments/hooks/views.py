"""Where Stripe sends its events: verified, stored once, answered at once.

And what an administrator does with those that could not be dealt with.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.database import db, write
from marketplace.payments.bodies import queries
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.bodies.permissions import StripePermission
from marketplace.payments.hooks import actions
from marketplace.payments.hooks.verifying import NotFromStripe, verified
from marketplace.payments.stripes.handlers import handler_of
from marketplace.permissions import public, requires
from marketplace.web import csrf
from marketplace.web.acting import actor

MOST_BYTES = 512 * 1024
blueprint = Blueprint("stripe_hooks", __name__, url_prefix="/payments/stripe")


@blueprint.post("/<uuid:body_id>/events")
@csrf.exempt
@public
def receive(body_id: UUID) -> tuple[str, int]:
    """Take one event of this body's account; what it asks for is done by a job.

    Its signature is the only proof of who sends it: 422 where that does not hold. Stripe sends an
    event again until it is answered with 200.
    """
    account = db.session.get(StripeAccount, body_id)
    if account is None:
        abort(404)
    if (request.content_length or 0) > MOST_BYTES:
        return "", 413
    try:
        told = verified(account, request.get_data(), request.headers.get("Stripe-Signature"))
    except NotFromStripe:
        return "", 422
    if handler_of(told.kind) is not None and not actions.is_known(body_id, told.id):
        with write():
            actions.store(body_id, told)
    return "", 200


@blueprint.post("/<uuid:body_id>/events/try-again")
@requires(StripePermission.DEAL)
def try_again(body_id: UUID) -> Response:
    """Have what could not be dealt with be tried anew."""
    queries.account_of(body_id, actor())
    with write():
        actions.try_again(body_id, actor())
    flash(_("It is tried in a moment. Reload this page to see what came of it."))
    return _back(body_id)


@blueprint.post("/<uuid:body_id>/events/set-aside")
@requires(StripePermission.DEAL)
def set_aside(body_id: UUID) -> Response:
    """Leave what cannot be dealt with."""
    queries.account_of(body_id, actor())
    with write():
        actions.set_aside(body_id, actor())
    flash(_("Set aside. What is open is still read at Stripe by itself."), "success")
    return _back(body_id)


def _back(body_id: UUID) -> Response:
    address = url_for("stripe_accounts.show", body_id=body_id, _anchor="events")
    return redirect(address, 303)


def register(app: Flask) -> None:
    """Add the endpoint."""
    app.register_blueprint(blueprint)
