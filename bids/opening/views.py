"""The pages on which two people open a lot's bids, and which keep the record of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from bids.evaluation.queries import evaluation_of
from bids.opening import actions, queries
from bids.partners.queries import bids_too
from bids.permissions import BidPermission
from lots.keyholders.actions import WrongCode
from lots.keyholders.forms import CodeForm
from lots.keyholders.queries import holders_of
from lots.keyholders.throttles import count_code
from lots.permissions import is_lead_buyer
from marketplace.accounts.queries import names_of_people
from marketplace.acting import ROLES
from marketplace.database import write
from marketplace.permissions import allowed, check, requires
from marketplace.web.acting import actor

blueprint = Blueprint("openings", __name__, template_folder="../templates")


@blueprint.get("/lots/<uuid:lot_id>/opening")
@requires(BidPermission.SEE_OPENING)
def show(lot_id: UUID) -> Any:
    """How far the opening is, the way to confirm it, and afterwards its record."""
    opening = queries.opening_of(lot_id, actor())
    lot, by = opening.lot, actor()
    return render_template(
        "bids/opening/show.html",
        opening=opening,
        people=names_of_people([opening.first_by_id, opening.second_by_id]),
        due=queries.is_due(lot),
        mine=opening.first_by_id == by.person_id,
        may_confirm=allowed(by, BidPermission.OPEN, opening),
        tied=is_lead_buyer(by, lot) and bids_too(by.person_id, lot_id),
        holders=holders_of(lot_id) if lot.splits_key else [],
        me=by.person_id,
        versions=queries.opened_versions(opening),
        roles=ROLES,
        evaluation=evaluation_of(lot_id) if is_lead_buyer(by, lot) else None,
    )


@blueprint.post("/lots/<uuid:lot_id>/opening")
@requires(BidPermission.OPEN)
def confirm(lot_id: UUID) -> Response:
    """Confirm; the second confirmation opens."""
    check(actor(), BidPermission.OPEN, queries.opening_of(lot_id, actor()))
    with write():
        actions.confirm_opening(lot_id, actor())
    return _confirmed(lot_id)


@blueprint.route("/lots/<uuid:lot_id>/opening/code", methods=["GET", "POST"])
@requires(BidPermission.OPEN)
def code(lot_id: UUID) -> str | Response:
    """Confirm with one's opening code, where the lot's key is divided among people."""
    opening = queries.opening_of(lot_id, actor())
    check(actor(), BidPermission.OPEN, opening)
    if not opening.lot.splits_key:
        return redirect(url_for("openings.show", lot_id=lot_id))
    form = CodeForm()
    if form.validate_on_submit():
        count_code(lot_id, actor())
        try:
            with write():
                actions.confirm_opening(lot_id, actor(), form.code.data)
            return _confirmed(lot_id)
        except WrongCode as wrong:
            form.code.errors = [str(wrong.text)]
            opening = queries.opening_of(lot_id, actor())
    return render_template("bids/opening/code.html", opening=opening, form=form)


def _confirmed(lot_id: UUID) -> Response:
    opened = evaluation_of(lot_id)
    if opened is not None:
        flash(_("The bids are open. Both confirmations are on record."), "success")
        return redirect(url_for("evaluations.show", evaluation_id=opened.id))
    flash(_("Confirmed. A second person must confirm before the bids open."), "success")
    return redirect(url_for("openings.show", lot_id=lot_id))
