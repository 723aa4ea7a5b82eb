"""A question set as a JSON Schema (2020-12): what a program may send, it may also be asked.

An answer document has one property for each concept. What is answered to a question that is not
asked does not matter, as in the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marketplace.questions.answers import MOST_NUMBER, longest
from marketplace.questions.models import Question, QuestionSet
from marketplace.questions.vocabulary import QuestionKind

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
ID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"

Schema = dict[str, Any]


def schema_of(question_set: QuestionSet, address: str) -> Schema:
    """The schema of the answers to one published version, found at `address`."""
    return {
        "$schema": DIALECT,
        "$id": address,
        "title": question_set.title,
        "x-purpose": question_set.purpose,
        "x-version": question_set.version,
        "x-valid-from": question_set.valid_from.isoformat() if question_set.valid_from else None,
        **answers_schema(question_set.questions),
    }


def answers_schema(questions: Sequence[Question]) -> Schema:
    """The schema of complete answers to these questions: the needed ones given, all well formed."""
    described = {each.concept: _described(each) for each in questions}
    rules: list[Schema] = []
    earlier: dict[str, Question] = {}
    for question in questions:
        rule: Schema = {"properties": {question.concept: _answer(question)}}
        if question.needed:
            rule["required"] = [question.concept]
        when = _condition(question, earlier)
        rules.append(rule if when is None else {"if": when, "then": rule})
        earlier[question.concept] = question
    return {"type": "object", "properties": described, "allOf": rules}


def _described(question: Question) -> Schema:
    """What the question says, for people; it restricts nothing."""
    texts = {
        "title": question.text,
        "description": question.guidance,
        "x-title-cy": question.text_cy,
        "x-why": question.why,
        "x-risk": question.risk,
    }
    described: Schema = {name: text for name, text in texts.items() if text}
    described["x-kind"] = question.kind.value
    described["x-readers"] = list(question.readers or ())
    if question.options:
        described["x-options"] = question.options
    if question.most_words:
        described["x-most-words"] = question.most_words
    if question.legal:
        described["x-legal"] = True
    return described


def _answer(question: Question) -> Schema:
    """What an answer must look like. An optional one may also be empty."""
    shape = _SHAPES[question.kind](question)
    if question.needed:
        return shape
    empty: Schema = {"enum": ["", False, []]}
    return {"anyOf": [shape, empty]}


def _words(question: Question) -> Schema:
    further = (question.most_words or 1) - 1
    return {
        "type": "string",
        "maxLength": longest(question),
        "pattern": rf"^\s*\S+(\s+\S+){{0,{further}}}\s*$",
    }


def _choices(question: Question) -> Schema:
    return {
        "type": "array",
        "items": {"enum": list(question.labels)},
        "minItems": 1,
        "uniqueItems": True,
    }


_SHAPES: dict[QuestionKind, Any] = {
    QuestionKind.WORDS: _words,
    QuestionKind.CONFIRM: lambda question: {"const": True},
    QuestionKind.CHOICE: lambda question: {"enum": list(question.labels)},
    QuestionKind.CHOICES: _choices,
    QuestionKind.NUMBER: lambda question: {
        "type": "integer",
        "minimum": 0,
        "maximum": MOST_NUMBER,
    },
    QuestionKind.DATE: lambda question: {"type": "string", "format": "date", "pattern": DATE},
    QuestionKind.FILE: lambda question: {"type": "string", "format": "uuid", "pattern": ID},
}


def _condition(question: Question, earlier: dict[str, Question]) -> Schema | None:
    """When the question is asked: its own condition and those of whatever it depends on."""
    if not question.only_if_concept:
        return None
    source = earlier.get(question.only_if_concept)
    if source is None:
        return {"not": {}}  # what it depends on is not asked before it, so it never is
    values = list(question.only_if_values or ())
    wanted = _chosen(source, values)
    own: Schema = {
        "properties": {source.concept: {"allOf": [_SHAPES[source.kind](source), wanted]}},
        "required": [source.concept],
    }
    above = _condition(source, earlier)
    return own if above is None else {"allOf": [above, own]}


def _chosen(source: Question, values: list[str]) -> Schema:
    if source.kind is QuestionKind.CONFIRM:
        return {"const": True} if "yes" in values else {"not": {}}
    if source.kind is QuestionKind.CHOICES:
        return {"contains": {"enum": values}}
    return {"enum": values}
