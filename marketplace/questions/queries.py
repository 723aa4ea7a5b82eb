"""Read question sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from marketplace.database import db
from marketplace.questions.models import Question, QuestionSet


def set_in_force(purpose: str, day: date) -> QuestionSet:
    """The newest version for this purpose in force on `day`; LookupError where there is none."""
    newest = (
        select(QuestionSet)
        .where(QuestionSet.purpose == purpose, QuestionSet.valid_from <= day)
        .order_by(QuestionSet.version.desc())
        .limit(1)
        .options(selectinload(QuestionSet.questions))
    )
    found = db.session.scalars(newest).one_or_none()
    if found is None:
        raise LookupError(f"no question set for {purpose!r}: run load-reference")
    return found


def questions_of(set_id: UUID) -> Sequence[Question]:
    """The questions of one version, in their order."""
    of_set = select(Question).where(Question.set_id == set_id).order_by(Question.position)
    return db.session.scalars(of_set).all()
