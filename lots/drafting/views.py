"""The pages on which a lot is drafted, each saved by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots.drafting import actions, drafts
from lots.drafting.area_forms import AreasForm, volumes_form
from lots.drafting.forms import EligibilityForm, PageForm, ServiceForm
from lots.drafting.money_forms import RouteForm, TermForm, ValueForm
from lots.drafting.pages import blueprint, opened, overtaken, saved, the_draft
from lots.drafting.payment_forms import payment_form
from lots.drafting.row_forms import CriteriaForm, DemandsForm
from lots.drafting.tasklist import next_task, task_url
from lots.drafting.term_forms import DatesForm, StaffForm, TermsForm
from lots.drafting.timeline import Timeline
from lots.models import Lot
from lots.permissions import LotPermission
from lots.vocabulary import TASKS, DocumentKind, Task
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import requires
from marketplace.web.acting import actor

FORMS: dict[Task, type[PageForm]] = {
    Task.SERVICE: ServiceForm,
    Task.ELIGIBILITY: EligibilityForm,
    Task.AREAS: AreasForm,
    Task.VALUE: ValueForm,
    Task.ROUTE: RouteForm,
    Task.TERM: TermForm,
    Task.CRITERIA: CriteriaForm,
    Task.DEMANDS: DemandsForm,
    Task.STAFF: StaffForm,
    Task.TERMS: TermsForm,
    Task.DATES: DatesForm,
}
# Pages whose fields depend on what the lot holds.
MADE: dict[Task, Callable[[Lot], type[PageForm]]] = {
    Task.VOLUMES: volumes_form,
    Task.PAYMENT: payment_form,
}
PAGES = ", ".join(task.value for task in (*FORMS, *MADE))


def form_of(lot: Lot, page: Task, **kwargs: Any) -> PageForm:
    """A page's form, offering what depends on the lot."""
    kind = MADE[page](lot) if page in MADE else FORMS[page]
    form = kind(**kwargs)
    form.offer(lot)
    return form


@blueprint.route(f"/lots/<uuid:lot_id>/<any({PAGES}):task>", methods=["GET", "POST"])
@requires(LotPermission.DRAFT)
def edit(lot_id: UUID, task: str) -> str | Response:
    """One page of a draft."""
    lot, page = the_draft(lot_id), Task(task)
    form, theirs = form_of(lot, page), None
    if form.is_submitted():
        goes_on = form.press(request.form.get("press", ""))
        if goes_on and form.validate():
            try:
                with write():
                    actions.save_page(lot_id, page, form.values(), form.seen.data or "", actor())
                return _after(lot, page)
            except drafts.Overtaken as refusal:
                lot = the_draft(lot_id)
                other = form_of(lot, page, formdata=None)
                theirs = overtaken(form, other, drafts.values_of(lot, page), refusal)
            except Refusal as refusal:
                lot = the_draft(lot_id)
                form.form_errors.append(str(refusal.text))
    else:
        opened(form, drafts.values_of(lot, page))
    return page_shown(lot, page, form, theirs=theirs)


def page_shown(lot: Lot, page: Task, form: PageForm, **more: Any) -> str:
    """A page of a draft around its form."""
    context = {"theirs": None} | (CONTEXTS[page](lot, form) if page in CONTEXTS else {}) | more
    return render_template(
        f"lots/drafting/{page.value}.html",
        lot=lot,
        form=form,
        page=page,
        label=TASKS[page],
        **context,
    )


def _after(lot: Lot, page: Task) -> Response:
    """On to the next page where that was pressed, else back to the task list."""
    following = next_task(lot, page)
    if request.form.get("press") == "next" and following is not None:
        return redirect(task_url(lot, following), 303)
    return saved(lot.id, _("Saved."))


def _of_dates(lot: Lot, form: Any) -> dict[str, Any]:
    return {"timeline": Timeline(lot, form.opens_on.data, form.closing_day.data)}


def _of_staff(lot: Lot, form: Any) -> dict[str, Any]:
    return {"sheets": [d for d in lot.documents if d.kind is DocumentKind.STAFF_COSTS]}


CONTEXTS: dict[Task, Callable[[Lot, Any], dict[str, Any]]] = {
    Task.DATES: _of_dates,
    Task.STAFF: _of_staff,
}
