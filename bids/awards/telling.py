"""Whom the outcome of bids is written to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bids.models import Bid
from marketplace import outbox
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.acting import Role
from marketplace.database import db


def tell_bidders(template: str, bids: Iterable[Bid], **facts: Any) -> None:
    """Write to the bid managers of each of these bids, or where there are none the trustees."""
    listed = list(bids)
    addresses = _addresses({bid.organisation_id for bid in listed if bid.organisation_id})
    for bid in listed:
        roles = addresses.get(bid.organisation_id, {}) if bid.organisation_id else {}
        for address in roles.get(Role.BID_MANAGER) or roles.get(Role.TRUSTEE) or ():
            outbox.post(
                template, to=address, subject_id=bid.id, facts={"bid_id": str(bid.id)} | facts
            )


def _addresses(organisation_ids: set[UUID]) -> dict[UUID, dict[Role, list[str]]]:
    """The addresses by organisation and role, in one statement however many there are."""
    found = (
        select(Membership.organisation_id, Membership.role, Person)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.organisation_id.in_(organisation_ids),
            Membership.role.in_((Role.BID_MANAGER, Role.TRUSTEE)),
            Person.state == PersonState.ACTIVE,
        )
        .order_by(Person.id)
    )
    listed: dict[UUID, dict[Role, list[str]]] = {}
    for organisation_id, role, person in db.session.execute(found):
        listed.setdefault(organisation_id, {}).setdefault(role, []).append(person.email)
    return listed
