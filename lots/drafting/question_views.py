"""The pages of a draft's questions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots import proportionality
from lots.drafting import drafts, questions
from lots.drafting.pages import blueprint, opened, overtaken, the_draft
from lots.drafting.question_forms import NewQuestionForm, QuestionForm, from_bank
from lots.models import Lot
from lots.permissions import LotPermission
from lots.vocabulary import Task
from marketplace import clock, once
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, requires
from marketplace.questions.models import Question, QuestionKind
from marketplace.questions.queries import set_in_force
from marketplace.questions.vocabulary import LOT
from marketplace.web.acting import actor


def _used(lot: Lot) -> dict[str, Any]:
    """How much is asked so far, and how much may be."""
    gross = lot.value_gross_pence
    return {
        "cap": proportionality.policy_today().cap_for(lot.route, gross) if gross else None,
        "words": sum(question.word_limit for question in lot.questions),
    }


@blueprint.get("/lots/<uuid:lot_id>/questions", endpoint="questions")
@requires(LotPermission.DRAFT)
def index(lot_id: UUID) -> str:
    """The questions of a draft."""
    lot = the_draft(lot_id)
    return render_template(
        "lots/drafting/questions.html", lot=lot, page=Task.QUESTIONS, **_used(lot)
    )


def _bank() -> list[Question]:
    """What the bank offers for lots today: the questions that are answered in words."""
    try:
        in_force = set_in_force(LOT, clock.today())
    except LookupError:
        return []
    return [each for each in in_force.questions if each.kind is QuestionKind.WORDS]


@blueprint.get("/lots/<uuid:lot_id>/questions/bank")
@requires(LotPermission.DRAFT)
def question_bank(lot_id: UUID) -> str:
    """The questions of the bank, each a start for one of this lot."""
    lot = the_draft(lot_id)
    asked = {question.concept for question in lot.questions}
    return render_template(
        "lots/drafting/bank.html", lot=lot, bank=_bank(), asked=asked, **_used(lot)
    )


@blueprint.route("/lots/<uuid:lot_id>/questions/add", methods=["GET", "POST"])
@requires(LotPermission.DRAFT)
def add_question(lot_id: UUID) -> str | Response:
    """Ask one question more, in own words or in those of the bank."""
    lot = the_draft(lot_id)
    form = NewQuestionForm()
    form.offer(lot)
    if form.validate_on_submit():
        try:
            with write():
                once.use_up(form.once.data)
                questions.add_question(lot_id, form.values(), actor())
            return redirect(url_for("drafting.questions", lot_id=lot_id), 303)
        except once.AlreadySent:
            raise
        except Refusal as refusal:
            lot = the_draft(lot_id)
            form.offer(lot)
            form.form_errors.append(str(refusal.text))
    elif not form.is_submitted():
        wanted = request.args.get("bank", "")
        form.fill(next((from_bank(each) for each in _bank() if each.concept == wanted), {}))
    return form_page(lot, form)


def form_page(lot: Lot, form: QuestionForm, **context: Any) -> str:
    """A question's page around its form."""
    context = {"question": None, "theirs": None} | context
    return render_template(
        "lots/drafting/question.html", lot=lot, form=form, **context, **_used(lot)
    )


@blueprint.route("/lots/<uuid:lot_id>/questions/<uuid:question_id>", methods=["GET", "POST"])
@requires(LotPermission.DRAFT)
def question(lot_id: UUID, question_id: UUID) -> str | Response:
    """Change a question."""
    lot = the_draft(lot_id)
    form, theirs = QuestionForm(), None
    form.offer(lot)
    if form.validate_on_submit():
        try:
            with write():
                questions.change_question(
                    lot_id, question_id, form.values(), form.seen.data or "", actor()
                )
            return redirect(url_for("drafting.questions", lot_id=lot_id), 303)
        except drafts.Overtaken as refusal:
            lot = the_draft(lot_id)
            held = questions.question_values(questions.question_of(lot, question_id))
            other = QuestionForm(formdata=None)
            other.offer(lot)
            theirs = overtaken(form, other, held, refusal)
        except questions.Gone as refusal:
            return _ask_again(the_draft(lot_id), refusal)
        except Refusal as refusal:
            lot = the_draft(lot_id)
            form.offer(lot)
            form.form_errors.append(str(refusal.text))
    elif not form.is_submitted():
        opened(form, questions.question_values(_shown(lot, question_id)))
    elif not any(each.id == question_id for each in lot.questions):
        return _ask_again(lot, questions.Gone())
    return form_page(lot, form, question=_shown(lot, question_id), theirs=theirs)


def _ask_again(lot: Lot, refusal: Refusal) -> str:
    """The removed question's words in the form for a new one."""
    form = NewQuestionForm()
    form.offer(lot)
    form.renew()
    form.form_errors.append(str(refusal.text))
    return form_page(lot, form)


def _shown(lot: Lot, question_id: UUID) -> Any:
    try:
        return questions.question_of(lot, question_id)
    except questions.Gone as gone:
        raise NotYours() from gone


@blueprint.post("/lots/<uuid:lot_id>/questions/<uuid:question_id>/move")
@requires(LotPermission.DRAFT)
def move_question(lot_id: UUID, question_id: UUID) -> Response:
    """Move a question one place up or down."""
    the_draft(lot_id)
    with write():
        up = request.form.get("way") == "up"
        questions.move_question(lot_id, question_id, up, actor())
    return redirect(url_for("drafting.questions", lot_id=lot_id), 303)


@blueprint.post("/lots/<uuid:lot_id>/questions/<uuid:question_id>/remove")
@requires(LotPermission.DRAFT)
def remove_question(lot_id: UUID, question_id: UUID) -> Response:
    """Take a question out."""
    the_draft(lot_id)
    with write():
        questions.remove_question(lot_id, question_id, actor())
    flash(_("The question has been removed."), "success")
    return redirect(url_for("drafting.questions", lot_id=lot_id), 303)
