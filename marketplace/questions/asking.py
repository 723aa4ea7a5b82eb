"""Asking questions: which of them are asked, and the form that asks them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from wtforms import Field

from marketplace.questions.answers import chosen, kept, longest, problem, read
from marketplace.questions.models import Question
from marketplace.questions.vocabulary import QuestionKind
from marketplace.web.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    Form,
    LongTextField,
    RadioField,
    SelectChoice,
    WholeNumberField,
    Words,
)


def asked(questions: Iterable[Question], answers: Mapping[UUID, str]) -> list[Question]:
    """The questions whose condition holds, or that have none, in their order.

    A question that is not asked counts as unanswered for those that depend on it, whatever was
    answered to it before.
    """
    given: dict[str, frozenset[str]] = {}
    found = []
    for question in questions:
        wanted = question.only_if_concept
        if wanted and given.get(wanted, frozenset()).isdisjoint(question.only_if_values or ()):
            continue
        given[question.concept] = chosen(question, answers.get(question.id, ""))
        found.append(question)
    return found


class AnswersForm(Form):
    """A form made of questions. Nothing is required: half-finished answers may be saved.

    What is wrong in a question that is not asked does not count. A file is sent by a form of its
    own (`marketplace.files.fields.UploadField`), so this one has no field for it.
    """

    questions: tuple[Question, ...] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every answer to a question that is asked is well formed."""
        if super().validate(extra_validators):
            return True
        wanted = {each.id for each in asked(self.questions, answers_in(self, self.questions))}
        for question in typed(self.questions):
            if question.id not in wanted:
                self[field_name(question)].errors = []
        return not self.errors

    def fields_of_questions(self) -> dict[UUID, Field]:
        """The fields by question; a question that asks for a file has none."""
        return {each.id: self[field_name(each)] for each in typed(self.questions)}

    def beneath(self) -> dict[UUID, dict[str, list[Question]]]:
        """What stands beneath an option; see `asked_beneath`."""
        return asked_beneath(typed(self.questions))

    def on_top(self) -> list[Question]:
        """The questions that stand beneath no option."""
        under = {
            each.id
            for options in self.beneath().values()
            for questions in options.values()
            for each in questions
        }
        return [each for each in self.questions if each.id not in under]


def answers_form(questions: Iterable[Question]) -> type[AnswersForm]:
    """The form that asks these questions, each with why it is asked and on what condition."""
    in_order = tuple(questions)
    fields: dict[str, Any] = {
        field_name(each): _field(each, hint(each, in_order)) for each in typed(in_order)
    }
    return type("AnswersForm", (AnswersForm,), {**fields, "questions": in_order})


def asked_beneath(questions: Iterable[Question]) -> dict[UUID, dict[str, list[Question]]]:
    """By question and option, what is asked only where that one option is chosen."""
    earlier: dict[str, Question] = {}
    found: dict[UUID, dict[str, list[Question]]] = {}
    for each in questions:
        source = earlier.get(each.only_if_concept or "")
        if source is not None and len(each.only_if_values) == 1:
            found.setdefault(source.id, {}).setdefault(each.only_if_values[0], []).append(each)
        if each.kind is QuestionKind.CHOICE:
            earlier[each.concept] = each
    return found


def typed(questions: Iterable[Question]) -> list[Question]:
    """The questions that are answered in the form: all but those that ask for a file."""
    return [each for each in questions if each.kind is not QuestionKind.FILE]


def answers_in(form: Form, questions: Iterable[Question]) -> dict[UUID, str]:
    """The answers typed, as they are kept, by question; "" where there is none.

    What is malformed is left out; only questions that are not asked can have it in a valid form.
    """
    given = {}
    for question in typed(questions):
        field = form[field_name(question)]
        text = "" if field.process_errors else kept(question, field.data)
        given[question.id] = "" if problem(question, text) else text
    return given


def saved_answers(questions: Iterable[Question], answers: Mapping[UUID, str]) -> dict[str, Any]:
    """What the form shows of the answers kept before: its `data`."""
    shown: dict[str, Any] = {}
    for question in typed(questions):
        text = answers.get(question.id, "")
        if not problem(question, text):
            shown[field_name(question)] = read(question, text)
        elif question.kind is QuestionKind.WORDS:
            shown[field_name(question)] = text
    return shown


def carried_forward(
    before: Iterable[Question], answers: Mapping[UUID, str], questions: Iterable[Question]
) -> dict[UUID, str]:
    """Earlier answers for a later version of the questions: by concept, where they still fit.

    Legal confirmations are never carried (domain, section 5).
    """
    earlier = {each.concept: each for each in before}
    carried = {}
    for question in questions:
        old = earlier.get(question.concept)
        text = answers.get(old.id, "") if old else ""
        legal = question.legal or (old is not None and old.legal)
        if old and text and old.kind is question.kind and not legal and not problem(question, text):
            carried[question.id] = text
    return carried


def field_name(question: Question) -> str:
    """The name of a question's field in the form."""
    return f"answer_{question.concept.replace('-', '_')}"


def hint(question: Question, questions: Iterable[Question]) -> str:
    """What stands below a question: its condition, its guidance and why it is asked."""
    source = next((each for each in questions if each.concept == question.only_if_concept), None)
    parts = [condition(question, source) if source else "", question.help, question.reason]
    return " ".join(part for part in parts if part)


def condition(question: Question, source: Question) -> str:
    """The condition on which a question is asked, in words."""
    if source.kind is QuestionKind.CONFIRM:
        return _("Only if you confirmed “%(statement)s”.", statement=source.asked)
    labels = [source.labels.get(value, value) for value in question.only_if_values]
    return _(
        "Only if you answered “%(answers)s” to “%(question)s”.",
        answers=_("” or “").join(labels),
        question=source.asked,
    )


def _field(question: Question, description: str) -> Field:
    text = question.asked
    told: dict[str, Any] = {"description": description}
    if question.kind is QuestionKind.WORDS:
        words = Words(question.most_words or 0)
        return LongTextField(text, [words], longest=longest(question), **told)
    if question.kind is QuestionKind.CONFIRM:
        return CheckboxField(text, **told)
    if question.kind is QuestionKind.NUMBER:
        return WholeNumberField(text, **told)
    if question.kind is QuestionKind.DATE:
        return DateField(text, **told)
    choices = [SelectChoice(value, label) for value, label in question.labels.items()]
    one = question.kind is QuestionKind.CHOICE
    return (RadioField if one else CheckboxesField)(text, choices=choices, **told)
