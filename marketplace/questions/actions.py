"""Writing the question bank: a draft, its questions, and publishing it for ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.categories.queries import categories
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.overtaken import Overtaken, fingerprint
from marketplace.permissions import NotYours, check
from marketplace.questions.drafts import (
    fingerprint_of,
    title_values,
    values_of,
)
from marketplace.questions.lifecycle import PUBLISH, QUESTION_SET
from marketplace.questions.models import Question, QuestionSet, SetState
from marketplace.questions.permissions import QuestionPermission
from marketplace.questions.vocabulary import CATEGORY

MOST_QUESTIONS = 60


class Gone(Refusal):
    """Somebody else removed the question that was being changed."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else removed this question after you opened it. What you typed is still "
                "below. Save it to add it as a new question."
            )
        )


def start_draft(purpose: str, by: Acting) -> QuestionSet:
    """Begin the next version as a copy of the newest one; a category's first as the general one's.

    Raises Refusal where a draft of this purpose exists.
    """
    check(by, QuestionPermission.WRITE)
    newest = _newest(purpose)
    if newest is not None and newest.state is SetState.DRAFT:
        raise Refusal(_("A draft of this set is being written already. Change that one."))
    model = newest or (_newest_published(CATEGORY) if purpose.startswith(CATEGORY) else None)
    titles = title_values(newest) if newest else _titles_of(purpose)
    draft = QuestionSet(
        id=new_id(),
        purpose=purpose,
        version=newest.version + 1 if newest else 1,
        state=SetState.DRAFT,
        created_at=clock.now(),
        created_by_id=by.person_id,
        **titles,
    )
    copied = model.questions if model else []
    draft.questions = [
        Question(id=new_id(), position=each.position, **values_of(each)) for each in copied
    ]
    db.session.add(draft)
    audit.record("question_set:start", subject=draft, by=by, facts={"version": draft.version})
    return draft


def change_title(set_id: UUID, values: Mapping[str, Any], seen: str, by: Acting) -> None:
    """Give a draft its title. Raises Overtaken."""
    draft = _draft(set_id, by)
    if fingerprint(title_values(draft)) != seen:
        raise Overtaken()
    draft.title, draft.title_cy = values["title"], values["title_cy"]
    audit.record("question_set:title", subject=draft, by=by, fields=sorted(values))


def add_question(set_id: UUID, values: Mapping[str, Any], by: Acting) -> Question:
    """Add a question at the end of a draft. Raises Refusal for a concept that stands already."""
    draft = _draft(set_id, by)
    if len(draft.questions) >= MOST_QUESTIONS:
        raise Refusal(_("A set has at most %(most)s questions.", most=MOST_QUESTIONS))
    _expect_new(draft, values["concept"])
    last = max((each.position for each in draft.questions), default=0)
    question = Question(id=new_id(), set_id=draft.id, position=last + 1, **values)
    draft.questions.append(question)
    _note("add", draft, by, question)
    return question


def change_question(
    set_id: UUID, question_id: UUID, values: Mapping[str, Any], seen: str, by: Acting
) -> None:
    """Change a question of a draft. Raises Overtaken, Gone, or Refusal for a concept twice."""
    draft = _draft(set_id, by)
    question = _among(draft, question_id)
    if question is None:
        raise Gone()
    held = values_of(question)
    if fingerprint(held) != seen:
        raise Overtaken()
    if values["concept"] != question.concept:
        _expect_new(draft, values["concept"])
    changed = [name for name, value in values.items() if value != held[name]]
    for name in changed:
        setattr(question, name, values[name])
    _note("change", draft, by, question, changed)


def remove_question(set_id: UUID, question_id: UUID, seen: str, by: Acting) -> None:
    """Take a question out of a draft, unless somebody has changed it since it was looked at."""
    draft = _draft(set_id, by)
    question = _among(draft, question_id)
    if question is None:
        return
    if fingerprint(values_of(question)) != seen:
        raise Refusal(
            _("Somebody changed this question after you opened the page. Read it again first.")
        )
    draft.questions.remove(question)
    _note("remove", draft, by, question)


