"""A page of questions: shown, saved, and kept whole where two people save it at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.database import write
from marketplace.overtaken import Overtaken, fingerprint
from marketplace.qualification.answering import on_page
from marketplace.qualification.models import Application
from marketplace.qualification.queries import application_for
from marketplace.qualification.shown import notes
from marketplace.questions.answers import readable
from marketplace.questions.asking import (
    AnswersForm,
    answers_form,
    answers_in,
    asked_beneath,
    field_name,
    saved_answers,
)
from marketplace.questions.models import Question, QuestionKind
from marketplace.web.acting import actor

Save = Callable[[Mapping[UUID, str], str], object]


def ask(
    application: Application,
    questions: Sequence[Question],
    save: Save,
    done: str,
    **shown: object,
) -> str | Response:
    """Ask these questions and `save(answers, seen)`; then on to the address `done`.

    Where somebody else saved the page in between, what was typed stays below what they saved.
    """
    written = [each for each in questions if each.kind is not QuestionKind.FILE]
    form = answers_form(written)(data=saved_answers(written, application.given))
    seen, theirs = fingerprint(on_page(application, questions)), []
    if form.validate_on_submit():
        try:
            with write():
                save(answers_in(form, written), request.form.get("seen", ""))
            flash(_("Saved."), "success")
            return redirect(done, 303)
        except Overtaken as overtaken:
            application = application_for(application.id, actor())
            seen = fingerprint(on_page(application, questions))
            theirs = _differing(application, written, form)
            form.form_errors.append(str(overtaken.text))
    elif form.is_submitted():
        seen = request.form.get("seen", "")
    beneath = asked_beneath(written)
    return render_template(
        "marketplace/qualification/answers.html",
        application=application,
        beneath=beneath,
        nested={q.id for inner in beneath.values() for each in inner.values() for q in each},
        form=form,
        questions=questions,
        fields={each.id: form[field_name(each)] for each in written},
        notes=notes(application),
        files={each.question_id: each.file for each in application.answers if each.file},
        taken_over=_taken_over(application, questions),
        seen=seen,
        theirs=theirs,
        **shown,
    )


def _taken_over(application: Application, questions: Sequence[Question]) -> bool:
    here = {each.id for each in questions}
    return any(each.source_id for each in application.answers if each.question_id in here)


def _differing(
    application: Application, written: Sequence[Question], form: AnswersForm
) -> list[tuple[str, str]]:
    """What the other person saved, where it differs from what was typed."""
    typed, held = answers_in(form, written), application.given
    return [
        (each.asked, readable(each, held.get(each.id, "")) or _("nothing"))
        for each in written
        if held.get(each.id, "") != typed.get(each.id, "")
    ]
