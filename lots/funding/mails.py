"""Mails about money: to those of an organisation who answer, and to those who sign."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lots.models import Lot
from marketplace import outbox
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.acting import Role
from marketplace.database import db


def addresses(organisation_ids: Iterable[UUID], roles: Iterable[Role]) -> list[str]:
    """Email addresses of everybody who holds one of these roles in one of the organisations."""
    people = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id.in_(list(organisation_ids)),
            Membership.role.in_(list(roles)),
            Person.state == PersonState.ACTIVE,
        )
        .order_by(Person.id)
    )
    return [person.email for person in db.session.scalars(people).unique()]


def tell(
    lot: Lot, template: str, organisation_ids: Iterable[UUID], roles: Iterable[Role], **facts: Any
) -> None:
    """Post one mail about a lot's money to everybody with these roles there."""
    for address in addresses(organisation_ids, roles):
        outbox.post(
            f"lots/funding/mail/{template}.txt",
            to=address,
            subject_id=lot.id,
            facts={"lot_id": lot.id, "reference": lot.reference, "title": lot.title, **facts},
        )
