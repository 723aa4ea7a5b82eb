"""The public register: who is qualified today, for what, and where they work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import selectinload

from marketplace import clock
from marketplace.areas.models import Area
from marketplace.database import db
from marketplace.organisations.models import Organisation, OrganisationArea
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours
from marketplace.qualification.models import ApplicationAnswer, Qualification
from marketplace.questions.models import Question
from marketplace.questions.vocabulary import Reader

# A download holds them all; the sector has about 1,700 organisations (domain, section 1).
MOST_IN_A_FILE = 20_000


@dataclass(frozen=True)
class Asked:
    """What a reader asks of the register; an empty word asks for nothing."""

    category: str = ""
    area: str = ""
    region: str = ""
    name: str = ""


@dataclass(frozen=True)
class Entry:
    """One organisation on the register, with what it is qualified for today."""

    organisation: Organisation
    held: Sequence[Qualification]


def page_of(asked: Asked) -> tuple[Page, list[Entry]]:
    """The page this request asks for, and its entries by name."""
    page = paged(_listed(asked))
    return page, _entries(page.items)


def everything(asked: Asked) -> list[Entry]:
    """Every entry, for a file to save."""
    return _entries(db.session.scalars(_listed(asked).limit(MOST_IN_A_FILE)).all())


def entry(organisation_id: UUID) -> Entry:
    """One organisation. Raises NotYours where it is not qualified for anything today."""
    wanted = _listed(Asked()).where(Organisation.id == organisation_id)
    found = _entries(db.session.scalars(wanted).all())
    if not found:
        raise NotYours(organisation_id)
    return found[0]


def published_words(held: Sequence[Qualification]) -> dict[str, list[tuple[Question, str]]]:
    """By category, the answers of which the applicant knew that everybody reads them."""
    of = {each.application_id: each.category_code for each in held}
    rows = db.session.execute(
        select(ApplicationAnswer, Question)
        .join(Question, Question.id == ApplicationAnswer.question_id)
        .where(ApplicationAnswer.application_id.in_(of))
        .order_by(Question.position)
    )
    found: dict[str, list[tuple[Question, str]]] = {}
    for answer, question in rows:
        if Reader.PUBLIC in (question.readers or []):
            code = of[answer.application_id]
            found.setdefault(code, []).append((question, answer.answer))
    return found


def _listed(asked: Asked) -> Select:
    counts = [Qualification.counting_on(clock.today())]
    if asked.category:
        counts.append(Qualification.category_code == asked.category)
    # Not as a correlated EXISTS: SQLite would walk an index of states for each organisation.
    qualified = select(Qualification.organisation_id).where(*counts)
    found = select(Organisation).where(Organisation.id.in_(qualified))
    if asked.area:
        found = found.where(_works_in(OrganisationArea.area_code == asked.area))
    if asked.region:
        inside = select(Area.code).where(
            Area.region_code == asked.region, Area.in_force(clock.today())
        )
        found = found.where(_works_in(OrganisationArea.area_code.in_(inside)))
    if asked.name:
        prefix = func.lower(Organisation.name).startswith(asked.name.lower(), autoescape=True)
        found = found.where(prefix)
    return found.order_by(Organisation.name, Organisation.id).options(
        selectinload(Organisation.areas), selectinload(Organisation.register_numbers)
    )


def _works_in(condition: Any) -> Any:
    return exists().where(OrganisationArea.organisation_id == Organisation.id, condition)


def _entries(organisations: Sequence[Organisation]) -> list[Entry]:
    held: dict[UUID, list[Qualification]] = {}
    counting = select(Qualification).where(
        Qualification.organisation_id.in_([each.id for each in organisations]),
        Qualification.counting_on(clock.today()),
    )
    for each in db.session.scalars(counting.order_by(Qualification.category_code)):
        held.setdefault(each.organisation_id, []).append(each)
    return [Entry(each, held.get(each.id, [])) for each in organisations]
