"""Answers for checking: each question that is asked with its answer; and what answering takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from marketplace.questions.answers import readable
from marketplace.questions.asking import asked
from marketplace.questions.models import Question
from marketplace.questions.vocabulary import QuestionKind
from marketplace.web.words import count_words


def rows(
    questions: Iterable[Question],
    answers: Mapping[UUID, str],
    change: Callable[[Question], str] | None = None,
) -> list[dict[str, Any]]:
    """Rows for the macro `summary_list`; `change` gives the address that changes an answer."""
    return [
        {
            "key": question.asked,
            "value": readable(question, answers.get(question.id, "")),
            "href": change(question) if change else None,
            "question": question,
        }
        for question in asked(questions, answers)
    ]


def required_answers(questions: Iterable[Question], answers: Mapping[UUID, str]) -> int:
    """How many answers must be given by whoever answers so; {} is who meets no condition."""
    return sum(question.needed for question in asked(questions, answers))


def words_to_write(questions: Iterable[Question], answers: Mapping[UUID, str]) -> int:
    """The most words that the required answers may take, for whoever answers so."""
    return sum(
        question.most_words or 0
        for question in asked(questions, answers)
        if question.needed and question.kind is QuestionKind.WORDS
    )


def words_to_read(questions: Iterable[Question]) -> int:
    """The words of the questions themselves: text, guidance, why and options."""
    return sum(
        count_words(" ".join([each.asked, each.help, each.reason, *each.labels.values()]))
        for each in questions
    )
