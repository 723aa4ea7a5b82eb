"""Mails about money: to those of an organisation who answer, and to those who sign."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from lots.models import Lot
from marketplace import outbox
from marketplace.accounts.queries import people_in
from marketplace.acting import Role


def addresses(organisation_ids: Iterable[UUID], roles: Iterable[Role]) -> list[str]:
    """Email addresses of everybody who holds one of these roles in one of the organisations."""
    return [person.email for person in people_in(organisation_ids, roles)]


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
