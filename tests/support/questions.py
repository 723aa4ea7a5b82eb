"""Answers to questions for tests."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from marketplace import clock
from marketplace.database import write
from marketplace.questions import actions
from marketplace.questions.asking import asked
from marketplace.questions.models import Question
from marketplace.questions.queries import set_in_force
from marketplace.questions.vocabulary import CATEGORY, QUALIFICATION, QuestionKind

EXAMPLES = {
    QuestionKind.WORDS: "We visit people at home.",
    QuestionKind.CONFIRM: "yes",
    QuestionKind.NUMBER: "12",
    QuestionKind.DATE: "2026-07-16",
    QuestionKind.FILE: "00000000-0000-4000-8000-000000000000",
}


def passing_answer(question: Question) -> str:
    """An answer that passes, as it is kept."""
    values = question.passes or list(question.labels)
    if question.kind is QuestionKind.CHOICE:
        return values[0]
    if question.kind is QuestionKind.CHOICES:
        return json.dumps(values)
    if question.kind is QuestionKind.NUMBER and question.passes:
        return question.passes[0]
    return EXAMPLES[question.kind]


def passing_answers(questions: Iterable[Question]) -> dict[UUID, str]:
    """An answer that passes to every question that is asked where the first option is chosen."""
    in_order = list(questions)
    answers = {each.id: passing_answer(each) for each in in_order}
    return {each.id: answers[each.id] for each in asked(in_order, answers)}


def add_to(world: Any) -> None:
    """A published set and a draft with a question, as the reviewed table names them."""
    by = world.by("framework manager")
    published = set_in_force(QUALIFICATION, clock.today())
    world.things["question set"] = {
        "set_id": published.id,
        "purpose": published.purpose,
        "version": published.version,
    }
    with write():
        draft = actions.start_draft(CATEGORY, by)
        world.things["question draft"] = {
            "set_id": draft.id,
            "question_id": draft.questions[0].id,
        }
