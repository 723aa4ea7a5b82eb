"""An application put into the pieces its pages are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace import clock
from marketplace.categories.queries import category_name
from marketplace.qualification.clocks import working_days_left
from marketplace.qualification.models import (
    WITH_ASSESSORS,
    Application,
    ApplicationAnswer,
    ApplicationState,
)
from marketplace.qualification.outcomes import PARTS, Missing, Part, Result
from marketplace.questions.answers import readable
from marketplace.questions.asking import asked, field_name
from marketplace.questions.models import Question, QuestionKind
from marketplace.web.filters import shown_date

Questions = dict[Part, Sequence[Question]]


def task_list(application: Application, result: Result, may_sign: bool) -> list[dict[str, Any]]:
    """The parts of a draft in their order, each with its address and what is left to do."""
    tasks = [_profile_task(result)]
    for part in Part:
        left = result.of(part)
        tasks.append(
            {
                "label": PARTS[part] if part is Part.COMMON else _part_label(application, part),
                "href": url_for(
                    "qualification.answers", application_id=application.id, part=part.value
                ),
                "done": not any(each.stops for each in left),
                "hint": _left(len(left)) if left else None,
            }
        )
    if application.organisation.wants_sign_off:
        tasks.append(_sign_off_task(application, result, may_sign))
    tasks.append(
        {
            "label": _("Check your answers and submit"),
            "href": url_for("qualification.check", application_id=application.id),
            "done": False,
            "status": _("To do"),
        }
    )
    return tasks


def _part_label(application: Application, part: Part) -> str:
    if part is Part.COMMON:
        return str(PARTS[part])
    return _("About your work in: %(category)s", category=category_name(application.category_code))


def _profile_task(result: Result) -> dict[str, Any]:
    gaps = result.of(None)
    return {
        "label": _("Your profile"),
        "href": url_for("organisations.profile"),
        "done": not gaps,
        "hint": gaps[0].reason if gaps else None,
    }


def _left(number: int) -> str:
    return ngettext("%(num)s answer to go", "%(num)s answers to go", number)


def _sign_off_task(application: Application, result: Result, may_sign: bool) -> dict[str, Any]:
    signed, asked_for = application.signed_off_at, application.sign_off_asked_at
    href = None
    if may_sign and not result.missing and not signed:
        href = url_for("qualification.sign_off", application_id=application.id)
    return {
        "label": _("Sign-off by a trustee"),
        "href": href,
        "done": bool(signed),
        "status": _("Waiting for a trustee") if asked_for and not signed else None,
        "hint": _("A trustee asked for changes.") if application.sent_back else None,
    }


def way_to(application: Application, lack: Missing) -> str:
    """The address, down to the field, at which something missing is put right."""
    if lack.part is None:
        return url_for("organisations.change")
    assert lack.question is not None, "what is missing on a page of questions is a question"
    return question_address(application, lack.part, lack.question)


def question_address(application: Application, part: Part, question: Question) -> str:
    """The address, down to the field, at which a question is answered."""
    if question.kind is QuestionKind.FILE:
        return url_for("evidence.choose", application_id=application.id, question_id=question.id)
    page = url_for("qualification.answers", application_id=application.id, part=part.value)
    return f"{page}#{field_name(question)}"


def answer_rows(
    application: Application, questions: Questions, *, changeable: bool = False
) -> dict[str, list[dict[str, Any]]]:
    """Every question asked with its answer, what is known of it, and the way to change it.

    By the heading of the page that asks it.
    """
    given = application.given
    held = {each.question_id: each for each in application.answers}
    return {
        str(PARTS[part]): [
            {
                "key": question.asked,
                "value": readable(question, given.get(question.id, "")),
                "file": held[question.id].file if question.id in held else None,
                "href": question_address(application, part, question) if changeable else None,
                "question": question,
                "note": note(held.get(question.id)),
            }
            for question in asked(questions[part], given)
        ]
        for part in Part
    }


def note(answer: ApplicationAnswer | None) -> str | None:
    """Where an answer comes from, or who gave it when."""
    if answer is None:
        return None
    if answer.source is not None:
        return _(
            "From the application for %(category)s of %(day)s.",
            category=category_name(answer.source.category_code),
            day=shown_date(answer.source.submitted_at or answer.source.created_at),
        )
    return _(
        "Saved by %(name)s on %(day)s.",
        name=answer.edited_by.name,
        day=shown_date(answer.edited_at),
    )


def notes(application: Application) -> dict[UUID, str | None]:
    """The note of every answer, by question."""
    return {each.question_id: note(each) for each in application.answers}


def clock_sentence(application: Application) -> str:
    """How the clock of a decision stands, for both sides."""
    correction = application.open_correction
    if application.state is ApplicationState.CORRECTION_REQUESTED and correction:
        return _(
            "The clock is paused until the correction is back, by %(day)s at the latest.",
            day=shown_date(correction.until),
        )
    if application.state not in WITH_ASSESSORS or application.due_on is None:
        return ""
    if is_overdue(application):
        return _late_sentence(application)
    left = working_days_left(clock.today(), application.due_on)
    return ngettext(
        "The decision is due by %(day)s: %(num)s working day is left.",
        "The decision is due by %(day)s: %(num)s working days are left.",
        left,
        day=shown_date(application.due_on),
    )


def _late_sentence(application: Application) -> str:
    """That a decision is late, and who hears of it when."""
    late = _("The decision was due on %(day)s; it is late.", day=shown_date(application.due_on))
    if application.escalated_at is not None:
        then = _(
            "It was escalated to the framework team’s managers on %(day)s.",
            day=shown_date(application.escalated_at),
        )
    else:
        then = _(
            "If there is still none, it is escalated to the framework team’s managers on %(day)s.",
            day=shown_date(application.escalate_on),
        )
    return f"{late} {then}"


def is_overdue(application: Application) -> bool:
    """With the framework team for longer than a decision may take."""
    return (
        application.state in WITH_ASSESSORS
        and application.due_on is not None
        and application.due_on < clock.today()
    )
