"""Questions, drafts, and what Hypothesis makes up: chains of conditions, answers of every kind."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid5

from hypothesis import strategies as st

from marketplace.acting import Acting
from marketplace.database import write
from marketplace.questions import actions
from marketplace.questions.models import Question, QuestionSet
from marketplace.questions.queries import one_set
from marketplace.questions.vocabulary import OF_OPTIONS, QUALIFICATION, QuestionKind

NEW = {
    "concept": "volunteers",
    "kind": QuestionKind.CONFIRM,
    "text": "Volunteers are looked after",
    "text_cy": "Gofelir am wirfoddolwyr",
    "why": "They meet people too.",
    "why_cy": "Maent yn cwrdd â phobl hefyd.",
    "risk": "Volunteers are left alone",
    "risk_cy": "Gadewir gwirfoddolwyr ar eu pen eu hunain",
    "readers": ["framework_team"],
    "passes": ["yes"],
    "options": [],
    "only_if_values": [],
}
SPACE = UUID("8b1f5a3e-0000-4000-8000-000000000000")
VALUES = ["a", "b", "c"]
SOURCES = (QuestionKind.CONFIRM, *OF_OPTIONS)


def question(concept: str, kind: QuestionKind = QuestionKind.CHOICE, **facts: Any) -> Question:
    """A question that is in no database."""
    given: dict[str, Any] = {
        "id": uuid5(SPACE, concept),
        "concept": concept,
        "kind": kind,
        "text": f"What of {concept}?",
        "text_cy": f"Beth am {concept}?",
        "why": "Because.",
        "why_cy": "Oherwydd.",
        "risk": "Harm",
        "risk_cy": "Niwed",
        "guidance": "",
        "guidance_cy": "",
        "readers": ["framework_team"],
        "options": [],
        "passes": None,
        "needed": True,
        "legal": False,
        "most_words": 5 if kind is QuestionKind.WORDS else None,
        "only_if_concept": None,
        "only_if_values": [],
    }
    if kind in OF_OPTIONS:
        given["options"] = [
            {"value": each, "label": each.upper(), "label_cy": each} for each in VALUES
        ]
    return Question(**(given | facts))


@st.composite
def sets_of_questions(draw: Any) -> list[Question]:
    """Up to six questions, each perhaps asked only after an answer to an earlier one."""
    found: list[Question] = []
    for number in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(QuestionKind))
        facts: dict[str, Any] = {"needed": draw(st.booleans())}
        sources = [each for each in found if each.kind in SOURCES]
        if sources and draw(st.booleans()):
            source = draw(st.sampled_from(sources))
            values = ["yes"] if source.kind is QuestionKind.CONFIRM else VALUES
            facts["only_if_concept"] = source.concept
            facts["only_if_values"] = draw(
                st.lists(st.sampled_from(values), min_size=1, unique=True)
            )
        if kind in OF_OPTIONS:
            facts["passes"] = draw(
                st.none() | st.lists(st.sampled_from(VALUES), max_size=3, unique=True)
            )
        found.append(question(f"q{number}", kind, **facts))
    return found


WORDS = st.lists(st.sampled_from(["one", "gair", "=1+1", "<script>", "🦊"]), max_size=7)
ANYTHING = st.one_of(
    st.booleans(),
    st.integers(-5, 3_000_000_000),
    WORDS.map(" ".join),
    st.sampled_from([*VALUES, "d", "", "2026-07-16", "2026-02-30", "16.7.2026"]),
    st.lists(st.sampled_from([*VALUES, "d"]), max_size=4),
    st.uuids().map(str),
)
FITTING: dict[QuestionKind, st.SearchStrategy] = {
    QuestionKind.WORDS: WORDS.map(" ".join),
    QuestionKind.CONFIRM: st.booleans(),
    QuestionKind.CHOICE: st.sampled_from(VALUES),
    QuestionKind.CHOICES: st.lists(st.sampled_from(VALUES), unique=True),
    QuestionKind.NUMBER: st.integers(0, 30),
    QuestionKind.DATE: st.dates().map(str),
    QuestionKind.FILE: st.uuids().map(str),
}


@st.composite
def documents(draw: Any, questions: list[Question]) -> dict[str, Any]:
    """Answers by concept as a program would send them, fitting and not."""
    found: dict[str, Any] = {}
    for each in questions:
        if draw(st.integers(0, 5)):
            found[each.concept] = draw(st.one_of(FITTING[each.kind], FITTING[each.kind], ANYTHING))
    return found


def kept_text(each: Question, value: Any) -> str | None:
    """A document's value as the text that is kept; None for a type that no answer has."""
    if value in ("", [], False) and not (isinstance(value, int) and not isinstance(value, bool)):
        return ""
    if isinstance(value, bool):
        return "yes" if each.kind is QuestionKind.CONFIRM else None
    if isinstance(value, int):
        return str(value) if each.kind is QuestionKind.NUMBER else None
    if isinstance(value, list):
        return json.dumps(value) if each.kind is QuestionKind.CHOICES else None
    typed = (QuestionKind.CONFIRM, QuestionKind.NUMBER, QuestionKind.CHOICES)
    return None if each.kind in typed else value


def begin(by: Acting, purpose: str = QUALIFICATION) -> QuestionSet:
    """A draft, begun by this person."""
    with write():
        set_id = actions.start_draft(purpose, by).id
    return one_set(set_id)
