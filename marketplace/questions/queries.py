"""Read question sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from marketplace import clock
from marketplace.categories.queries import categories, category_name
from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours
from marketplace.questions.models import Question, QuestionSet, SetState
from marketplace.questions.vocabulary import CATEGORY, PURPOSE, PURPOSES

SETS_A_PAGE = 25


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


def all_sets() -> Page:
    """Every version of every set, by purpose, the newest version first; a page of them."""
    return paged(
        select(QuestionSet).order_by(QuestionSet.purpose, QuestionSet.version.desc()), SETS_A_PAGE
    )


def published_sets() -> Page:
    """The published versions, for everybody; a page of them."""
    published = select(QuestionSet).where(QuestionSet.state == SetState.PUBLISHED)
    return paged(published.order_by(QuestionSet.purpose, QuestionSet.version.desc()), SETS_A_PAGE)


def in_force_today() -> set[UUID]:
    """The ids of the versions in force today, one for each purpose at most."""
    newest = (
        select(QuestionSet.purpose, func.max(QuestionSet.version).label("version"))
        .where(QuestionSet.state == SetState.PUBLISHED, QuestionSet.valid_from <= clock.today())
        .group_by(QuestionSet.purpose)
        .subquery()
    )
    joined = select(QuestionSet.id).join(
        newest,
        (QuestionSet.purpose == newest.c.purpose) & (QuestionSet.version == newest.c.version),
    )
    return set(db.session.scalars(joined))


def one_set(set_id: UUID) -> QuestionSet:
    """One version with its questions. Raises NotYours."""
    wanted = select(QuestionSet).where(QuestionSet.id == set_id)
    found = db.session.scalars(wanted.options(selectinload(QuestionSet.questions))).one_or_none()
    if found is None:
        raise NotYours(set_id)
    return found


def draft(set_id: UUID) -> QuestionSet:
    """A draft with its questions. Raises NotYours, and Refusal for a published version."""
    found = one_set(set_id)
    if found.state is not SetState.DRAFT:
        raise Refusal(
            _("This version has been published and never changes. Write a new version instead.")
        )
    return found


def published_set(purpose: str, version: int) -> QuestionSet:
    """One published version with its questions, for everybody. Raises NotYours."""
    if not PURPOSE.fullmatch(purpose):
        raise NotYours(purpose)
    wanted = select(QuestionSet).where(
        QuestionSet.purpose == purpose,
        QuestionSet.version == version,
        QuestionSet.state == SetState.PUBLISHED,
    )
    found = db.session.scalars(wanted.options(selectinload(QuestionSet.questions))).one_or_none()
    if found is None:
        raise NotYours(purpose)
    return found


def version_before(question_set: QuestionSet) -> QuestionSet | None:
    """The version before this one with its questions; None for the first."""
    earlier = select(QuestionSet).where(
        QuestionSet.purpose == question_set.purpose, QuestionSet.version < question_set.version
    )
    newest = earlier.order_by(QuestionSet.version.desc()).limit(1)
    return db.session.scalars(newest.options(selectinload(QuestionSet.questions))).one_or_none()


def purpose_label(purpose: str) -> str:
    """What a set is for, in words."""
    if purpose in PURPOSES:
        return str(PURPOSES[purpose])
    return _("Asked for one category: %(name)s", name=category_name(purpose.partition(":")[2]))


def purposes_offered() -> list[tuple[str, str]]:
    """What a draft can be written for: the general sets, and one for each category in force."""
    own = [category_purpose(each.code) for each in categories()]
    return [(purpose, purpose_label(purpose)) for purpose in (*PURPOSES, *own)]


def _in_force(day: date) -> Select:
    return (
        select(QuestionSet)
        .where(QuestionSet.state == SetState.PUBLISHED, QuestionSet.valid_from <= day)
        .limit(1)
        .options(selectinload(QuestionSet.questions))
    )
