"""Files that a question asks for: chosen, replaced, taken away, saved by who may read them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import audit, files, once
from marketplace.acting import Acting
from marketplace.database import write
from marketplace.permissions import NotYours, requires
from marketplace.qualification import answering
from marketplace.qualification.actions import changeable_questions
from marketplace.qualification.forms import EvidenceForm
from marketplace.qualification.models import Application, ApplicationState
from marketplace.qualification.outcomes import Part, questions_for
from marketplace.qualification.permissions import QualificationPermission
from marketplace.qualification.queries import application_for
from marketplace.questions.models import Question, QuestionKind
from marketplace.web.acting import actor
from marketplace.web.uploads import takes_files

blueprint = Blueprint("evidence", __name__, url_prefix="/qualification/applications")


def attach(
    application_id: UUID, question_id: UUID, upload: files.Upload | None, by: Acting
) -> None:
    """Answer a question with this file, in place of the one before it; None takes it away."""
    application, question = changeable_questions(application_id, question_id, by)
    if question.kind is not QuestionKind.FILE:
        raise NotYours(question_id)
    kept = files.receive(upload, by) if upload else None
    if not answering.put_file(application, question_id, kept, by):
        return
    audit.record("application:answer", subject=application, by=by, fields=[question.concept])
    if application.state is ApplicationState.DRAFT and question.set_id == application.set_id:
        answering.share_file(application, question_id, kept, by)


@blueprint.route("/<uuid:application_id>/files/<uuid:question_id>", methods=["GET", "POST"])
@takes_files
@requires(QualificationPermission.APPLY)
def choose(application_id: UUID, question_id: UUID) -> str | Response:
    """Choose the file that answers a question."""
    by = actor()
    application = application_for(application_id, by)
    part, question = _file_question(application, question_id)
    form = EvidenceForm()
    if form.validate_on_submit() and form.file.upload is not None:
        with write():
            once.use_up(form.once.data)
            attach(application_id, question_id, form.file.upload, by)
        flash(_("The file is saved with your application."), "success")
        return redirect(_page_of(application, part), 303)
    held = next((each for each in application.answers if each.question_id == question_id), None)
    return render_template(
        "marketplace/qualification/file.html",
        application=application,
        question=question,
        file=held.file if held else None,
        form=form,
        back=_page_of(application, part),
    )


@blueprint.post("/<uuid:application_id>/files/<uuid:question_id>/remove")
@requires(QualificationPermission.APPLY)
def remove(application_id: UUID, question_id: UUID) -> Response:
    """Take the file of a question away."""
    with write():
        attach(application_id, question_id, None, actor())
    flash(_("The file has been taken away."), "success")
    return redirect(
        url_for("evidence.choose", application_id=application_id, question_id=question_id), 303
    )


def _download(application_id: UUID, question_id: UUID) -> Response:
    application = application_for(application_id, actor())
    for answer in application.answers:
        if answer.question_id == question_id and answer.file is not None:
            return files.send(answer.file)
    raise NotYours(question_id)


@blueprint.get("/<uuid:application_id>/files/<uuid:question_id>/saved")
@requires(QualificationPermission.SEE_OWN)
def download(application_id: UUID, question_id: UUID) -> Response:
    """The applicant's own file."""
    return _download(application_id, question_id)


@blueprint.get("/<uuid:application_id>/files/<uuid:question_id>/assessed")
@requires(QualificationPermission.SEE_ALL)
def assessed(application_id: UUID, question_id: UUID) -> Response:
    """The file, for who assesses the application, and the auditor."""
    return _download(application_id, question_id)


def _file_question(application: Application, question_id: UUID) -> tuple[Part, Question]:
    for part, questions in questions_for(application).items():
        for each in questions:
            if each.id == question_id and each.kind is QuestionKind.FILE:
                return part, each
    raise NotYours(question_id)


def _page_of(application: Application, part: Part) -> str:
    if application.state is ApplicationState.DRAFT:
        return url_for("qualification.answers", application_id=application.id, part=part.value)
    return url_for("qualification.correct", application_id=application.id)
