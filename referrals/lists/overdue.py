"""How many open cases are overdue, and with whom: for managers with links, else figures alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func, select

from lots.contracts.models import Contract, ContractArea
from marketplace import clock
from marketplace.accounts.queries import names_of_people
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from referrals import clocks
from referrals.codes import OPEN
from referrals.lists.scopes import sight, together
from referrals.lists.tabs import Tab, in_tab
from referrals.models import Caseworker, Referral
from referrals.permissions import PROVIDERS
from referrals.services.directory import directory_now, listings_of
from referrals.teams.actions import unit_names

# Far more than anybody has overdue; only there to bound the work.
MOST = 5000


@dataclass(frozen=True)
class Line:
    """One name and its number of overdue cases; `filters` lead to them where one may see them."""

    label: str
    count: int
    filters: Mapping[str, str] | None = None
    contract_id: UUID | None = None


@dataclass(frozen=True)
class Table:
    """The overdue cases by one thing, most first."""

    title: Any
    lines: Sequence[Line]


def tables(by: Acting) -> list[Table]:
    """The tables for this manager; a constant number of statements."""
    if by.has(Role.CONTRACT_MANAGER):
        return _for_buyer(by)
    found = together(sight(by), Referral.id, in_tab(Tab.OVERDUE, by), MOST)
    theirs = select(*found.c)
    contracts = _by_contract(Referral.id.in_(theirs))
    if by.has(*PROVIDERS):
        return [_by_caseworker(by, theirs), Table(_l("By contract and area"), contracts)]
    return [
        _by_practitioner(theirs),
        _by_team(theirs),
        _by_provider(Referral.id.in_(theirs)),
        Table(_l("By contract and area"), contracts),
    ]


def _for_buyer(by: Acting) -> list[Table]:
    theirs = (
        select(ContractArea.id)
        .join(Contract, Contract.id == ContractArea.contract_id)
        .where(Contract.buyer_id == by.organisation_id)
    )
    late = (
        Referral.contract_area_id.in_(theirs)
        & Referral.state.in_(OPEN)
        & clocks.overdue(clock.today())
    )
    return [
        _by_provider(late),
        Table(_l("By contract and area"), [_without_link(each) for each in _by_contract(late)]),
    ]


def _without_link(line: Line) -> Line:
    return Line(line.label, line.count, contract_id=line.contract_id)


def _counted(query: Select) -> list[tuple[Any, int]]:
    rows = db.session.execute(query).all()
    return sorted(((row[0], row[1]) for row in rows), key=lambda each: -each[1])


def _by_caseworker(by: Acting, theirs: Select) -> Table:
    at_work = (
        (Caseworker.referral_id == Referral.id)
        & Caseworker.until.is_(None)
        & (Caseworker.organisation_id == by.organisation_id)
    )
    counted = _counted(
        select(Caseworker.person_id, func.count())
        .select_from(Referral)
        .outerjoin(Caseworker, at_work)
        .where(Referral.id.in_(theirs))
        .group_by(Caseworker.person_id)
    )
    names = names_of_people(person_id for person_id, _count in counted)
    return Table(
        _l("By caseworker"),
        [
            Line(names.get(each, ""), count, {"person": str(each)})
            if each
            else Line(_("Nobody"), count, {"show": Tab.UNASSIGNED.value})
            for each, count in counted
        ],
    )


def _by_practitioner(theirs: Select) -> Table:
    counted = _counted(
        select(Referral.owner_id, func.count())
        .where(Referral.id.in_(theirs))
        .group_by(Referral.owner_id)
    )
    names = names_of_people(person_id for person_id, _count in counted)
    lines = [Line(names.get(each, ""), count, {"person": str(each)}) for each, count in counted]
    return Table(_l("By practitioner"), lines)


def _by_team(theirs: Select) -> Table:
    counted = _counted(
        select(Referral.delivery_unit_code, func.count())
        .where(Referral.id.in_(theirs))
        .group_by(Referral.delivery_unit_code)
    )
    names = unit_names()
    return Table(_l("By team"), [Line(names.get(each, each), count) for each, count in counted])


def _by_provider(late: ColumnElement[bool]) -> Table:
    counted = _counted(
        select(Organisation.name, func.count())
        .join(Referral, Referral.provider_id == Organisation.id)
        .where(late)
        .group_by(Organisation.id, Organisation.name)
    )
    return Table(_l("By provider"), [Line(name, count) for name, count in counted])


def _by_contract(late: ColumnElement[bool]) -> list[Line]:
    rows = db.session.execute(
        select(ContractArea.id, Contract.id, Contract.reference, func.count().label("late"))
        .join(Contract, Contract.id == ContractArea.contract_id)
        .join(Referral, Referral.contract_area_id == ContractArea.id)
        .where(late)
        .group_by(ContractArea.id, Contract.id, Contract.reference)
        .order_by(func.count().desc(), Contract.reference)
    ).all()
    services = listings_of([row[0] for row in rows], directory_now())
    return [
        Line(f"{row[2]}: {services[row[0]]}", row.late, {"service": str(row[0])}, row[1])
        for row in rows
    ]
