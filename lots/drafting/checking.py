"""The check while drafting: a page as typed is judged without being saved.

A copy of the lot that no session knows takes the typed values, so nothing can be written.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, render_template, request
from sqlalchemy.orm.attributes import set_committed_value
from werkzeug.wrappers import Response

from lots.drafting import drafts
from lots.drafting.forms import PageForm
from lots.drafting.pages import the_draft
from lots.drafting.question_forms import NewQuestionForm, QuestionForm
from lots.drafting.question_views import form_page
from lots.drafting.views import PAGES, form_of, page_shown
from lots.models import Lot, LotQuestion
from lots.permissions import LotPermission
from lots.proportionality.panels import checked
from lots.vocabulary import Task
from marketplace.lifecycle import Refusal
from marketplace.permissions import requires

blueprint = Blueprint("checking", __name__)

FRAGMENT = "text/x-fragment"
PARTS = ("areas", "criteria", "questions", "outcomes", "demands", "bands")


def copy_of(lot: Lot) -> Lot:
    """The lot once more with its rows, known to no session; what it refers to is shared."""
    copied = _columns(lot)
    for relation in lot.__mapper__.relationships:
        held = getattr(lot, relation.key)
        if relation.key in PARTS:
            held = [_columns(row) for row in held]
        set_committed_value(copied, relation.key, held)
    return copied


def _columns(row: Any) -> Any:
    held = {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}
    return type(row)(**held)


def as_typed(lot: Lot, task: Task, form: PageForm) -> Lot:
    """A copy of the lot with what is typed; what cannot be read stays as it is saved."""
    copied = copy_of(lot)
    held = drafts.values_of(copied, task)
    unread = {name for name, field in form._fields.items() if getattr(field, "process_errors", ())}
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        values = form.values()
        typed = {name: held[name] if name in unread else values[name] for name in held}
        # What could not be saved is shown by the form itself when it is saved.
        with suppress(Refusal):
            drafts.put(copied, task, typed, drafts.fingerprint(held))
    return copied


@blueprint.post(f"/lots/<uuid:lot_id>/check/<any({PAGES}):task>")
@requires(LotPermission.DRAFT)
def check(lot_id: UUID, task: str) -> str | Response:
    """Judge a page as typed, and save nothing.

    A script is given the findings alone; without one, the page comes back with what was typed.
    """
    lot, page = the_draft(lot_id), Task(task)
    form = form_of(lot, page)
    typed = as_typed(lot, page, form)
    seen = checked(typed, page)
    if request.headers.get("Accept") == FRAGMENT:
        found = render_template("lots/proportionality/fragment.html", lot=typed, seen=seen)
        return Response(found, mimetype=FRAGMENT)
    return page_shown(lot, page, form, checked=seen)


@blueprint.post("/lots/<uuid:lot_id>/check/questions", defaults={"question_id": None})
@blueprint.post("/lots/<uuid:lot_id>/check/questions/<uuid:question_id>")
@requires(LotPermission.DRAFT)
def check_question(lot_id: UUID, question_id: UUID | None) -> str | Response:
    """Judge a question as typed, a new one or one that stands, and save nothing."""
    lot = the_draft(lot_id)
    # One removed meanwhile comes back as a new one, with its words.
    asked = next((each for each in lot.questions if each.id == question_id), None)
    form = QuestionForm() if asked else NewQuestionForm()
    form.offer(lot)
    typed = copy_of(lot)
    kept = [each for each in typed.questions if each.id != question_id]
    criterion = next(
        (each.id for each in lot.criteria if str(each.id) == form.criterion_id.data), None
    )
    typed.questions = [
        *kept,
        LotQuestion(word_limit=form.word_limit.data or 0, criterion_id=criterion),
    ]
    seen = checked(typed, Task.QUESTIONS)
    if request.headers.get("Accept") == FRAGMENT:
        found = render_template("lots/proportionality/fragment.html", lot=typed, seen=seen)
        return Response(found, mimetype=FRAGMENT)
    return form_page(lot, form, question=asked, checked=seen)


def register(app: Flask) -> None:
    """Serve the check."""
    app.register_blueprint(blueprint)
