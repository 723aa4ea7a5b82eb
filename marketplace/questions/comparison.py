"""What changed from one version of a set to the next, by concept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.questions.drafts import COLUMNS
from marketplace.questions.models import Question
from marketplace.questions.vocabulary import QUESTION_KINDS, READERS, QuestionKind, Reader


class ChangeKind(StrEnum):
    """What became of a question."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


CHANGE_KINDS = {
    ChangeKind.ADDED: _l("New"),
    ChangeKind.REMOVED: _l("Not asked any more"),
    ChangeKind.CHANGED: _l("Changed"),
    ChangeKind.MOVED: _l("Asked in another place"),
}

LABELS: dict[str, Any] = {
    "kind": _l("How it is answered"),
    "text": _l("Question"),
    "text_cy": _l("Question in Welsh"),
    "guidance": _l("Guidance"),
    "guidance_cy": _l("Guidance in Welsh"),
    "why": _l("Why it is asked"),
    "why_cy": _l("Why it is asked, in Welsh"),
    "risk": _l("Risk it controls"),
    "risk_cy": _l("Risk it controls, in Welsh"),
    "readers": _l("Who reads the answer"),
    "most_words": _l("Most words"),
    "options": _l("Options"),
    "passes": _l("What passes"),
    "needed": _l("Must be answered"),
    "legal": _l("Legal confirmation"),
    "only_if_concept": _l("Asked only if"),
    "only_if_values": _l("Asked only if the answer is"),
}


@dataclass(frozen=True)
class Change:
    """One question's change; `fields` are (label, before, after) as people read them."""

    kind: ChangeKind
    question: Question
    fields: tuple[tuple[Any, str, str], ...] = ()


def compare(before: Sequence[Question], after: Sequence[Question]) -> list[Change]:
    """What changed, in the order of the later version, with what is gone at the end."""
    old = {each.concept: each for each in before}
    new = {each.concept for each in after}
    stayed = [each.concept for each in before if each.concept in new]
    place = {concept: number for number, concept in enumerate(stayed)}
    found, number = [], 0
    for question in after:
        earlier = old.get(question.concept)
        if earlier is None:
            found.append(Change(ChangeKind.ADDED, question))
            continue
        fields = _fields(earlier, question)
        if fields:
            found.append(Change(ChangeKind.CHANGED, question, fields))
        elif place[question.concept] != number:
            found.append(Change(ChangeKind.MOVED, question))
        number += 1
    gone = [each for each in before if each.concept not in new]
    return found + [Change(ChangeKind.REMOVED, each) for each in gone]


def _fields(before: Question, after: Question) -> tuple[tuple[Any, str, str], ...]:
    names = [name for name in COLUMNS if name in LABELS]
    return tuple(
        (LABELS[name], said(before, name), said(after, name))
        for name in names
        if getattr(before, name) != getattr(after, name)
    )


def said(question: Question, name: str) -> str:
    """One thing that a question holds, as people read it."""
    value = getattr(question, name)
    if name == "kind":
        return str(QUESTION_KINDS[QuestionKind(value)])
    if name == "readers":
        return "; ".join(str(READERS[Reader(each)]) for each in value)
    if name == "options":
        return "; ".join(f"{each['label']} / {each.get('label_cy', '')}" for each in value or ())
    if name == "passes":
        return pass_rule(question)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else str(value)


def pass_rule(question: Question) -> str:
    """When an answer passes without a person, in words."""
    if question.kind is QuestionKind.CONFIRM:
        return _("Passes when it is confirmed")
    if question.passes is None:
        return _("A person judges the answer")
    if not question.passes:
        return _("Any answer passes")
    labels = [question.labels.get(each, each) for each in question.passes]
    if question.kind is QuestionKind.NUMBER:
        return _("Passes from %(least)s", least=labels[0])
    if question.kind is QuestionKind.CHOICES:
        return _("Passes with all of these: %(options)s", options="; ".join(labels))
    return _("Passes with one of these: %(options)s", options="; ".join(labels))
