"""The page on which two people open a lot's bids."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from bids.evaluation.queries import evaluation_of
from bids.opening import actions, queries
from bids.permissions import BidPermission
from marketplace.database import write
from marketplace.permissions import requires
from marketplace.web.acting import actor

blueprint = Blueprint("openings", __name__, template_folder="../templates")


@blueprint.get("/lots/<uuid:lot_id>/opening")
@requires(BidPermission.SEE_OPENING)
def show(lot_id: UUID) -> Any:
    """How far the opening is, and the button to confirm it."""
    opening = queries.opening_of(lot_id, actor())
    return render_template(
        "bids/opening/show.html",
        opening=opening,
        people=queries.people_of(opening),
        due=queries.is_due(opening.lot),
        mine=opening.first_by_id == actor().person_id,
        evaluation=evaluation_of(lot_id),
    )


@blueprint.post("/lots/<uuid:lot_id>/opening")
@requires(BidPermission.OPEN)
def confirm(lot_id: UUID) -> Any:
    """Confirm; the second confirmation opens."""
    queries.opening_of(lot_id, actor())
    with write():
        actions.confirm_opening(lot_id, actor())
    opened = evaluation_of(lot_id)
    if opened is not None:
        flash(_("The bids are open. Both confirmations are on record."), "success")
        return redirect(url_for("evaluations.show", evaluation_id=opened.id))
    flash(_("Confirmed. A second person must confirm before the bids open."), "success")
    return redirect(url_for("openings.show", lot_id=lot_id))
