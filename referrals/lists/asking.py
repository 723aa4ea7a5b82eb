"""What is asked of a list: which one, filtered and sorted how, from where on.

All of it stands in the address, for it says nothing about a person. What is no choice of the
list is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from lots.contracts.models import Contract, ContractArea
from marketplace.accounts.models import Membership, Person
from marketplace.acting import Acting
from marketplace.database import db
from referrals.codes import ReferralState
from referrals.lists import cursors
from referrals.lists.cursors import Cursor
from referrals.lists.scopes import Sight, together
from referrals.lists.tabs import ORDERS, Sort, Tab, sorts_for, states_of
from referrals.models import Referral, TeamMember
from referrals.permissions import (
    PROVIDERS,
    belongs_to,
    confirmed_units,
    delivered_by,
    own,
    works_on,
)
from referrals.services.directory import directory_now, listings_of

MOST_CHOICES = 200


@dataclass(frozen=True)
class Asked:
    """One list as asked for; None where nothing is chosen."""

    tab: Tab
    sort: Sort
    own_only: bool = False
    service: UUID | None = None
    person: UUID | None = None
    state: ReferralState | None = None
    cursor: Cursor | None = None

    def choices(self) -> dict[str, str]:
        """What stands in the address, without where the page begins."""
        chosen = {
            "show": self.tab.value,
            "sort": "" if self.sort == sorts_for(self.tab)[0] else self.sort.value,
            "whose": "own" if self.own_only else "",
            "service": str(self.service or ""),
            "person": str(self.person or ""),
            "state": self.state.value if self.state else "",
        }
        return {name: value for name, value in chosen.items() if value}

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the list itself is chosen."""
        return self.own_only or bool(self.service or self.person or self.state)

    def conditions(self, by: Acting) -> list[ColumnElement[bool]]:
        """The conditions on `Referral` of the filters."""
        found: list[ColumnElement[bool]] = []
        if self.own_only:
            found.append(own(by))
        if self.service:
            found.append(Referral.contract_area_id == self.service)
        if self.state:
            found.append(Referral.state == self.state)
        if self.person and by.has(*PROVIDERS):
            found.append(works_on(self.person, by.organisation_id))
        elif self.person:
            found.append(belongs_to(self.person))
        return found


def asked(args: Mapping[str, str], tabs: Sequence[Tab]) -> Asked:
    """What this address asks for."""
    tab = _one_of(Tab, args.get("show"), tabs) or tabs[0]
    sort = _one_of(Sort, args.get("sort"), sorts_for(tab)) or sorts_for(tab)[0]
    return Asked(
        tab,
        sort,
        own_only=args.get("whose") == "own",
        service=_id(args.get("service")),
        person=_id(args.get("person")),
        state=_one_of(ReferralState, args.get("state"), states_of(tab)),
        cursor=_cursor(args, sort),
    )


def _one_of(kind: type[StrEnum], text: str | None, allowed: Sequence[Any]) -> Any:
    return kind(text) if text and text in allowed else None


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _cursor(args: Mapping[str, str], sort: Sort) -> Cursor | None:
    for name, backwards in (("after", False), ("before", True)):
        values = cursors.read(args.get(name, ""), ORDERS[sort])
        if values is not None:
            return Cursor(values, backwards)
    return None


def service_choices(by: Acting, seen: Sight) -> dict[UUID, str]:
    """The services to filter by, in words: those the provider delivers, or those referred to."""
    if by.has(*PROVIDERS):
        theirs = (
            select(ContractArea.id)
            .join(Contract, Contract.id == ContractArea.contract_id)
            .where(
                delivered_by(by.organisation_id),
                ContractArea.opened_at.is_not(None),
            )
            .limit(MOST_CHOICES)
        )
    else:
        theirs = select(*together(seen, Referral.contract_area_id, (), MOST_CHOICES).c)
    named = listings_of(db.session.scalars(theirs).all(), directory_now())
    return dict(sorted(named.items(), key=lambda each: each[1]))


def person_choices(by: Acting) -> dict[UUID, str]:
    """The colleagues whose cases can be shown apart: caseworkers, or those of one's own team."""
    if by.has(*PROVIDERS):
        people = select(Membership.person_id).where(
            Membership.organisation_id == by.organisation_id, Membership.role.in_(PROVIDERS)
        )
    else:
        people = select(TeamMember.person_id).where(
            TeamMember.organisation_id == by.organisation_id,
            TeamMember.delivery_unit_code == confirmed_units(by).scalar_subquery(),
            TeamMember.confirmed_at.is_not(None),
        )
    rows = db.session.execute(
        select(Person.id, Person.name).where(Person.id.in_(people)).limit(MOST_CHOICES)
    )
    return dict(sorted(((row.id, row.name) for row in rows), key=lambda each: each[1].casefold()))
