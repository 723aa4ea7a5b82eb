"""What is read of qualification: an organisation's own, the queue, its standing for a service."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace import clock
from marketplace.acting import Acting
from marketplace.categories.queries import service
from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours, allowed
from marketplace.qualification.models import (
    DECIDED,
    PENDING,
    Application,
    ApplicationAnswer,
    ApplicationState,
    Qualification,
    QualificationState,
)
from marketplace.qualification.permissions import QualificationPermission

QUEUE_SIZE = 25
MOST_APPLICATIONS = 50
HELD = (QualificationState.QUALIFIED, QualificationState.SUSPENDED)


class Standing(StrEnum):
    """How an organisation stands for a service."""

    QUALIFIED = "qualified"
    PENDING = "pending"
    NONE = "none"


def categories_asked(service_code: str) -> list[str]:
    """The categories a bidder for this service must be qualified for.

    A service for a cohort asks for the cohort's category alone, so that a women's centre is not
    asked eight times; every other service asks for its needs.
    """
    wanted = service(service_code, clock.today())
    if wanted is None:
        return []
    return [wanted.cohort_code] if wanted.cohort_code else list(wanted.need_codes)


def standing(organisation_id: UUID, service_code: str) -> Standing:
    """Qualified for all the service asks for, waiting for a decision on the rest, or neither.

    What is suspended, lapsed or removed today does not count; judged by date, so that a late job
    changes nothing.
    """
    return standings([organisation_id], service_code)[organisation_id]


def standings(organisation_ids: Collection[UUID], service_code: str) -> dict[UUID, Standing]:
    """The `standing` of each of these organisations, in as many statements as for one."""
    wanted = set(categories_asked(service_code))
    held = _held_by_each(organisation_ids)
    waiting: dict[UUID, set[str]] = {}
    if not all(wanted <= held.get(each, set()) for each in organisation_ids):
        found = select(Application.organisation_id, Application.category_code).where(
            Application.organisation_id.in_(organisation_ids), Application.state.in_(PENDING)
        )
        for organisation_id, code in db.session.execute(found):
            waiting.setdefault(organisation_id, set()).add(code)
    return {
        each: _standing(wanted, held.get(each, set()), waiting.get(each, set()))
        for each in organisation_ids
    }


def _standing(wanted: set[str], held: set[str], waiting: set[str]) -> Standing:
    if wanted <= held:
        return Standing.QUALIFIED
    return Standing.PENDING if wanted <= held | waiting else Standing.NONE


def qualified_for(organisation_id: UUID) -> set[str]:
    """The codes of the categories an organisation is qualified for today."""
    return _held_by_each([organisation_id]).get(organisation_id, set())


def _held_by_each(organisation_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    found = select(Qualification.organisation_id, Qualification.category_code).where(
        Qualification.organisation_id.in_(organisation_ids),
        Qualification.counting_on(clock.today()),
    )
    held: dict[UUID, set[str]] = {}
    for organisation_id, code in db.session.execute(found):
        held.setdefault(organisation_id, set()).add(code)
    return held


def held_codes(organisation_id: UUID) -> set[str]:
    """The categories that need no new application: qualified, or suspended for a while."""
    return {each.category_code for each in held_by(organisation_id) if each.state in HELD}


def held_by(organisation_id: UUID) -> Sequence[Qualification]:
    """Every qualification the organisation has or had, by category."""
    return db.session.scalars(
        select(Qualification)
        .where(Qualification.organisation_id == organisation_id)
        .order_by(Qualification.category_code)
    ).all()


def running_applications(organisation_id: UUID) -> Sequence[Application]:
    """Applications that are not decided yet."""
    return db.session.scalars(
        select(Application)
        .where(Application.organisation_id == organisation_id, Application.state.not_in(DECIDED))
        .order_by(Application.category_code)
    ).all()


def newest_of(organisation_id: UUID, category_code: str | None = None) -> Application | None:
    """The organisation's newest application (for a category), to take answers over from."""
    newest = (
        select(Application)
        .where(Application.organisation_id == organisation_id)
        .order_by(Application.created_at.desc(), Application.id)
        .limit(1)
        .options(selectinload(Application.answers))
    )
    if category_code is not None:
        newest = newest.where(Application.category_code == category_code)
    return db.session.scalars(newest).one_or_none()


def newest_by_category(
    organisation_id: UUID, category_codes: Collection[str]
) -> dict[str, Application]:
    """The organisation's newest application for each of these categories, where there is one."""
    found = db.session.scalars(
        select(Application)
        .where(
            Application.organisation_id == organisation_id,
            Application.category_code.in_(category_codes),
        )
        .order_by(Application.created_at, Application.id)
        .options(selectinload(Application.corrections))
    )
    return {each.category_code: each for each in found}


def own_applications(by: Acting) -> Sequence[Application]:
    """The organisation's applications, newest first."""
    return db.session.scalars(
        select(Application)
        .where(Application.organisation_id == by.organisation_id)
        .order_by(Application.created_at.desc(), Application.category_code)
        .options(selectinload(Application.corrections))
        .limit(MOST_APPLICATIONS)
    ).all()


def application_for(application_id: UUID, by: Acting, *, lock: bool = False) -> Application:
    """One application, for its own people, who assesses and the auditor; locked inside a write.

    Raises NotYours.
    """
    wanted = select(Application).where(Application.id == application_id)
    if allowed(by, QualificationPermission.SEE_ALL):
        wanted = wanted.where(Application.state != ApplicationState.DRAFT)
    else:
        wanted = wanted.where(Application.organisation_id == by.organisation_id)
    if lock:
        # The row first, on its own: what hangs on it is read under its lock.
        db.session.scalars(wanted.with_for_update(of=Application)).one_or_none()
    found = db.session.scalars(_whole(wanted)).one_or_none()
    if found is None:
        raise NotYours(application_id)
    return found


def _whole(wanted: Select) -> Select:
    return wanted.options(
        selectinload(Application.answers).joinedload(ApplicationAnswer.edited_by),
        selectinload(Application.answers).joinedload(ApplicationAnswer.source),
        selectinload(Application.answers).joinedload(ApplicationAnswer.file),
        selectinload(Application.corrections),
        joinedload(Application.organisation),
        joinedload(Application.assessor),
    ).execution_options(populate_existing=True)


def queue(mine: UUID | None = None) -> Page:
    """Applications to decide, the longest waiting first; only one assessor's where given."""
    waiting = (
        select(Application)
        .where(Application.state.in_(PENDING))
        .order_by(Application.due_on, Application.id)
        .options(
            joinedload(Application.organisation),
            joinedload(Application.assessor),
            selectinload(Application.corrections),
        )
    )
    if mine is not None:
        waiting = waiting.where(Application.assessor_id == mine)
    return paged(waiting, QUEUE_SIZE)