def move_question(set_id: UUID, question_id: UUID, up: bool, by: Acting) -> None:
    """Ask a question one earlier, or one later; at the end of the list nothing changes."""
    draft = _draft(set_id, by)
    question = _among(draft, question_id)
    if question is None:
        return
    place = draft.questions.index(question)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(draft.questions):
        return
    neighbour = draft.questions[other]
    question.position, neighbour.position = neighbour.position, question.position
    _note("move", draft, by, question)


def publish_set(set_id: UUID, valid_from: date, seen: str, by: Acting) -> QuestionSet:
    """Publish a draft, in force from a day on; from now on nobody can change it.

    Raises Refusal for a day before today or before the newest version's, and where somebody has
    changed the draft since it was looked at.
    """
    draft = _locked(set_id)
    check(by, QuestionPermission.PUBLISH, draft)
    QUESTION_SET.expect(PUBLISH, draft)
    if fingerprint_of(draft) != seen:
        raise Refusal(_("Somebody changed this draft after you opened the page. Read it again."))
    if valid_from < clock.today():
        raise Refusal(_("The first day must be today or later."))
    before = _newest_published(draft.purpose)
    if before is not None and before.valid_from is not None and valid_from < before.valid_from:
        raise Refusal(
            _("The first day must not be before the first day of version %(n)s.", n=before.version)
        )
    facts = {
        "valid_from": valid_from,
        "published_at": clock.now(),
        "published_by_id": by.person_id,
    }
    QUESTION_SET.take(PUBLISH, draft, by, facts)
    return draft


def discard_draft(set_id: UUID, seen: str, by: Acting) -> None:
    """Give a draft up, unless somebody has changed it since it was looked at."""
    draft = _draft(set_id, by)
    if fingerprint_of(draft) != seen:
        raise Refusal(_("Somebody changed this draft after you opened the page. Read it again."))
    audit.record("question_set:discard", subject=draft, by=by, facts={"version": draft.version})
    db.session.delete(draft)


def _locked(set_id: UUID) -> QuestionSet:
    found = db.session.get(QuestionSet, set_id, with_for_update=True)
    if found is None:
        raise NotYours(set_id)
    return found


def _draft(set_id: UUID, by: Acting) -> QuestionSet:
    found = _locked(set_id)
    check(by, QuestionPermission.WRITE, found)
    if found.state is not SetState.DRAFT:
        raise Refusal(
            _("This version has been published and never changes. Write a new version instead.")
        )
    return found


def _among(draft: QuestionSet, question_id: UUID) -> Question | None:
    return next((each for each in draft.questions if each.id == question_id), None)


def _expect_new(draft: QuestionSet, concept: str) -> None:
    if any(each.concept == concept for each in draft.questions):
        raise Refusal(
            _(
                "The set already has a question about “%(concept)s”. Choose another concept.",
                concept=concept,
            )
        )


def _titles_of(purpose: str) -> dict[str, str]:
    """The name of the category that a set's first version is for; empty for a general set."""
    code = purpose.partition(":")[2]
    found = next((each for each in categories() if each.code == code), None)
    return {"title": found.name if found else "", "title_cy": found.name_cy if found else ""}


def _newest(purpose: str) -> QuestionSet | None:
    of_purpose = select(QuestionSet).where(QuestionSet.purpose == purpose)
    newest = of_purpose.order_by(QuestionSet.version.desc()).limit(1).with_for_update()
    return db.session.scalars(newest).one_or_none()


def _newest_published(purpose: str) -> QuestionSet | None:
    published = select(func.max(QuestionSet.version)).where(
        QuestionSet.purpose == purpose, QuestionSet.state == SetState.PUBLISHED
    )
    return db.session.scalars(
        select(QuestionSet).where(
            QuestionSet.purpose == purpose, QuestionSet.version == published.scalar_subquery()
        )
    ).one_or_none()


def _note(
    verb: str, draft: QuestionSet, by: Acting, question: Question, fields: list[str] | None = None
) -> None:
    facts = {"question_id": str(question.id)}
    audit.record(f"question_set:{verb}", subject=draft, by=by, fields=fields or [], facts=facts)
