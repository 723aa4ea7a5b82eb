"""How the question bank looks on its pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from wtforms import Field

from marketplace.overtaken import fingerprint
from marketplace.questions.asking import condition
from marketplace.questions.comparison import pass_rule
from marketplace.questions.drafts import values_of
from marketplace.questions.lifecycle import problems
from marketplace.questions.models import Question, QuestionSet
from marketplace.questions.unlawful import Unlawful, unlawful
from marketplace.questions.vocabulary import QUESTION_KINDS, READERS, Reader
from marketplace.registry import measures
from marketplace.web.fields import Form

USES = "uses of question sets"


@dataclass(frozen=True)
class Card:
    """One question of a set as its page shows it."""

    number: int
    question: Question
    kind: Any
    readers: str
    passes: str
    condition: str
    problems: tuple[str, ...]
    unlawful: tuple[Unlawful, ...]
    seen: str


def cards(question_set: QuestionSet) -> list[Card]:
    """The questions of a set with all that is known of each."""
    questions = question_set.questions
    by_concept = {each.concept: each for each in questions}
    found = problems(questions)
    shown = []
    for number, question in enumerate(questions, start=1):
        source = by_concept.get(question.only_if_concept or "")
        shown.append(
            Card(
                number=number,
                question=question,
                kind=QUESTION_KINDS[question.kind],
                readers=read_by(question),
                passes=pass_rule(question),
                condition=condition(question, source) if source else "",
                problems=tuple(each for of, each in found if of == number),
                unlawful=tuple(unlawful(texts_of(question))),
                seen=fingerprint(values_of(question)),
            )
        )
    return shown


def texts_of(question: Question) -> list[str]:
    """Every text in which a question could ask for what it may not."""
    labels = [each["label"] for each in question.options or ()]
    concept = question.concept.replace("-", " ")
    return [
        question.text,
        question.text_cy,
        question.guidance,
        question.guidance_cy,
        concept,
        *labels,
    ]


def read_by(question: Question) -> str:
    """Who reads the answer, in words."""
    return "; ".join(str(READERS[Reader(each)]) for each in question.readers or ())


def uses(set_ids: list[UUID]) -> dict[UUID, int]:
    """How many applications are made with each version, as the rooms above count them."""
    count = measures().get(USES)
    return count(set_ids) if count else {}


def theirs(other: Form, mine: Form) -> list[tuple[str, str]]:
    """What somebody else has saved, where it differs from what stands in this form."""
    pairs = [(field, mine[name]) for name, field in other._fields.items() if name in mine]
    return [
        (str(field.label.text), _said(field))
        for field, own in pairs
        if field.name not in ("seen", "once", "csrf_token")
        and (field.data or None) != (own.data or None)
    ]


def _said(field: Field) -> str:
    if isinstance(field.data, bool):
        return _("Yes") if field.data else _("No")
    if hasattr(field, "choices"):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        labels = {str(each.value): str(each.label) for each in field.choices}
        return "; ".join(labels.get(str(each), str(each)) for each in chosen if each)
    return "" if field.data is None else str(field.data)
