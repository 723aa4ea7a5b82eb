"""Setting a rule aside for one lot, by its decider."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots import queries
from lots.permissions import LotPermission
from lots.proportionality import actions
from lots.proportionality.forms import OverrideForm
from lots.proportionality.vocabulary import RULES, RuleCode
from lots.vocabulary import EDITABLE
from marketplace import once
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.overtaken import fingerprint
from marketplace.permissions import NotYours, check, requires
from marketplace.web.acting import actor

blueprint = Blueprint("overrides", __name__)


@blueprint.route("/lots/<uuid:lot_id>/override/<code>", methods=["GET", "POST"])
@requires(LotPermission.OVERRIDE)
def override(lot_id: UUID, code: str) -> str | Response:
    """Give the reason for which a lot may open against a rule."""
    if code not in RuleCode._value2member_map_:
        raise NotYours()
    lot = queries.own_lot(lot_id, actor())
    check(actor(), LotPermission.OVERRIDE, lot)
    if lot.state not in EDITABLE:
        raise Refusal(_("This lot has been approved, published or ended, so no rule is set aside."))
    finding = actions.overridable_finding(lot, code)
    form = OverrideForm()
    if form.validate_on_submit():
        try:
            with write():
                once.use_up(form.once.data)
                actions.override(lot_id, code, form.reason.data, form.seen.data, actor())
            flash(_("Your reason is kept, and the lot’s page will show it."), "success")
            return redirect(url_for("lots.lot", lot_id=lot_id), 303)
        except once.AlreadySent:
            raise
        except Refusal as refusal:
            lot = queries.own_lot(lot_id, actor())
            finding = actions.overridable_finding(lot, code)
            form.form_errors.append(str(refusal.text))
    form.seen.data = fingerprint(dict(finding.figures))
    return render_template(
        "lots/proportionality/override.html",
        lot=lot,
        finding=finding,
        form=form,
        rule=RULES[RuleCode(code)],
    )


@blueprint.post("/lots/<uuid:lot_id>/overrides/<uuid:override_id>/withdraw")
@requires(LotPermission.OVERRIDE)
def withdraw(lot_id: UUID, override_id: UUID) -> Response:
    """Take an override back."""
    queries.own_lot(lot_id, actor())
    with write():
        actions.withdraw_override(lot_id, override_id, actor())
    flash(_("The rule holds again for this lot."), "success")
    return redirect(url_for("lots.lot", lot_id=lot_id), 303)


def register(app: Flask) -> None:
    """Serve the decider's pages."""
    app.register_blueprint(blueprint)
