"""The draft's page of its competition, and how every page of the lot shows it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots.drafting.pages import the_draft
from lots.models import Lot
from lots.permissions import LotPermission
from lots.together import actions, queries
from lots.together.forms import ALONE, NEW, ChoiceForm, RuleForm
from marketplace import once
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import requires
from marketplace.web.acting import actor

blueprint = Blueprint("together", __name__, template_folder="../templates")


@blueprint.route("/lots/<uuid:lot_id>/competition", methods=["GET", "POST"])
@requires(LotPermission.DRAFT)
def show(lot_id: UUID) -> str | Response:
    """Whether this draft is competed for with others, and what is said about it."""
    lot = the_draft(lot_id)
    form = ChoiceForm()
    form.offer(lot)
    if form.validate_on_submit():
        try:
            _chosen(lot_id, form)
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
            lot = the_draft(lot_id)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("together.show", lot_id=lot_id), 303)
    return _page(lot, form, None)


def _chosen(lot_id: UUID, form: ChoiceForm) -> None:
    choice = form.choice.data
    with write():
        if choice == ALONE:
            actions.leave(lot_id, actor())
        elif choice == NEW:
            once.use_up(form.once.data)
            actions.begin(lot_id, form.title.data or "", actor())
        else:
            actions.join(lot_id, UUID(choice), actor())


@blueprint.post("/lots/<uuid:lot_id>/competition/rule")
@requires(LotPermission.DRAFT)
def rule(lot_id: UUID) -> str | Response:
    """Name the competition and set its limit."""
    lot = the_draft(lot_id)
    form = RuleForm()
    # Without a competition the page has no such form: then the refusal says so.
    if lot.competition is None or form.validate_on_submit():
        try:
            with write():
                actions.set_rule(lot_id, form.name.data or "", form.most_lots.data, actor())
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
            lot = the_draft(lot_id)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("lots.lot", lot_id=lot_id), 303)
    return _page(lot, None, form)


def _page(lot: Lot, choosing: ChoiceForm | None, ruling: RuleForm | None) -> str:
    competition = lot.competition
    if choosing is None:
        choosing = ChoiceForm(formdata=None)
        choosing.offer(lot)
        choosing.choice.data = str(lot.competition_id) if lot.competition_id else ALONE
    if competition is not None and ruling is None:
        ruling = RuleForm(
            formdata=None, data={"name": competition.title, "most_lots": competition.most_lots}
        )
    return render_template(
        "lots/together/show.html",
        lot=lot,
        competition=competition,
        choosing=choosing,
        ruling=ruling,
        # What is wrong with the form that was sent stands at the head of the page.
        form=ruling if ruling is not None and ruling.errors else choosing,
        settled=competition is not None and queries.is_settled(competition),
        members=queries.lots_of(competition.id) if competition else [],
    )


def register(app: Flask) -> None:
    """Serve the page, and give templates the words."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        competition_rule=queries.rule_of, lots_together=queries.public_lots
    )
