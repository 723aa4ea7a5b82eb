"""A draft's questions as values: what each holds, for its form, its copy and its comparison."""

from __future__ import annotations

from typing import Any

from marketplace.overtaken import fingerprint
from marketplace.questions.models import Question, QuestionSet

COLUMNS = (
    *("concept", "kind", "text", "text_cy", "guidance", "guidance_cy", "why", "why_cy"),
    *("risk", "risk_cy", "readers", "most_words", "options", "passes", "needed", "legal"),
    *("only_if_concept", "only_if_values"),
)


def values_of(question: Question) -> dict[str, Any]:
    """What a question holds, save where it stands."""
    return {name: getattr(question, name) for name in COLUMNS}


def title_values(question_set: QuestionSet) -> dict[str, Any]:
    """What the page of the title holds."""
    return {"title": question_set.title, "title_cy": question_set.title_cy}


def fingerprint_of(question_set: QuestionSet) -> str:
    """Says whether anything in a set has changed since it was looked at."""
    in_order = [[str(each.id), values_of(each)] for each in question_set.questions]
    return fingerprint(title_values(question_set) | {"questions": in_order})
