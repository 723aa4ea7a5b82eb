"""What the pages of organisations show."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from marketplace.acting import OrganisationKind
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.paging import Page, paged

REQUIRED = {
    "legal_form": _l("what kind of organisation it is in law"),
    "income_band": _l("your income"),
    "areas": _l("the areas where you work"),
}
HELPFUL = {
    "contact_email": _l("a public email address"),
    "org_ids": _l("a register number, if you have one"),
    "based_in": _l("where you are based"),
    "website": _l("your website"),
    "safeguarding_lead": _l("your safeguarding lead"),
    "data_protection_lead": _l("your data protection lead"),
}


def organisation(organisation_id: UUID) -> Organisation:
    """The organisation of an id that is known to exist."""
    return db.session.get_one(Organisation, organisation_id)


def organisations_page(kind: OrganisationKind | None) -> Page:
    """Organisations by name, of one kind or all, the page this request asks for."""
    found = select(Organisation).order_by(Organisation.name, Organisation.id)
    return paged(found if kind is None else found.where(Organisation.kind == kind))


def profile_gaps(organisation: Organisation) -> list[Any]:
    """What the profile lacks of the little that is required, in words."""
    return _lacking(organisation, REQUIRED)


def worth_adding(organisation: Organisation) -> list[Any]:
    """What would help others to find and to trust the organisation, and is not there, in words."""
    return _lacking(organisation, HELPFUL)


def _lacking(organisation: Organisation, wanted: dict[str, Any]) -> list[Any]:
    return [label for name, label in wanted.items() if not getattr(organisation, name)]
