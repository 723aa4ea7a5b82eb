"""What answers come to: which requirements they meet, what is missing, what a person judges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from marketplace.questions.answers import problem, read, readable
from marketplace.questions.asking import asked
from marketplace.questions.models import Question
from marketplace.questions.vocabulary import QuestionKind


@dataclass(frozen=True)
class Lack:
    """One requirement that is not met; `answered` is False where an answer is still to come."""

    question: Question
    reason: str
    answered: bool


@dataclass(frozen=True)
class Outcome:
    """What the answers come to before anybody has looked at them."""

    met: tuple[Question, ...] = ()
    missing: tuple[Lack, ...] = ()
    judged: tuple[Question, ...] = ()

    def __add__(self, other: Outcome) -> Outcome:
        """Both together, as for what is asked once and what is asked for a category."""
        return Outcome(
            self.met + other.met, self.missing + other.missing, self.judged + other.judged
        )

    @property
    def complete(self) -> bool:
        """Whether no answer is still to come; a check may fail nevertheless."""
        return all(lack.answered for lack in self.missing)

    @property
    def automatic(self) -> bool:
        """Whether every check passes and no answer needs a person's judgement."""
        return not self.missing and not self.judged

    def sentence(self) -> str:
        """The result in words: how many requirements are met, and what is missing."""
        total = len(self.met) + len(self.missing)
        parts = [_("You meet %(met)s of %(total)s.", met=len(self.met), total=total)]
        if self.missing:
            lacking = (f"{each.question.asked} ({each.reason})" for each in self.missing)
            parts.append(_("Missing: %(what)s.", what="; ".join(lacking)))
        if self.judged:
            parts.append(
                ngettext(
                    "A person reads %(num)s further answer before the decision.",
                    "A person reads %(num)s further answers before the decision.",
                    len(self.judged),
                )
            )
        return " ".join(parts)


def outcome(questions: Iterable[Question], answers: Mapping[UUID, str]) -> Outcome:
    """Judge the answers to the questions that are asked; others never matter.

    A question that need not be answered and is not counts neither way.
    """
    met, missing, judged = [], [], []
    for question in asked(questions, answers):
        text = answers.get(question.id, "")
        lack = _lack(question, text)
        if lack:
            missing.append(lack)
        elif text and question.passes is None and question.kind is not QuestionKind.CONFIRM:
            judged.append(question)
        elif text:
            met.append(question)
    return Outcome(tuple(met), tuple(missing), tuple(judged))


def _lack(question: Question, text: str) -> Lack | None:
    if not text:
        if not question.needed:
            return None
        confirms = question.kind is QuestionKind.CONFIRM
        return Lack(question, _("not confirmed") if confirms else _("not answered"), False)
    malformed = problem(question, text)
    if malformed:
        return Lack(question, malformed, False)
    reason = _failure(question, text)
    return Lack(question, reason, True) if reason else None


def _failure(question: Question, text: str) -> str | None:
    """Why a well-formed answer does not pass; None where it does or a person judges."""
    if not question.passes:
        return None
    value = read(question, text)
    if question.kind is QuestionKind.CHOICE and value not in question.passes:
        return _("“%(answer)s” does not meet it", answer=readable(question, text))
    if question.kind is QuestionKind.CHOICES:
        left = [question.labels[each] for each in question.passes if each not in value]
        return _("not selected: %(what)s", what="; ".join(left)) if left else None
    if question.kind is QuestionKind.NUMBER and value < int(question.passes[0]):
        return _("at least %(least)s", least=format_decimal(int(question.passes[0])))
    return None
