"""One press: my answers still stand."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bids.changes import actions
from bids.permissions import BidPermission
from bids.queries import own_bid
from marketplace.database import write
from marketplace.permissions import requires
from marketplace.web.acting import actor

blueprint = Blueprint("bid_changes", __name__, url_prefix="/bids")


@blueprint.post("/<uuid:bid_id>/still-stands")
@requires(BidPermission.SUBMIT)
def confirm(bid_id: UUID) -> Response:
    """Confirm the submitted bid after every change that its page showed."""
    own_bid(bid_id, actor())
    with write():
        actions.confirm(bid_id, request.form.get("seen", "").split(), actor())
    flash(_("Your answers stand. Nothing more is needed."), "success")
    return redirect(url_for("bids.show", bid_id=bid_id), 303)


def register(app: Flask) -> None:
    """Serve the page's button, and hear of changes."""
    app.register_blueprint(blueprint)
    actions.register(app)
