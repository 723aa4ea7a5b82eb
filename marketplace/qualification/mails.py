"""Who is told of what: the applicant's people, its trustees, the framework team, one person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from marketplace import outbox
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.acting import Role
from marketplace.database import db
from marketplace.qualification.permissions import APPLICANTS

FOLDER = "marketplace/qualification/mail"


def tell_applicants(organisation_id: UUID, template: str, subject_id: UUID, **facts: Any) -> None:
    """Write to everybody who may apply for the organisation."""
    _tell(_holding(*APPLICANTS, organisation_id=organisation_id), template, subject_id, facts)


def tell_trustees(organisation_id: UUID, template: str, subject_id: UUID, **facts: Any) -> None:
    """Write to the organisation's trustees."""
    _tell(_holding(Role.TRUSTEE, organisation_id=organisation_id), template, subject_id, facts)


def tell_framework_team(template: str, subject_id: UUID, **facts: Any) -> None:
    """Write to every framework manager."""
    _tell(_holding(Role.FRAMEWORK_MANAGER), template, subject_id, facts)


def tell_person(person_id: UUID, template: str, subject_id: UUID, **facts: Any) -> None:
    """Write to one person, where the account is in use."""
    person = db.session.get_one(Person, person_id)
    _tell([person] if person.state is PersonState.ACTIVE else [], template, subject_id, facts)


def _holding(*roles: Role, organisation_id: UUID | None = None) -> list[Person]:
    held = select(Membership.person_id).where(Membership.role.in_(roles))
    if organisation_id is not None:
        held = held.where(Membership.organisation_id == organisation_id)
    people = select(Person).where(Person.state == PersonState.ACTIVE, Person.id.in_(held))
    return list(db.session.scalars(people.order_by(Person.id)))


def _tell(people: list[Person], template: str, subject_id: UUID, facts: dict[str, Any]) -> None:
    for person in people:
        outbox.post(f"{FOLDER}/{template}.txt", to=person.email, subject_id=subject_id, facts=facts)
