"""The task list of a draft: which pages there are, in groups, and how far each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from lots.models import Lot
from lots.proportionality import Finding
from lots.vocabulary import TASKS, Task

GROUPS: tuple[tuple[Any, tuple[Task, ...]], ...] = (
    (_l("What, for whom and where"), (Task.SERVICE, Task.ELIGIBILITY, Task.AREAS)),
    (
        _l("How much, for how long, who pays"),
        (Task.TERM, Task.VOLUMES, Task.ROUTE, Task.VALUE, Task.PAYMENT, Task.FUNDERS),
    ),
    (_l("How bids are judged"), (Task.CRITERIA, Task.QUESTIONS, Task.DEMANDS)),
    (_l("What bidders must know"), (Task.STAFF, Task.TERMS, Task.DOCUMENTS)),
    (_l("When"), (Task.DATES,)),
)
# Pages other than `drafting.edit`; one whose endpoint nobody serves is left out.
ENDPOINTS = {
    Task.QUESTIONS: "drafting.questions",
    Task.DOCUMENTS: "drafting.documents",
    Task.FUNDERS: "funding.funders",
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
    return [
        Group(
            label,
            [
                _row(lot, task, task in blocked, task in flagged, may_draft)
                for task in tasks
                if ENDPOINTS.get(task, "drafting.edit") in current_app.view_functions
            ],
        )
        for label, tasks in GROUPS
    ]


def done(shown: Sequence[Group]) -> tuple[int, int]:
    """How many pages have nothing missing, and how many there are."""
    tasks = [task for group in shown for task in group.tasks]
    return sum(task["done"] for task in tasks), len(tasks)


def _row(lot: Lot, task: Task, blocked: bool, flagged: bool, may_draft: bool) -> dict[str, Any]:
    status = _count(lot, task)
    if blocked:
        status = _("Incomplete")
    elif flagged:
        status = _("Worth a second look")
    return {
        "label": TASKS[task],
        "href": task_url(lot, task) if may_draft else None,
        "done": not blocked,
        "status": status,
    }


def _count(lot: Lot, task: Task) -> str | None:
    """What a page that may stay empty holds."""
    if task is Task.DOCUMENTS:
        number = len(lot.documents)
        return ngettext("%(num)s document", "%(num)s documents", number) if number else _("None")
    if task is Task.DEMANDS and not lot.demands:
        return _("Nothing asked")
    return None


def task_url(lot: Lot, task: Task) -> str:
    """The address of a page of this draft."""
    if task in ENDPOINTS:
        return url_for(ENDPOINTS[task], lot_id=lot.id)
    return url_for("drafting.edit", lot_id=lot.id, task=task.value)


def next_task(lot: Lot, task: Task) -> Task | None:
    """The page after this one."""
    ordered = [each for _label, tasks in GROUPS for each in tasks]
    ahead = ordered[ordered.index(task) + 1 :]
    served = current_app.view_functions
    return next((t for t in ahead if ENDPOINTS.get(t, "drafting.edit") in served), None)
