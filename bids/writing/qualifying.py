"""Qualifying as a step of the bid: what the organisation has to do for each category asked."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask_babel import gettext as _

from bids.models import Bid
from bids.tasks import Task
from marketplace.categories.queries import category_name
from marketplace.qualification import queries as qualification
from marketplace.qualification.models import (
    PENDING,
    Application,
    ApplicationState,
    Qualification,
    QualificationState,
)
from marketplace.web.filters import shown_date

APPLY = "qualification.apply"


def tasks_of(bid: Bid, organisation_id: UUID) -> list[Task]:
    """A task for each category that the lot's service asks for.

    A bid may be submitted while the framework team decides (domain, section 3).
    """
    asked = qualification.categories_asked(bid.lot.service_code)
    qualified = qualification.qualified_for(organisation_id)
    lost = {each.category_code: each for each in qualification.held_by(organisation_id)}
    newest = qualification.newest_by_category(organisation_id, asked)
    unsent = [code for code in asked if code not in qualified and _unsent(newest.get(code))]
    found = []
    for code in asked:
        label = _("Qualification: %(category)s", category=category_name(code))
        if code in qualified:
            hint = _("Your organisation is qualified for this service.")
            found.append(Task(label, None, None, hint))
        else:
            found.append(_to_do(label, code, newest.get(code), lost.get(code)))
    # One form applies for all of them at once.
    return [
        replace(task, values={"category": unsent}) if task.endpoint == APPLY else task
        for task in found
    ]


def _unsent(sent: Application | None) -> bool:
    return sent is None or sent.state is ApplicationState.QUALIFIED


def _to_do(label: str, code: str, sent: Application | None, held: Qualification | None) -> Task:
    category = category_name(code)
    if held is not None and held.state is QualificationState.SUSPENDED:
        problem = _(
            "Your qualification for %(category)s is suspended. Read why, and answer.",
            category=category,
        )
        return Task(label, "qualification.overview", problem)
    if sent is None or _unsent(sent):
        problem = _(
            "Your organisation has not applied to qualify for %(category)s.", category=category
        )
        hint = _("Somebody in your organisation applies once; it takes a short form.")
        return Task(label, APPLY, problem, hint)
    values = {"application_id": sent.id}
    if sent.state in PENDING:
        return Task(label, "qualification.application", None, _waits(), values, urged=_owed(sent))
    if sent.state is ApplicationState.NOT_YET:
        problem = _(
            "The framework team decided “not yet” for %(category)s. Read what is missing, and "
            "apply again.",
            category=category,
        )
    else:
        problem = _(
            "Your application for %(category)s is begun and not sent yet.", category=category
        )
    return Task(label, "qualification.application", problem, None, values)


def _waits() -> str:
    return _(
        "The framework team is deciding. You can submit your bid meanwhile; it counts if the "
        "decision is yes."
    )


def _owed(sent: Application) -> str | None:
    if (correction := sent.open_correction) is None:
        return None
    return _(
        "The framework team asks you to correct your application by %(day)s.",
        day=shown_date(correction.until),
    )
