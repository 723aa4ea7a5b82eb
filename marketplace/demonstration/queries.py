"""What the demonstration's pages show."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import Membership, Person
from marketplace.acting import ROLES, Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.outbox.models import DemonstrationMail
from marketplace.paging import Page, paged

MAILS_A_PAGE = 20


@dataclass(frozen=True)
class DemonstrationPerson:
    """One role of one invented person."""

    person_id: UUID
    name: str
    role: Role
    role_label: str
    organisation_name: str


def demonstration_people() -> list[DemonstrationPerson]:
    """Every invented person with an account, one line a role, in the order of the roles."""
    rows = db.session.execute(
        select(Person, Membership.role, Organisation.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Person.is_demonstration)
    )
    order = list(Role)
    people = [
        DemonstrationPerson(person.id, person.name, role, str(ROLES[role]), organisation)
        for person, role, organisation in rows
    ]
    return sorted(people, key=lambda each: (order.index(each.role), each.organisation_name))


def mails_sent() -> Page:
    """Sent mails, newest first, the page this request asks for."""
    return paged(
        select(DemonstrationMail).order_by(DemonstrationMail.sent_at.desc(), DemonstrationMail.id),
        MAILS_A_PAGE,
    )
