"""Where Stripe sends its events: verified, stored once, answered at once."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, abort, request

from marketplace.database import db, write
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.hooks import actions
from marketplace.payments.hooks.verifying import NotFromStripe, verified
from marketplace.payments.stripes.handlers import handler_of
from marketplace.permissions import public
from marketplace.web import csrf

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


def register(app: Flask) -> None:
    """Add the endpoint."""
    app.register_blueprint(blueprint)
