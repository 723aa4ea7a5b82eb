"""The buyer's pages of a competition: its opening, changes, and a later closing."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots import actions
from lots import queries as lots
from lots.competition import changes, closing, held, queries
from lots.competition.forms import ApproveForm, ClosingForm, change_form, wanted_of
from lots.competition.lifecycle import CHANGE
from lots.competition.models import LotChange
from lots.competition.permissions import CompetitionPermission
from lots.competition.vocabulary import CHANGE_KINDS
from lots.lifecycle import APPROVE, LOT
from lots.permissions import LotPermission
from marketplace import once
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import check, requires
from marketplace.web.acting import actor
from marketplace.web.filters import shown_date, shown_datetime

blueprint = Blueprint("competition", __name__, template_folder="templates")


@blueprint.route("/lots/<uuid:lot_id>/approve", methods=["GET", "POST"])
@requires(LotPermission.PUBLISH)
def approve(lot_id: UUID) -> str | Response:
    """Have a lot open by itself at a chosen time."""
    by = actor()
    lot = lots.own_lot(lot_id, by)
    check(by, LotPermission.PUBLISH, lot)
    LOT.expect(APPROVE, lot)
    form = ApproveForm()
    refused = None
    if form.validate_on_submit():
        try:
            with write():
                actions.approve_lot(lot_id, form.moment(), by)
        except Refusal as refusal:
            lot, refused = lots.own_lot(lot_id, by), refusal.text
        else:
            opens = shown_datetime(form.moment())
            flash(_("The lot opens by itself at %(moment)s.", moment=opens), "success")
            return redirect(url_for("lots.lot", lot_id=lot_id), 303)
    return render_template("lots/competition/approve.html", lot=lot, form=form, refused=refused)


@blueprint.post("/lots/<uuid:lot_id>/take-back")
@requires(LotPermission.TAKE_BACK)
def take_back(lot_id: UUID) -> Response:
    """Undo the approval of a lot that has not opened."""
    lots.own_lot(lot_id, actor())
    with write():
        actions.take_back_lot(lot_id, actor())
    flash(_("The approval is taken back. The lot is planned, and can be edited."), "success")
    return redirect(url_for("lots.lot", lot_id=lot_id), 303)


@blueprint.route("/lots/<uuid:lot_id>/closing", methods=["GET", "POST"])
@requires(CompetitionPermission.CHANGE)
def move_closing(lot_id: UUID) -> str | Response:
    """Move the closing of an open lot to a later day."""
    by = actor()
    lot = lots.own_lot(lot_id, by)
    check(by, CompetitionPermission.CHANGE, lot)
    closing.still_open(lot)
    form = ClosingForm()
    if form.validate_on_submit():
        assert form.day.data is not None
        try:
            with write():
                once.use_up(form.once.data)
                closing.move_closing(lot_id, form.day.data, form.why.data or "", by)
        except Refusal as refusal:
            form.day.errors = [refusal.text]
        else:
            flash(_("Closing has moved, and everybody who follows or bids is told."), "success")
            return redirect(url_for("lots.lot", lot_id=lot_id), 303)
    return render_template("lots/competition/closing.html", lot=lots.own_lot(lot_id, by), form=form)


@blueprint.route("/lots/<uuid:lot_id>/change", methods=["GET", "POST"])
@requires(CompetitionPermission.CHANGE)
def change(lot_id: UUID) -> str | Response:
    """Change an open lot: choose the kind, say what and why, edit."""
    by = actor()
    lot = lots.own_lot(lot_id, by)
    check(by, CompetitionPermission.CHANGE, lot)
    closing.still_open(lot)
    form = change_form(lot)
    refused: Any = None
    if form.validate_on_submit():
        try:
            with write():
                once.use_up(form.once.data)
                made = changes.change_lot(lot_id, wanted_of(form), by)
                change_id = made.id
        except changes.ChangedMeanwhile as refusal:
            lot = lots.own_lot(lot_id, by)
            form.seen.data = held.fingerprint(lot)
            refused = refusal.text
        except Refusal as refusal:
            lot, refused = lots.own_lot(lot_id, by), refusal.text
        else:
            return redirect(url_for("competition.show_change", change_id=change_id), 303)
    return render_template(
        "lots/competition/change.html",
        lot=lot,
        form=form,
        refused=refused,
        waiting=queries.proposed(lot_id),
    )


@blueprint.get("/lots/changes/<uuid:change_id>")
@requires(CompetitionPermission.SEE_QUESTIONS)
def show_change(change_id: UUID) -> str:
    """One change before and after, and, for a proposed one, its decision."""
    by = actor()
    shown = queries.change(change_id, by)
    return render_template(
        "lots/competition/show_change.html",
        change=shown,
        lot=shown.lot,
        kinds=CHANGE_KINDS,
        rows=rows_of(shown),
        offers={step.name for step in CHANGE.offers(shown, by)},
    )


@blueprint.post("/lots/changes/<uuid:change_id>/approve")
@requires(CompetitionPermission.APPROVE_CHANGE)
def approve_change(change_id: UUID) -> Response:
    """Make the change: bidders are asked to confirm, and closing moves."""
    queries.change(change_id, actor())
    with write():
        changes.approve_change(change_id, actor())
    flash(_("The change is made. Everybody who follows or bids is told."), "success")
    return redirect(url_for("competition.show_change", change_id=change_id), 303)


@blueprint.post("/lots/changes/<uuid:change_id>/drop")
@requires(CompetitionPermission.DROP_CHANGE)
def drop_change(change_id: UUID) -> Response:
    """Leave the lot as it is."""
    lot_id = queries.change(change_id, actor()).lot_id
    with write():
        changes.drop_change(change_id, actor())
    flash(_("The change is not made. The lot stays as it is."), "success")
    return redirect(url_for("lots.lot", lot_id=lot_id), 303)


def rows_of(change: LotChange) -> list[tuple[str, str, str]]:
    """(field, before, after) of a change, in words."""
    return [
        (str(held.label(change.lot, each["name"])), _said(each, "old"), _said(each, "new"))
        for each in change.fields
    ]


def _said(each: dict[str, Any], when: str) -> str:
    value = each[when]
    if value in (None, ""):
        return _("nothing")
    if each["name"] in held.DATES:
        return shown_date(date.fromisoformat(value))
    return f"{value:,}" if isinstance(value, int) else str(value)
