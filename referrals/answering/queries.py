"""Who can work on a case."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import Membership, Person
from marketplace.acting import Acting
from marketplace.database import db
from referrals.permissions import PROVIDERS


def staff_of(by: Acting) -> list[tuple[UUID, str]]:
    """Those of the organisation acted for who deliver services, by name."""
    people = db.session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == by.organisation_id, Membership.role.in_(PROVIDERS))
        .distinct()
    )
    return sorted(((person.id, person.name) for person in people), key=lambda pair: pair[1])
