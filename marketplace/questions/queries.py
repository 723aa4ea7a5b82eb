"""Read question sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from marketplace.database import db
from marketplace.questions.models import Question, QuestionSet, SetState
from marketplace.questions.vocabulary import CATEGORY


def set_in_force(purpose: str, day: date) -> QuestionSet:
    """The newest version for this purpose in force on `day`; LookupError where there is none."""
    newest = _in_force(day).where(QuestionSet.purpose == purpose)
    found = db.session.scalars(newest.order_by(QuestionSet.version.desc())).one_or_none()
    if found is None:
        raise LookupError(f"no question set for {purpose!r}: run load-reference")
    return found


def set_for_category(code: str, day: date) -> QuestionSet:
    """What is asked for one category on `day`: its own set, or else the one for every category.

    Raises LookupError where there is neither.
    """
    own = category_purpose(code)
    either = _in_force(day).where(QuestionSet.purpose.in_([own, CATEGORY]))
    found = db.session.scalars(
        either.order_by((QuestionSet.purpose == own).desc(), QuestionSet.version.desc())
    ).one_or_none()
    if found is None:
        raise LookupError(f"no question set for the category {code!r}: run load-reference")
    return found


def category_purpose(code: str) -> str:
    """The purpose of a set that is asked for one category only."""
    return f"{CATEGORY}:{code}"


def questions_of(set_id: UUID) -> Sequence[Question]:
    """The questions of one version, in their order."""
    of_set = select(Question).where(Question.set_id == set_id).order_by(Question.position)
    return db.session.scalars(of_set).all()


def _in_force(day: date) -> Select:
    return (
        select(QuestionSet)
        .where(QuestionSet.state == SetState.PUBLISHED, QuestionSet.valid_from <= day)
        .limit(1)
        .options(selectinload(QuestionSet.questions))
    )
