"""The buyer's side of a lot: the list, its page, and what ends or publishes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from lots import actions, queries
from lots.drafting.actions import start_draft
from lots.drafting.document_forms import CopyForm
from lots.drafting.forms import StartForm
from lots.drafting.tasklist import done, groups
from lots.forms import CancelForm, EndForm
from lots.lifecycle import CANCEL, LOT, NO_AWARD, PLAN, PUBLISH
from lots.models import Lot
from lots.permissions import LotPermission
from lots.proportionality import findings
from lots.shown import names
from lots.vocabulary import EDITABLE, LOT_STATES, EndReason, LotState
from marketplace import once
from marketplace.acting import Acting
from marketplace.database import write
from marketplace.lifecycle import Step
from marketplace.permissions import allowed, check, requires
from marketplace.registry import NavigationEntry, WaitingItem, navigation, panels, waiting
from marketplace.web.acting import actor
from marketplace.web.protection import is_fresh, step_up

blueprint = Blueprint("lots", __name__, template_folder="templates")


@blueprint.get("/lots")
@requires(LotPermission.SEE_PIPELINE)
def pipeline() -> str:
    """The lots of the organisation acted for."""
    by = actor()
    asked = request.args.get("state", "")
    state = LotState(asked) if asked in LotState._value2member_map_ else None
    return render_template(
        "lots/pipeline.html",
        page=queries.own_lots(by, state),
        counts=queries.own_counts(by),
        states=LOT_STATES,
        state=state,
        names=names(),
        may_draft=allowed(by, LotPermission.DRAFT),
    )


@blueprint.route("/lots/new", methods=["GET", "POST"])
@requires(LotPermission.DRAFT)
def new() -> str | Response:
    """Begin a draft."""
    form = StartForm()
    if form.validate_on_submit():
        with write():
            once.use_up(form.once.data)
            lot = start_draft(form.title.data, form.service_code.data, actor())
            lot_id = lot.id
        return redirect(url_for("lots.lot", lot_id=lot_id), 303)
    return render_template("lots/new.html", form=form)


@blueprint.get("/lots/<uuid:lot_id>")
@requires(LotPermission.SEE_PIPELINE)
def lot(lot_id: UUID) -> str:
    """One lot for its buyer: a draft as a task list, later as what it has come to."""
    by = actor()
    shown = queries.own_lot(lot_id, by)
    found = findings(shown) if shown.state in EDITABLE else []
    listed = groups(shown, found, allowed(by, LotPermission.DRAFT, shown))
    return render_template(
        "lots/lot.html",
        lot=shown,
        names=names(),
        groups=listed,
        done=done(listed),
        found=found,
        editable=shown.state in EDITABLE,
        offers=_offers(shown, by),
        copy_form=CopyForm(formdata=None) if allowed(by, LotPermission.DRAFT) else None,
        panels=[panel(shown, by) for panel in panels().get("lot", ())],
    )


def _offers(shown: Lot, by: Acting) -> dict[str, bool]:
    ready = LOT.offers(shown, by)
    offers = {step.name: step in ready for step in (PLAN, PUBLISH, CANCEL, NO_AWARD)}
    # Once it is evaluated, a lot ends without an award by its decision (`actions.ends_undecided`).
    return offers | {NO_AWARD.name: offers[NO_AWARD.name] and shown.state == LotState.CLOSED}


@blueprint.get("/lots/<uuid:lot_id>/preview")
@requires(LotPermission.SEE_PIPELINE)
def preview(lot_id: UUID) -> str:
    """The lot's public page as bidders will see it."""
    shown = queries.own_lot(lot_id, actor())
    return render_template("lots/preview.html", lot=shown, names=names())


@blueprint.post("/lots/<uuid:lot_id>/plan")
@requires(LotPermission.PLAN)
def plan(lot_id: UUID) -> Response:
    """Show the lot in the public pipeline."""
    queries.own_lot(lot_id, actor())
    with write():
        actions.plan_lot(lot_id, actor())
    flash(_("The lot is now shown to everybody as planned."), "success")
    return redirect(url_for("lots.lot", lot_id=lot_id), 303)


