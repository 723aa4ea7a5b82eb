"""The pages of qualification."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from marketplace.categories.queries import categories
from marketplace.database import write
from marketplace.permissions import allowed, requires
from marketplace.qualification import actions, queries
from marketplace.qualification.forms import (
    CategoriesForm,
    DecisionForm,
    answers_form,
    answers_in,
    saved_answers,
)
from marketplace.qualification.lifecycle import missing
from marketplace.qualification.models import Application
from marketplace.qualification.permissions import QualificationPermission
from marketplace.questions.models import Question
from marketplace.questions.queries import questions_of
from marketplace.web.acting import actor

OVERVIEW_LABEL = _l("Qualification")
QUEUE_LABEL = _l("Applications")

blueprint = Blueprint("qualification", __name__, url_prefix="/qualification")


@blueprint.get("")
@requires(QualificationPermission.SEE_OWN)
def overview() -> str:
    """What the organisation is qualified for and has applied for."""
    by = actor()
    return render_template(
        "marketplace/qualification/overview.html",
        held=sorted(queries.qualified_for(by.organisation_id)),
        applications=queries.own_applications(by),
        may_apply=allowed(by, QualificationPermission.APPLY),
    )


@blueprint.route("/apply", methods=["GET", "POST"])
@requires(QualificationPermission.APPLY)
def apply() -> str | Response:
    """Choose the categories."""
    by = actor()
    held = queries.qualified_for(by.organisation_id)
    offered = [each for each in categories() if each.code not in held]
    form = CategoriesForm(categories=request.args.getlist("category")).offer(offered)
    if not form.validate_on_submit():
        return render_template("marketplace/qualification/apply.html", form=form)
    with write():
        application = actions.begin_application(form.categories.data, by)
    return redirect(url_for("qualification.answers", application_id=application.id))


@blueprint.route("/applications/<uuid:application_id>/answers", methods=["GET", "POST"])
@requires(QualificationPermission.APPLY)
def answers(application_id: UUID) -> str | Response:
    """The questions, all on one page; saved as far as answered."""
    by = actor()
    application = queries.application_for(application_id, by)
    questions = questions_of(application.set_id)
    saved = {each.question_id: each.answer for each in application.answers}
    form = answers_form(questions)(data=saved_answers(questions, saved))
    if not form.validate_on_submit():
        return render_template(
            "marketplace/qualification/answers.html", form=form, application=application
        )
    with write():
        actions.save_answers(application_id, answers_in(form, questions), by)
    return redirect(url_for("qualification.application", application_id=application_id))


@blueprint.get("/applications/<uuid:application_id>")
@requires(QualificationPermission.SEE_OWN)
def application(application_id: UUID) -> str:
    """Check your answers, before and after submitting."""
    return _show(queries.application_for(application_id, actor()), "application.html")


@blueprint.post("/applications/<uuid:application_id>/submit")
@requires(QualificationPermission.SUBMIT)
def submit(application_id: UUID) -> Response:
    """Hand the application in."""
    with write():
        actions.submit_application(application_id, actor())
    flash(_("Your application is in. You will be told of the decision by mail."), "success")
    return redirect(url_for("qualification.overview"))


@blueprint.get("/queue")
@requires(QualificationPermission.ASSESS)
def queue() -> str:
    """Applications to decide."""
    return render_template("marketplace/qualification/queue.html", applications=queries.queue())


@blueprint.route("/applications/<uuid:application_id>/decide", methods=["GET", "POST"])
@requires(QualificationPermission.ASSESS)
def decide(application_id: UUID) -> str | Response:
    """Read an application and decide it."""
    by = actor()
    form = DecisionForm()
    reasons = form.reasons_if_not_yet()
    if form.validate_on_submit() and reasons == "":
        form.reasons.errors = [_("Give the reasons: the applicant will read them")]
    elif form.validate_on_submit():
        with write():
            actions.decide_application(application_id, reasons, by)
        flash(_("The decision is recorded and the applicant is told."), "success")
        return redirect(url_for("qualification.queue"))
    return _show(queries.application_for(application_id, by), "decide.html", form=form)


def _show(application: Application, template: str, **more: object) -> str:
    questions = questions_of(application.set_id)
    given = {each.question_id: each.answer for each in application.answers}
    pairs: list[tuple[Question, str | None]] = [(each, given.get(each.id)) for each in questions]
    return render_template(
        f"marketplace/qualification/{template}",
        application=application,
        pairs=pairs,
        missing=missing(application),
        **more,
    )
