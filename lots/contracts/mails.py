"""Mails to those who must act on a contract or should know; none names a person or a price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lots.contracts.models import Contract, Side
from marketplace import outbox
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.acting import Role
from marketplace.database import db


def tell(
    contract: Contract, template: str, roles: Mapping[Side, Iterable[Role]], **facts: Any
) -> None:
    """Post one mail to everybody who holds one of these roles on these sides of the contract."""
    organisations = {Side.BUYER: contract.buyer_id, Side.PROVIDER: contract.provider_id}
    for side, wanted in roles.items():
        for address in _addresses(organisations[side], wanted):
            outbox.post(
                f"lots/contracts/mail/{template}.txt",
                to=address,
                subject_id=contract.id,
                facts={"reference": contract.reference, "contract_id": str(contract.id), **facts},
            )


def _addresses(organisation_id: UUID, roles: Iterable[Role]) -> list[str]:
    people = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role.in_(list(roles)),
            Person.state == PersonState.ACTIVE,
        )
        .order_by(Person.id)
    )
    return [person.email for person in db.session.scalars(people).unique()]