@blueprint.route("/lots/<uuid:lot_id>/publish", methods=["GET", "POST"])
@requires(LotPermission.PUBLISH)
def publish(lot_id: UUID) -> str | Response:
    """Check the lot once more and open it for bids."""
    by = actor()
    shown = queries.own_lot(lot_id, by)
    check(by, LotPermission.PUBLISH, shown)
    if request.method == "POST":
        with write():
            actions.publish_lot(lot_id, by)
        flash(_("The lot is open for bids."), "success")
        return redirect(url_for("lots.lot", lot_id=lot_id), 303)
    if shown.state not in EDITABLE:
        flash(_("This lot has already been published or ended, so nothing was done."))
        return redirect(url_for("lots.lot", lot_id=lot_id), 303)
    return render_template(
        "lots/publish.html",
        lot=shown,
        names=names(),
        found=findings(shown),
        offers=_offers(shown, by),
    )


@blueprint.route("/lots/<uuid:lot_id>/cancel", methods=["GET", "POST"])
@requires(LotPermission.CANCEL)
def cancel(lot_id: UUID) -> str | Response:
    """End a lot before its award."""
    shown = queries.own_lot(lot_id, actor())
    if shown.state != LotState.DRAFT and not is_fresh(actor()):
        return step_up()
    if shown.state in actions.OWES_NOTE:
        form = CancelForm()
        return _end(shown, CANCEL, _cancelled_with, "lots/cancel.html", form)
    return _end(shown, CANCEL, _ended_by(actions.cancel_lot), "lots/cancel.html", EndForm())


@blueprint.route("/lots/<uuid:lot_id>/no-award", methods=["GET", "POST"])
@requires(LotPermission.DECIDE)
def no_award(lot_id: UUID) -> str | Response:
    """End a closed lot without an award."""
    shown = queries.own_lot(lot_id, actor())
    check(actor(), LotPermission.DECIDE, shown)
    actions.ends_undecided(shown)
    action = _ended_by(actions.end_without_award)
    return _end(shown, NO_AWARD, action, "lots/no_award.html", EndForm())


def _ended_by(action: Callable[[UUID, EndReason, Acting], None]) -> Callable[[UUID, Any], None]:
    return lambda lot_id, form: action(lot_id, form.chosen(), actor())


def _cancelled_with(lot_id: UUID, form: Any) -> None:
    actions.cancel_lot(lot_id, form.chosen(), actor(), form.note.data or "")


def _end(
    shown: Lot, step: Step, action: Callable[[UUID, Any], None], template: str, form: EndForm
) -> str | Response:
    by, lot_id = actor(), shown.id
    if step.permission is not None:
        check(by, step.permission, shown)
    LOT.expect(step, shown)
    if form.validate_on_submit():
        with write():
            action(lot_id, form)
        flash(_("The lot has ended."), "success")
        return redirect(url_for("lots.lot", lot_id=lot_id), 303)
    return render_template(template, lot=shown, form=form)


def _waiting_to_publish(by: Acting) -> list[WaitingItem]:
    """Drafts with nothing missing, for whoever may open them."""
    if not allowed(by, LotPermission.PUBLISH):
        return []
    return [
        WaitingItem(
            _("Publish the lot “%(title)s”", title=draft.title),
            url_for("lots.publish", lot_id=draft.id),
        )
        for draft in queries.own_drafts(by)
        if PUBLISH in LOT.offers(draft, by)
    ]


def register(app: Flask) -> None:
    """Serve the buyer's pages, with their menu entry and what waits."""
    app.register_blueprint(blueprint)
    entry = NavigationEntry(_l("Lots"), "lots.pipeline", LotPermission.SEE_PIPELINE, 20)
    navigation(app).append(entry)
    waiting(app).append(_waiting_to_publish)
