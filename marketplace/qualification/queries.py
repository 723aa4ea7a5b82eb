"""What is read of qualification: an organisation's own, the queue, its standing for a service."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from marketplace import clock
from marketplace.acting import Acting
from marketplace.categories.queries import service
from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours, allowed
from marketplace.qualification.models import (
    Application,
    ApplicationCategory,
    ApplicationState,
    Qualification,
)
from marketplace.qualification.permissions import QualificationPermission
from marketplace.registry import WaitingItem

QUEUE_SIZE = 25
MOST_APPLICATIONS = 50


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
    """Qualified for all the service asks for, waiting for a decision on the rest, or neither."""
    wanted = set(categories_asked(service_code))
    held = qualified_for(organisation_id)
    if wanted <= held:
        return Standing.QUALIFIED
    pending = set(
        db.session.scalars(
            select(ApplicationCategory.category_code)
            .join(Application, Application.id == ApplicationCategory.application_id)
            .where(
                Application.organisation_id == organisation_id,
                Application.state == ApplicationState.SUBMITTED,
            )
        )
    )
    return Standing.PENDING if wanted <= held | pending else Standing.NONE


def qualified_for(organisation_id: UUID) -> set[str]:
    """The codes of the categories an organisation is qualified for."""
    return set(
        db.session.scalars(
            select(Qualification.category_code).where(
                Qualification.organisation_id == organisation_id
            )
        )
    )


def own_applications(by: Acting) -> Sequence[Application]:
    """The applications of the organisation acted for, newest first."""
    return db.session.scalars(
        select(Application)
        .where(Application.organisation_id == by.organisation_id)
        .order_by(Application.created_at.desc())
        .options(selectinload(Application.categories))
        .limit(MOST_APPLICATIONS)
    ).all()


def application_for(application_id: UUID, by: Acting) -> Application:
    """One application, for its own people and for who assesses. Raises NotYours."""
    wanted = select(Application).where(Application.id == application_id)
    if allowed(by, QualificationPermission.ASSESS):
        wanted = wanted.where(Application.state != ApplicationState.DRAFT)
    else:
        wanted = wanted.where(Application.organisation_id == by.organisation_id)
    found = db.session.scalars(
        wanted.options(selectinload(Application.categories), selectinload(Application.answers))
    ).one_or_none()
    if found is None:
        raise NotYours(application_id)
    return found


def queue() -> Page:
    """Applications to decide, the longest waiting first."""
    return paged(
        select(Application)
        .where(Application.state == ApplicationState.SUBMITTED)
        .order_by(Application.due_on, Application.id)
        .options(selectinload(Application.categories), selectinload(Application.organisation)),
        QUEUE_SIZE,
    )


def waiting_for(by: Acting) -> list[WaitingItem]:
    """Applications to decide, for the framework team."""
    if not allowed(by, QualificationPermission.ASSESS):
        return []
    count = db.session.scalar(
        select(func.count())
        .select_from(Application)
        .where(Application.state == ApplicationState.SUBMITTED)
    )
    if not count:
        return []
    return [WaitingItem(_("Applications to qualify"), url_for("qualification.queue"), count)]
