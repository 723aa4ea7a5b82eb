"""What is read of qualifications that are held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours, allowed
from marketplace.qualification.held.models import NoticeState, RemovalNotice
from marketplace.qualification.models import Qualification, QualificationState
from marketplace.qualification.permissions import QualificationPermission

# Reconfirming is offered from here on, well before the first reminder.
OFFERED_DAYS_BEFORE = 60


def due_to_reconfirm(organisation_id: UUID) -> Sequence[Qualification]:
    """What the organisation can reconfirm now: due within 60 days, overdue, or lapsed."""
    soon = clock.today() + timedelta(days=OFFERED_DAYS_BEFORE)
    return db.session.scalars(
        select(Qualification)
        .where(
            Qualification.organisation_id == organisation_id,
            Qualification.state != QualificationState.REMOVED,
            Qualification.reconfirm_by <= soon,
        )
        .order_by(Qualification.reconfirm_by, Qualification.category_code)
    ).all()


def notices_to_answer(organisation_id: UUID) -> Sequence[RemovalNotice]:
    """Notices that the organisation can still answer."""
    return db.session.scalars(
        select(RemovalNotice)
        .join(RemovalNotice.qualification)
        .where(
            Qualification.organisation_id == organisation_id,
            RemovalNotice.state == NoticeState.SERVED,
            RemovalNotice.answer_by >= clock.today(),
        )
    ).all()


def qualification_for(qualification_id: UUID, by: Acting) -> Qualification:
    """One qualification, for its own organisation and the framework team. Raises NotYours."""
    wanted = select(Qualification).where(Qualification.id == qualification_id)
    if not allowed(by, QualificationPermission.SUPERVISE):
        wanted = wanted.where(Qualification.organisation_id == by.organisation_id)
    found = db.session.scalars(wanted.options(joinedload(Qualification.organisation))).one_or_none()
    if found is None:
        raise NotYours(qualification_id)
    return found


def notices_of(qualification_id: UUID) -> Sequence[RemovalNotice]:
    """The notices served on a qualification, the newest first."""
    return db.session.scalars(
        select(RemovalNotice)
        .where(RemovalNotice.qualification_id == qualification_id)
        .order_by(RemovalNotice.served_at.desc())
    ).all()


def members(state: QualificationState | None, name: str) -> Page:
    """Every qualification by organisation, for the framework team: in one state, by name."""
    found = (
        select(Qualification)
        .join(Qualification.organisation)
        .options(joinedload(Qualification.organisation))
        .order_by(Organisation.name, Organisation.id, Qualification.category_code)
    )
    if state is not None:
        found = found.where(Qualification.state == state)
    if name:
        prefix = func.lower(Organisation.name).startswith(name.lower(), autoescape=True)
        found = found.where(prefix)
    return paged(found)


def open_notices_of(qualification_ids: Sequence[UUID]) -> dict[UUID, RemovalNotice]:
    """The undecided notices of these qualifications; one statement."""
    undecided = (NoticeState.SERVED, NoticeState.ANSWERED)
    found = db.session.scalars(
        select(RemovalNotice).where(
            RemovalNotice.qualification_id.in_(qualification_ids),
            RemovalNotice.state.in_(undecided),
        )
    )
    return {each.qualification_id: each for each in found}
