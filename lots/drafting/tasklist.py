"""The task list of a draft: which pages there are, in groups, and how far each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from lots.drafting import drafts
from lots.models import Lot
from lots.permissions import LotPermission
from lots.proportionality import Finding
from lots.vocabulary import EDITABLE, TASKS, Task
from marketplace.permissions import allowed
from marketplace.web.acting import acting

GROUPS: tuple[tuple[Any, tuple[Task, ...]], ...] = (
    (_l("What, for whom and where"), (Task.SERVICE, Task.ELIGIBILITY, Task.AREAS)),
    (
        _l("How much, for how long, who pays"),
        (Task.TERM, Task.VOLUMES, Task.ROUTE, Task.VALUE, Task.PAYMENT, Task.FUNDERS),
    ),
    (
        _l("How bids are judged"),
        (Task.CRITERIA, Task.QUESTIONS, Task.DEMANDS, Task.TOGETHER),
    ),
    (_l("What bidders must know"), (Task.STAFF, Task.TERMS, Task.DOCUMENTS)),
    (_l("When, and who opens the bids"), (Task.DATES, Task.SEALING)),
)
# Pages other than `drafting.edit`; one whose endpoint nobody serves is left out.
ENDPOINTS = {
    Task.QUESTIONS: "drafting.questions",
    Task.DOCUMENTS: "drafting.documents",
    Task.FUNDERS: "funding.funders",
    Task.SEALING: "keyholders.show",
    Task.TOGETHER: "together.show",
}


@dataclass
class Group:
    """One group of the list, its rows as the macro `task_list` takes them."""

    label: Any
    tasks: list[dict[str, Any]] = field(default_factory=list)


def groups(lot: Lot, found: Sequence[Finding], may_draft: bool) -> list[Group]:
    """The whole list; without the permission to draft its pages are no links."""
    blocked = {each.task for each in found if each.stands}
    flagged = {each.task for each in found} - blocked
    unsaved = drafts.unsaved_pages(lot) - blocked
    served = current_app.view_functions
    shown = []
    for label, tasks in GROUPS:
        rows = [
            {
                "label": TASKS[task],
                "href": task_url(lot, task) if may_draft else None,
                "done": task not in blocked | unsaved,
                "status": _status(lot, task, blocked, unsaved, flagged),
            }
            for task in tasks
            if ENDPOINTS.get(task, "drafting.edit") in served
        ]
        shown.append(Group(label, rows))
    return shown


def done(shown: Sequence[Group]) -> tuple[int, int]:
    """How many pages are completed, and how many there are."""
    tasks = [task for group in shown for task in group.tasks]
    return sum(task["done"] for task in tasks), len(tasks)


def _status(
    lot: Lot, task: Task, blocked: set[Task], unsaved: set[Task], flagged: set[Task]
) -> str | None:
    if task in blocked:
        return _("Incomplete")
    if task in unsaved:
        return _("Not started")
    return _("Worth a second look") if task in flagged else _count(lot, task)


def _count(lot: Lot, task: Task) -> str | None:
    """What a page that may stay empty holds."""
    if task is Task.DOCUMENTS:
        number = len(lot.documents)
        return ngettext("%(num)s document", "%(num)s documents", number) if number else _("None")
    if task is Task.DEMANDS and not lot.demands:
        return _("Nothing asked")
    if task is Task.SEALING:
        return _("People") if lot.splits_key else _("The service")
    if task is Task.TOGETHER:
        return lot.competition.title if lot.competition else _("By itself")
    return None


def task_url(lot: Lot, task: Task) -> str:
    """The address of a page of this draft."""
    if task in ENDPOINTS:
        return url_for(ENDPOINTS[task], lot_id=lot.id)
    return url_for("drafting.edit", lot_id=lot.id, task=task.value)


def task_link(lot: Lot, task: Task) -> str | None:
    """The same for whoever is acting, None where they do not write in this draft."""
    if lot.state not in EDITABLE or not allowed(acting(), LotPermission.DRAFT, lot):
        return None
    return task_url(lot, task)


def next_task(lot: Lot, task: Task) -> Task | None:
    """The page after this one."""
    ordered = [each for _label, tasks in GROUPS for each in tasks]
    ahead = ordered[ordered.index(task) + 1 :]
    served = current_app.view_functions
    return next((t for t in ahead if ENDPOINTS.get(t, "drafting.edit") in served), None)


def register(app: Flask) -> None:
    """Let the check lead to the page that puts right what it finds."""
    app.jinja_env.globals["task_link"] = task_link
