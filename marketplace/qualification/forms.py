"""The forms of qualification."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask_babel import lazy_gettext as _l

from marketplace.categories.models import Category
from marketplace.questions.models import Question, QuestionKind
from marketplace.web.fields import (
    CheckboxesField,
    CheckboxField,
    Form,
    LongTextField,
    RadioField,
    Required,
    SelectChoice,
    Words,
)

LONGEST_REASONS = 4000


class CategoriesForm(Form):
    """Which categories to apply for."""

    categories = CheckboxesField(
        _l("Which categories do you apply for?"),
        [Required(_l("Select at least one category"))],
    )

    def offer(self, categories: Iterable[Category]) -> CategoriesForm:
        """Offer these categories."""
        self.categories.choices = [SelectChoice(each.code, each.label) for each in categories]
        return self


class DecisionForm(Form):
    """Qualified, or not yet with reasons."""

    decision = RadioField(
        _l("Your decision"),
        [Required(_l("Select your decision"))],
        choices=[
            SelectChoice("qualify", _l("Qualified")),
            SelectChoice("not_yet", _l("Not yet")),
        ],
    )
    reasons = LongTextField(
        _l("Reasons, if not yet"),
        description=_l("The applicant reads these. Say what is missing and how to get there."),
        longest=LONGEST_REASONS,
    )

    def reasons_if_not_yet(self) -> str | None:
        """None where the applicant qualifies."""
        return (self.reasons.data or "") if self.decision.data == "not_yet" else None


def answers_form(questions: Iterable[Question]) -> type[Form]:
    """A form made of the questions; half-finished answers may be saved, so nothing is required."""
    fields = {_name(question): _field(question) for question in questions}
    return type("AnswersForm", (Form,), fields)


def answers_in(form: Form, questions: Iterable[Question]) -> dict[UUID, str]:
    """The answers typed, by question; a confirmation not ticked is empty."""
    given = {}
    for question in questions:
        data = form[_name(question)].data
        given[question.id] = ("yes" if data else "") if _confirms(question) else (data or "")
    return given


def saved_answers(questions: Iterable[Question], answers: dict[UUID, str]) -> dict[str, object]:
    """What the form shows of the answers saved before."""
    return {
        _name(question): bool(answers.get(question.id))
        if _confirms(question)
        else answers.get(question.id, "")
        for question in questions
    }


def _confirms(question: Question) -> bool:
    return question.kind is QuestionKind.CONFIRM


def _name(question: Question) -> str:
    return question.concept.replace("-", "_")


def _field(question: Question) -> CheckboxField | LongTextField:
    if _confirms(question):
        return CheckboxField(question.asked, description=question.reason)
    return LongTextField(
        question.asked, [Words(question.most_words or 0)], description=question.reason
    )
