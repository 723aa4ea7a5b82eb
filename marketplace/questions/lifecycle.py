"""The one step of a question set: published, it stands for ever."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.lifecycle import Lifecycle, Step
from marketplace.questions.models import Question, QuestionSet, SetState
from marketplace.questions.permissions import QuestionPermission
from marketplace.questions.vocabulary import OF_OPTIONS, SET_STATES, QuestionKind


def problems(questions: Sequence[Question]) -> list[tuple[int, str]]:
    """What still stands against publishing, each with the number of its question."""
    found: list[tuple[int, str]] = []
    earlier: dict[str, Question] = {}
    for number, question in enumerate(questions, start=1):
        found += [(number, each) for each in _problems_of(question, earlier)]
        earlier[question.concept] = question
    return found


def complete(question_set: QuestionSet) -> str | None:
    """Every question is whole, in both languages, and its condition can hold."""
    if not question_set.questions:
        return _("Add at least one question first.")
    if not (question_set.title and question_set.title_cy):
        return _("Give the set a title in English and in Welsh first.")
    found = problems(question_set.questions)
    if not found:
        return None
    number, sentence = found[0]
    return _("Question %(number)s: %(problem)s", number=number, problem=sentence)


def _problems_of(question: Question, earlier: dict[str, Question]) -> list[str]:
    found = []
    pairs = (("text", "text_cy"), ("guidance", "guidance_cy"), ("why", "why_cy"))
    halves = [bool(getattr(question, a)) != bool(getattr(question, b)) for a, b in pairs]
    halves += [not each.get("label_cy") for each in question.options or ()]
    if any(halves):
        found.append(_("Write every text in English and in Welsh."))
    if not question.why or not question.risk or not question.readers:
        found.append(_("Say why it is asked, which risk it controls and who reads the answer."))
    values = {each["value"] for each in question.options or ()}
    if question.kind in OF_OPTIONS and not 2 <= len(values) == len(question.options):
        found.append(_("Give at least two options, no two of them alike."))
    if question.kind in OF_OPTIONS and not set(question.passes or ()) <= values:
        found.append(_("An answer that passes is not among its options any more. Choose again."))
    if question.only_if_concept and not _can_hold(question, earlier):
        found.append(
            _("It is asked only after an answer that no earlier question offers. Choose again.")
        )
    return found


def _can_hold(question: Question, earlier: dict[str, Question]) -> bool:
    source = earlier.get(question.only_if_concept or "")
    if source is None or not question.only_if_values:
        return False
    return set(question.only_if_values) <= condition_values(source).keys()


def condition_values(source: Question) -> dict[str, str]:
    """The values of a question that others can depend on, with their labels."""
    if source.kind is QuestionKind.CONFIRM:
        return {"yes": _("Confirmed")}
    return source.labels


PUBLISH = Step(
    "publish",
    frm=(SetState.DRAFT,),
    to=SetState.PUBLISHED,
    label=_l("Publish"),
    permission=QuestionPermission.PUBLISH,
    guard=complete,
)

QUESTION_SET = Lifecycle("question_set", QuestionSet, SET_STATES, [PUBLISH])
