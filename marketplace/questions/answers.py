"""Answers are kept as text: how each kind is written down, read back and shown.

Words as typed, a confirmation as "yes", one option as its value, several as a JSON list of
values, a number in figures, a date as in 2026-11-22, a file as its id.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import format_date, format_decimal, ngettext
from flask_babel import gettext as _

from marketplace.questions.models import Question
from marketplace.questions.vocabulary import QuestionKind
from marketplace.web.words import count_words

YES = "yes"
MOST_NUMBER = 2_000_000_000
# No prose needs more room for its words than this.
CHARACTERS_A_WORD = 20


def longest(question: Question) -> int:
    """The most characters that an answer in words may have."""
    return (question.most_words or 0) * CHARACTERS_A_WORD


def kept(question: Question, value: Any) -> str:
    """The value of a form's field as it is kept; "" where nothing was given."""
    if question.kind is QuestionKind.CONFIRM:
        return YES if value else ""
    if value is None or value == "" or value == []:
        return ""
    if question.kind is QuestionKind.CHOICES:
        given = set(value)
        return json.dumps([each for each in question.labels if each in given])
    if question.kind is QuestionKind.DATE:
        return value.isoformat()
    return str(value)


def read(question: Question, text: str) -> Any:
    """The value that a kept answer stands for, None where there is none.

    Raises ValueError, with a sentence for the user, for a text that is no answer to the question.
    """
    return _READERS[question.kind](question, text) if text else None


def problem(question: Question, text: str) -> str | None:
    """What is wrong with a kept answer, in words for the user; None where nothing is."""
    try:
        read(question, text)
    except ValueError as error:
        return str(error)
    return None


def chosen(question: Question, text: str) -> frozenset[str]:
    """The values that other questions' conditions can ask for; none where it is malformed."""
    if not text or problem(question, text):
        return frozenset()
    several = question.kind is QuestionKind.CHOICES
    return frozenset(json.loads(text) if several else [text])


def readable(question: Question, text: str) -> str:
    """A kept answer as people read it; a text that is no answer is shown as it stands."""
    if not text or problem(question, text):
        return text
    value = read(question, text)
    if question.kind is QuestionKind.CONFIRM:
        return _("Confirmed")
    if question.kind is QuestionKind.NUMBER:
        return format_decimal(value)
    if question.kind is QuestionKind.DATE:
        return format_date(value, "d MMMM y")
    if question.kind is QuestionKind.FILE:
        return _("A file")
    if question.labels:
        values = value if isinstance(value, list) else [value]
        return "; ".join(question.labels[each] for each in values)
    return value


def _words(question: Question, text: str) -> str:
    over = count_words(text) - (question.most_words or 0)
    if over > 0:
        raise ValueError(
            ngettext(
                "Your answer is %(num)s word too long. At most %(most)s words.",
                "Your answer is %(num)s words too long. At most %(most)s words.",
                over,
                most=question.most_words,
            )
        )
    if len(text) > longest(question):
        raise ValueError(
            _("Your answer must be %(most)s characters or fewer", most=f"{longest(question):,}")
        )
    return text


def _confirmed(_question: Question, text: str) -> bool:
    if text != YES:
        raise ValueError(_("Confirm the statement, or leave it unconfirmed"))
    return True


def _option(question: Question, text: str) -> str:
    if text not in question.labels:
        raise ValueError(_("Select from the options shown"))
    return text


def _options(question: Question, text: str) -> list[str]:
    try:
        values = json.loads(text)
        offered = isinstance(values, list) and set(values) <= set(question.labels)
    except (ValueError, TypeError, RecursionError):
        offered = False
    if not offered or not values or len(set(values)) < len(values):
        raise ValueError(_("Select from the options shown"))
    return values


def _number(_question: Question, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= MOST_NUMBER):
        raise ValueError(
            _("Your answer must be a whole number from 0 to %(most)s", most=f"{MOST_NUMBER:,}")
        )
    return int(text)


def _date(_question: Question, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    # Python reads shorter forms of a date too; one day is written in one way only.
    if found is None or found.isoformat() != text:
        raise ValueError(_("Your answer must be a date that exists"))
    return found


def _file(_question: Question, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ValueError(_("Choose the file again")) from None


_READERS: dict[QuestionKind, Any] = {
    QuestionKind.WORDS: _words,
    QuestionKind.CONFIRM: _confirmed,
    QuestionKind.CHOICE: _option,
    QuestionKind.CHOICES: _options,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
    QuestionKind.FILE: _file,
}
