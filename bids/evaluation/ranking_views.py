"""The button that ranks again, after another lot of the competition was decided."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bids.evaluation import queries, standings
from bids.permissions import BidPermission
from marketplace.database import write
from marketplace.permissions import requires
from marketplace.web.acting import actor

blueprint = Blueprint("ranking", __name__, url_prefix="/evaluations")


@blueprint.post("/<uuid:evaluation_id>/ranking/again")
@requires(BidPermission.MANAGE)
def again(evaluation_id: UUID) -> Response:
    """Rank the bids once more."""
    queries.managed(evaluation_id, actor())
    with write():
        standings.rank_again(evaluation_id, actor())
    flash(_("The bids are ranked again."), "success")
    return redirect(url_for("evaluations.show", evaluation_id=evaluation_id), 303)
