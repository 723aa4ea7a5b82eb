"""The public pipeline, following, and the two anonymous questions."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots.pipeline import answering, following
from lots.pipeline.forms import ViabilityForm
from lots.pipeline.permissions import PipelinePermission
from lots.pipeline.timeline import planned, timeline
from lots.pipeline.vocabulary import CHOICES, NEWS, Choice, News, Subject
from lots.queries import opportunity
from lots.shown import names
from lots.vocabulary import VALUE_BANDS, LotState
from lots.wanted import Show, Wanted, asked, choices, unknown
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import public, requires
from marketplace.web.acting import actor

blueprint = Blueprint("pipeline", __name__, template_folder="../templates")

Answer = str | Response


@blueprint.get("/pipeline")
@public
def index() -> str:
    """What is planned: by quarter and region, and as a list with expected dates."""
    offered = choices()
    given = asked(request.args, offered)
    wanted = Wanted(Show.PLANNED, given.service, given.region, given.area, given.band, given.words)
    return render_template(
        "lots/pipeline/index.html",
        wanted=wanted,
        unknown=unknown(request.args, offered),
        choices=offered,
        timeline=timeline(wanted),
        page=planned(wanted),
        names=names(),
    )


@blueprint.get("/followed")
@requires(PipelinePermission.FOLLOW)
def followed() -> str:
    """The lots one follows."""
    return render_template(
        "lots/pipeline/followed.html", page=following.followed(actor()), names=names()
    )


@blueprint.post("/opportunities/<uuid:lot_id>/follow")
@requires(PipelinePermission.FOLLOW)
def follow(lot_id: UUID) -> Response:
    """Hear of a lot from now on."""
    with write():
        following.follow(lot_id, actor())
    flash(_("You follow this lot. You will get a mail when something happens."), "success")
    return redirect(url_for("opportunities.opportunity", lot_id=lot_id), 303)


@blueprint.post("/opportunities/<uuid:lot_id>/unfollow")
@requires(PipelinePermission.FOLLOW)
def unfollow(lot_id: UUID) -> Response:
    """Hear no more of a lot."""
    with write():
        following.unfollow(lot_id, actor())
    flash(_("You no longer follow this lot."), "success")
    return redirect(url_for("pipeline.followed"), 303)


@blueprint.route("/opportunities/<uuid:lot_id>/viability", methods=["GET", "POST"])
@requires(PipelinePermission.ANSWER)
def viability(lot_id: UUID) -> Answer:
    """Say for one's organisation, without a name, whether a planned lot can be delivered."""
    by, lot, form = actor(), opportunity(lot_id), ViabilityForm()
    if answering.has_answered(lot_id, by):
        raise Refusal(_("Your organisation has already answered. Each gives one answer."))
    if lot.state != LotState.PLANNED:
        raise Refusal(_("This question was open while the lot was planned. It is not any more."))
    if form.validate_on_submit():
        with write():
            answering.answer_viability(lot_id, form.answer(), by)
        flash(_("Your answer was taken. It is shown once two others have come with it."), "success")
        return redirect(url_for("opportunities.opportunity", lot_id=lot_id), 303)
    return render_template("lots/pipeline/viability.html", lot=lot, form=form)


@blueprint.route("/why-not/<uuid:invitation_id>/<key>", methods=["GET", "POST"])
@public
def why_not(invitation_id: UUID, key: str) -> Answer:
    """One button for each reason not to have bid; opening the page answers nothing."""
    found = answering.invitation(invitation_id, key)
    if found.used:
        return redirect(url_for("pipeline.why_not_given"), 303)
    given = request.form.get("choice", "")
    if given in CHOICES[Subject.WHY_NOT]:
        with write():
            answering.answer_why_not(invitation_id, key, Choice(given))
        return redirect(url_for("pipeline.why_not_given"), 303)
    return render_template(
        "lots/pipeline/why_not.html",
        lot=found.lot,
        choices=CHOICES[Subject.WHY_NOT],
        nothing_chosen=request.method == "POST",
    )


@blueprint.get("/why-not/thanks")
@public
def why_not_given() -> str:
    """The answer was taken."""
    return render_template("lots/pipeline/why_not_given.html")


def _news_label(kind: str) -> object:
    return NEWS[News(kind)]


def register(app: Flask) -> None:
    """Serve the pages."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(lot_news_label=_news_label, value_bands=VALUE_BANDS)
