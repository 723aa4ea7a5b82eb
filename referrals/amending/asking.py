"""One page of an amendment: the questions' own forms together, each with its own rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.acting import Acting
from referrals.amending.answers import Answers, context, needs_of
from referrals.amending.topics import Topic, asked
from referrals.codes import Whereabouts
from referrals.drafts.base import QuestionForm
from referrals.drafts.questions import Question
from referrals.drafts.shown import stored_into
from referrals.models import Referral

Asked = list[tuple[Question, QuestionForm]]
IN_PRISON: Answers = {"whereabouts": {"whereabouts": Whereabouts.CUSTODY.value}}


@dataclass(frozen=True)
class Together:
    """The forms of one page as one, for the list of what is wrong at its head."""

    forms: Sequence[Any]
    form_errors: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Any]:
        return (field for form in self.forms for field in form)

    @property
    def errors(self) -> bool:
        """Whether anything is wrong."""
        return any(form.errors for form in self.forms)


def shown(referral: Referral, topic: Topic, answers: Answers, by: Acting) -> Asked:
    """The forms to show: also the questions that another answer on the page would lead to."""
    found = asked(topic, answers, needs_of(answers))
    if "whereabouts" in topic.slugs:
        found = asked(topic, answers | IN_PRISON, needs_of(answers))
    if "rar" in topic.slugs:
        found = asked(topic, answers | {"rar": {"has_rar": "yes"}}, needs_of(answers))
    return [(each, _form(referral, each, answers, by)) for each in found]


def _form(referral: Referral, question: Question, answers: Answers, by: Acting) -> QuestionForm:
    stored = answers.get(question.slug)
    form = question.form(data=stored_into(question.form, stored or {}))
    form.prepare(context(referral, question, answers, by))
    return form


def validated(
    referral: Referral, topic: Topic, answers: Answers, forms: Asked, by: Acting
) -> Answers | None:
    """What was answered, None where something is wrong; what is not asked then counts for nothing.

    Each question is judged by the answers given before it on the same page.
    """
    said: Answers = {}
    is_valid = True
    for question, form in forms:
        now: dict[str, Any] = answers | said
        if question.slug not in {each.slug for each in asked(topic, now, needs_of(now))}:
            continue
        form.prepare(context(referral, question, now, by))
        if form.validate():
            said[question.slug] = form.answer()
        else:
            is_valid = False
    return said if is_valid else None
