"""Everything answered, by what was asked, in pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from bids.library.queries import Earlier
from marketplace.database import db
from marketplace.paging import Page, listed
from marketplace.questions.models import Question, QuestionSet

GROUPS_A_PAGE = 10


@dataclass(frozen=True)
class Group:
    """The answers about one thing, newest first."""

    label: str
    answers: list[Earlier]


def grouped(answers: Iterable[Earlier], words: str) -> Page:
    """The answers that hold these words, or whose question, lot or category does; by pages.

    In the order of the newest answer. What has no concept stands under its own question.
    """
    wanted = words.casefold()
    found: dict[str, list[Earlier]] = {}
    for each in answers:
        texts = (each.text, each.origin.wording, each.origin.where)
        if any(wanted in text.casefold() for text in texts):
            found.setdefault(each.concept or each.origin.wording, []).append(each)
    page = listed(list(found), GROUPS_A_PAGE)
    names = _names(page.items)
    groups = [
        Group(names.get(each, found[each][0].origin.wording), found[each]) for each in page.items
    ]
    return Page(groups, page.number, page.pages, page.total)


def _names(concepts: Iterable[str]) -> dict[str, str]:
    """How the bank's newest question asks for each concept, in the reader's language."""
    asked = (
        select(Question)
        .join(QuestionSet, QuestionSet.id == Question.set_id)
        .where(Question.concept.in_(list(concepts)), QuestionSet.published_at.is_not(None))
        .order_by(QuestionSet.published_at, QuestionSet.version)
    )
    return {each.concept: each.asked for each in db.session.scalars(asked)}
