"""What the pages of organisations show."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from marketplace.acting import OrganisationKind
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.paging import Page, paged


def organisation(organisation_id: UUID) -> Organisation:
    """The organisation of an id that is known to exist."""
    return db.session.get_one(Organisation, organisation_id)


def organisations_page(kind: OrganisationKind | None) -> Page:
    """Organisations by name, of one kind or all, the page this request asks for."""
    found = select(Organisation).order_by(Organisation.name, Organisation.id)
    return paged(found if kind is None else found.where(Organisation.kind == kind))
