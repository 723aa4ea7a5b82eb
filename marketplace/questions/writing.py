"""The pages on which a draft is written: its title, and each question by itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import once
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.overtaken import Overtaken, fingerprint
from marketplace.permissions import NotYours, requires
from marketplace.questions import actions, queries
from marketplace.questions.drafts import title_values, values_of
from marketplace.questions.forms import KindForm, TitleForm
from marketplace.questions.models import Question, QuestionSet
from marketplace.questions.permissions import QuestionPermission
from marketplace.questions.rule_forms import question_form
from marketplace.questions.shown import theirs
from marketplace.questions.vocabulary import QUESTION_KINDS, QuestionKind
from marketplace.web.acting import actor

blueprint = Blueprint("question_drafts", __name__, url_prefix="/question-bank/<uuid:set_id>")


@blueprint.route("/title", methods=["GET", "POST"])
@requires(QuestionPermission.WRITE)
def title(set_id: UUID) -> str | Response:
    """The draft's title."""
    draft, form, other = queries.draft(set_id), TitleForm(), None
    if form.validate_on_submit():
        try:
            with write():
                actions.change_title(set_id, form.values(), form.seen.data or "", actor())
            return _back(set_id)
        except Overtaken as overtaken:
            draft = queries.draft(set_id)
            other = _overtaken(form, TitleForm(formdata=None), title_values(draft), overtaken)
    elif not form.is_submitted():
        form.fill(title_values(draft))
        form.seen.data = fingerprint(title_values(draft))
    return render_template("marketplace/questions/title.html", set=draft, form=form, theirs=other)


@blueprint.route("/questions/kind", methods=["GET", "POST"])
@requires(QuestionPermission.WRITE)
def kind(set_id: UUID) -> str | Response:
    """How the question to be added is answered."""
    draft, form = queries.draft(set_id), KindForm()
    if form.validate_on_submit():
        return redirect(url_for("question_drafts.add", set_id=set_id, kind=form.kind.data), 303)
    return render_template("marketplace/questions/kind.html", set=draft, form=form)


@blueprint.route("/questions/add", methods=["GET", "POST"])
@requires(QuestionPermission.WRITE)
def add(set_id: UUID) -> str | Response:
    """Add a question of the kind chosen before."""
    draft = queries.draft(set_id)
    chosen = request.values.get("kind", "")
    if chosen not in QuestionKind._value2member_map_:
        return redirect(url_for("question_drafts.kind", set_id=set_id), 303)
    form: Any = question_form(QuestionKind(chosen), draft.questions, new=True)()
    if form.validate_on_submit():
        try:
            with write():
                once.use_up(form.once.data)
                actions.add_question(set_id, form.values(), actor())
            return _back(set_id)
        except Refusal as refusal:
            draft = queries.draft(set_id)
            form.form_errors.append(str(refusal.text))
    return _page(draft, form, QuestionKind(chosen), None)


@blueprint.route("/questions/<uuid:question_id>", methods=["GET", "POST"])
@requires(QuestionPermission.WRITE)
def change(set_id: UUID, question_id: UUID) -> str | Response:
    """Change a question. Where it was removed meanwhile, what was typed becomes a new one."""
    draft = queries.draft(set_id)
    question = _among(draft, question_id)
    if question is None:
        return _removed_meanwhile(draft)
    form = _form_of(question, draft)
    if not form.is_submitted():
        form.fill(values_of(question))
        form.seen.data = fingerprint(values_of(question))
    elif form.validate():
        try:
            with write():
                actions.change_question(
                    set_id, question_id, form.values(), form.seen.data or "", actor()
                )
            return _back(set_id)
        except Overtaken as overtaken:
            draft = queries.draft(set_id)
            held = values_of(_among(draft, question_id) or question)
            blank = type(form)(formdata=None)
            return _page(draft, form, question.kind, _overtaken(form, blank, held, overtaken))
        except actions.Gone:
            return _removed_meanwhile(queries.draft(set_id), question.kind)
        except Refusal as refusal:
            draft = queries.draft(set_id)
            form.form_errors.append(str(refusal.text))
    return _page(draft, form, question.kind, None)


@blueprint.post("/questions/<uuid:question_id>/move")
@requires(QuestionPermission.WRITE)
def move(set_id: UUID, question_id: UUID) -> Response:
    """Ask a question earlier or later."""
    with write():
        actions.move_question(set_id, question_id, request.form.get("up") == "yes", actor())
    return redirect(url_for("questions.show", set_id=set_id, _anchor="questions"), 303)


@blueprint.post("/questions/<uuid:question_id>/remove")
@requires(QuestionPermission.WRITE)
def remove(set_id: UUID, question_id: UUID) -> Response:
    """Take a question out."""
    with write():
        actions.remove_question(set_id, question_id, request.form.get("seen", ""), actor())
    flash(_("The question has been removed."), "success")
    return redirect(url_for("questions.show", set_id=set_id), 303)


def _form_of(question: Question, draft: QuestionSet) -> Any:
    earlier = [each for each in draft.questions if each.position < question.position]
    form: Any = question_form(question.kind, earlier, new=False)()
    if hasattr(form, "keep_values"):
        form.keep_values(values_of(question))
    return form


def _removed_meanwhile(draft: QuestionSet, kind: QuestionKind | None = None) -> str:
    """What was typed into a question that is gone, in the form that adds it anew."""
    asked = request.form.get("kind", "")
    if kind is None and asked not in QuestionKind._value2member_map_:
        raise NotYours()
    kind = kind or QuestionKind(asked)
    form: Any = question_form(kind, draft.questions, new=True)()
    form.renew()
    form.form_errors = [str(actions.Gone().text)]
    return _page(draft, form, kind, None)


def _overtaken(
    form: Any, blank: Any, held: dict[str, Any], overtaken: Overtaken
) -> list[tuple[str, str]]:
    """What the other person saved, where it differs; saving once more will replace it."""
    form.form_errors.append(str(overtaken.text))
    form.seen.data = fingerprint(held)
    blank.fill(held)
    return theirs(blank, form)


def _page(
    draft: QuestionSet, form: Any, kind: QuestionKind, other: list[tuple[str, str]] | None
) -> str:
    is_new = hasattr(form, "once")
    return render_template(
        "marketplace/questions/question.html",
        set=draft,
        form=form,
        kind=kind,
        kind_label=QUESTION_KINDS[kind],
        theirs=other,
        is_new=is_new,
        action=url_for("question_drafts.add", set_id=draft.id) if is_new else request.path,
    )


def _among(draft: QuestionSet, question_id: UUID) -> Question | None:
    return next((each for each in draft.questions if each.id == question_id), None)


def _back(set_id: UUID) -> Response:
    flash(_("Saved."), "success")
    return redirect(url_for("questions.show", set_id=set_id), 303)
