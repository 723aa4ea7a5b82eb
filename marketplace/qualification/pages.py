"""A page of questions: shown, saved, and kept whole where two people save it at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup
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
from marketplace.registry import panels
from marketplace.web.acting import actor
from marketplace.web.words import cleaned

Save = Callable[[Mapping[UUID, str], str], object]
# A button of this name and a field's puts the text that is its value into the field.
TAKE = "take_"


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
    if taken := _take(form, written):
        seen = request.form.get("seen", "")
    elif form.validate_on_submit():
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
        taken=taken,
        earlier=_earlier(application, written),
        seen=seen,
        theirs=theirs,
        **shown,
    )


def _take(form: AnswersForm, written: Sequence[Question]) -> list[Question]:
    """Put an earlier answer into its field, below what stands there; saved is nothing yet."""
    taken = []
    for question in written:
        field = form[field_name(question)]
        text = request.form.get(TAKE + field.name)
        if text is not None and question.kind is QuestionKind.WORDS:
            stands, earlier = (field.data or "").strip(), cleaned(text, lines=True)
            if earlier not in stands:
                field.data = f"{stands}\n\n{earlier}".strip()
            taken.append(question)
    return taken


def _earlier(application: Application, written: Sequence[Question]) -> Markup:
    """What the floors above have to offer for the questions that are answered in words."""
    in_words = [each for each in written if each.kind is QuestionKind.WORDS]
    offers = panels().get("qualification_answers", [])
    return Markup().join(offer(application, in_words, actor()) for offer in offers)


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
