"""The pages on which a lot is drafted, each saved by itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots import proportionality, queries
from lots.drafting import actions, drafts
from lots.drafting.forms import (
    DatesForm,
    NewQuestionForm,
    PageForm,
    QuestionForm,
    ServiceForm,
    ValueForm,
)
from lots.drafting.overtaken import as_read
from lots.drafting.row_forms import CriteriaForm, areas_form
from lots.models import Lot, LotQuestion
from lots.permissions import LotPermission
from lots.proportionality import policy
from lots.vocabulary import EDITABLE, TASKS, Task
from marketplace import clock, once
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check, requires
from marketplace.web.acting import actor

blueprint = Blueprint("drafting", __name__)

FORMS: dict[Task, type[PageForm]] = {
    Task.SERVICE: ServiceForm,
    Task.VALUE: ValueForm,
    Task.CRITERIA: CriteriaForm,
    Task.DATES: DatesForm,
}


def _draft(lot_id: UUID) -> Lot:
    lot = queries.own_lot(lot_id, actor())
    check(actor(), LotPermission.DRAFT, lot)
    if lot.state not in EDITABLE:
        raise Refusal(_("This lot has been published or ended, so it can no longer be edited."))
    return lot


@blueprint.route(
    "/lots/<uuid:lot_id>/<any(service, areas, value, criteria, dates):task>",
    methods=["GET", "POST"],
)
@requires(LotPermission.DRAFT)
def edit(lot_id: UUID, task: str) -> str | Response:
    """One page of a draft."""
    lot, page = _draft(lot_id), Task(task)
    kind = areas_form(lot) if page is Task.AREAS else FORMS[page]
    form, theirs = kind(), None
    if form.validate_on_submit():
        try:
            with write():
                actions.save_page(lot_id, page, form.values(), form.seen.data or "", actor())
            return _saved(lot_id)
        except drafts.Overtaken as overtaken:
            lot = _draft(lot_id)
            theirs = _overtaken(form, kind, drafts.values_of(lot, page), overtaken)
        except Refusal as refusal:
            lot = _draft(lot_id)
            form.form_errors.append(str(refusal.text))
    elif not form.is_submitted():
        _open(form, drafts.values_of(lot, page))
    return render_template(
        f"lots/{page.value}.html",
        lot=lot,
        form=form,
        theirs=theirs,
        label=TASKS[page],
        advice=_advice(lot) if page is Task.DATES else None,
    )


def _open(form: PageForm, held: dict[str, Any]) -> None:
    form.fill(held)
    form.seen.data = drafts.fingerprint(held)


def _overtaken(
    form: PageForm, kind: type[PageForm], held: dict[str, Any], overtaken: drafts.Overtaken
) -> list[tuple[str, str]]:
    """What the other person saved, where it differs; saving once more will replace it."""
    form.form_errors.append(str(overtaken.text))
    form.seen.data = drafts.fingerprint(held)
    other = kind(formdata=None)
    if isinstance(other, QuestionForm):
        other.criterion_id.choices = form.criterion_id.choices  # type: ignore[attr-defined]
    other.fill(held)
    return as_read(other, unlike=form)


def _saved(lot_id: UUID) -> Response:
    flash(_("Saved."), "success")
    return redirect(url_for("lots.lot", lot_id=lot_id), 303)


def _advice(lot: Lot) -> dict[str, Any]:
    """The first closing day allowed if the lot opened today, and the first that is not flagged."""
    today = clock.today()
    days = policy.GOOD_WINDOW_DAYS
    if proportionality.is_short_form(lot):
        days = policy.GOOD_WINDOW_DAYS_SHORT_FORM
    return {
        "weeks": days // 7,
        "least": proportionality.first_closing(today, policy.LEAST_WINDOW_WORKING_DAYS, 0),
        "good": proportionality.first_closing(today, policy.LEAST_WINDOW_WORKING_DAYS, days),
    }


@blueprint.get("/lots/<uuid:lot_id>/questions")
@requires(LotPermission.DRAFT)
def questions(lot_id: UUID) -> str:
    """The questions of a draft."""
    lot = _draft(lot_id)
    gross = lot.value_gross_pence
    cap = policy.cap_for(lot.route, gross) if gross else None
    words = sum(question.word_limit for question in lot.questions)
    return render_template("lots/questions.html", lot=lot, cap=cap, words=words)


@blueprint.route("/lots/<uuid:lot_id>/questions/add", methods=["GET", "POST"])
@requires(LotPermission.DRAFT)
def add_question(lot_id: UUID) -> str | Response:
    """Ask one question more."""
    lot = _draft(lot_id)
    form = NewQuestionForm()
    form.offer(lot)
    if form.validate_on_submit():
        with write():
            once.use_up(form.once.data)
            actions.add_question(lot_id, form.values(), actor())
        return redirect(url_for("drafting.questions", lot_id=lot_id), 303)
    return render_template("lots/question.html", lot=lot, form=form, question=None, theirs=None)


@blueprint.route("/lots/<uuid:lot_id>/questions/<uuid:question_id>", methods=["GET", "POST"])
@requires(LotPermission.DRAFT)
def question(lot_id: UUID, question_id: UUID) -> str | Response:
    """Change a question."""
    lot = _draft(lot_id)
    form, theirs = QuestionForm(), None
    form.offer(lot)
    if form.validate_on_submit():
        try:
            with write():
                actions.change_question(
                    lot_id, question_id, form.values(), form.seen.data or "", actor()
                )
            return redirect(url_for("drafting.questions", lot_id=lot_id), 303)
        except drafts.Overtaken as overtaken:
            lot = _draft(lot_id)
            held = actions.question_values(_question(lot, question_id))
            theirs = _overtaken(form, QuestionForm, held, overtaken)
    elif not form.is_submitted():
        _open(form, actions.question_values(_question(lot, question_id)))
    shown = _question(lot, question_id)
    return render_template("lots/question.html", lot=lot, form=form, question=shown, theirs=theirs)


@blueprint.post("/lots/<uuid:lot_id>/questions/<uuid:question_id>/remove")
@requires(LotPermission.DRAFT)
def remove_question(lot_id: UUID, question_id: UUID) -> Response:
    """Take a question out."""
    _draft(lot_id)
    with write():
        actions.remove_question(lot_id, question_id, actor())
    flash(_("The question has been removed."), "success")
    return redirect(url_for("drafting.questions", lot_id=lot_id), 303)


def _question(lot: Lot, question_id: UUID) -> LotQuestion:
    for each in lot.questions:
        if each.id == question_id:
            return each
    raise NotYours()
