"""Who is told of what: the applicant's people, its trustees, the framework team, one person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from marketplace import outbox
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.accounts.queries import people_with
from marketplace.acting import Role
from marketplace.database import db
from marketplace.qualification.permissions import APPLICANTS

FOLDER = "marketplace/qualification/mail"


def tell_applicants(organisation_id: UUID, template: str, subject_id: UUID, **facts: Any) -> None:
    """Write to everybody who may apply for the organisation."""
    _tell(people_with(organisation_id, APPLICANTS), template, subject_id, facts)


def tell_trustees(organisation_id: UUID, template: str, subject_id: UUID, **facts: Any) -> None:
    """Write to the organisation's trustees."""
    _tell(people_with(organisation_id, [Role.TRUSTEE]), template, subject_id, facts)


def tell_framework_team(template: str, subject_id: UUID, **facts: Any) -> None:
    """Write to every framework manager."""
    held = select(Membership.person_id).where(Membership.role == Role.FRAMEWORK_MANAGER)
    team = select(Person).where(Person.state == PersonState.ACTIVE, Person.id.in_(held))
    _tell(db.session.scalars(team.order_by(Person.id)), template, subject_id, facts)


def tell_person(person_id: UUID, template: str, subject_id: UUID, **facts: Any) -> None:
    """Write to one person, where the account is in use."""
    person = db.session.get_one(Person, person_id)
    _tell([person] if person.state is PersonState.ACTIVE else [], template, subject_id, facts)


def _tell(people: Iterable[Person], template: str, subject_id: UUID, facts: dict[str, Any]) -> None:
    for person in people:
        outbox.post(f"{FOLDER}/{template}.txt", to=person.email, subject_id=subject_id, facts=facts)
