"""Read shares: what was promised, is due, stands on invoices, was received; in pence with VAT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import aliased, joinedload

from lots.contracts.books.funding import promised_by
from lots.contracts.books.models import (
    ContractFunding,
    Contribution,
    ContributionState,
    FundingPromise,
)
from lots.contracts.contributions.permissions import SharePermission
from lots.contracts.models import Contract
from lots.models import Lot
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.paging import Page, paged
from marketplace.payments.invoicing.models import Invoice, InvoiceState
from marketplace.permissions import NotYours, allowed

STATES = {
    "due": (ContributionState.DUE,),
    "invoiced": (ContributionState.INVOICED,),
    "received": (ContributionState.RECEIVED,),
    "disputed": (ContributionState.DISPUTED,),
}


@dataclass(frozen=True)
class Sums:
    """How shares stand, in pence; `due` is on no invoice yet."""

    due: int = 0
    invoiced: int = 0
    received: int = 0
    disputed: int = 0


@dataclass(frozen=True)
class Share:
    """One share of one contract: whose, of what, what was promised, and how it stands."""

    funding: ContractFunding
    title: str
    buyer: str
    promised: int
    sums: Sums


def own_shares(by: Acting) -> ColumnElement[bool]:
    """Shares that the organisation acted for pays of contracts that others buy."""
    own = by.organisation_id
    return (ContractFunding.organisation_id == own) & (Contract.buyer_id != own)


def owed_shares(by: Acting) -> ColumnElement[bool]:
    """Shares that others pay of contracts that the organisation acted for buys.

    For the national auditor, of everybody's contracts.
    """
    if by.has(Role.AUDITOR):
        return Contract.buyer_id != ContractFunding.organisation_id
    own = by.organisation_id
    return (Contract.buyer_id == own) & (ContractFunding.organisation_id != own)


def shares(wanted: ColumnElement[bool]) -> Page:
    """One page of shares, by funder and contract; a constant number of statements."""
    buyer = aliased(Organisation)
    rows = (
        select(ContractFunding, Lot.title, buyer.name)
        .join(ContractFunding.contract)
        .join(Lot, Lot.id == Contract.lot_id)
        .join(buyer, buyer.id == Contract.buyer_id)
        .join(ContractFunding.organisation)
        .where(wanted)
        .order_by(Organisation.name, Contract.reference, ContractFunding.id)
        .options(joinedload(ContractFunding.contract))
    )
    page = paged(rows)
    ids = [funding.id for funding, _title, _buyer in page.items]
    promised, sums = promised_by(ids), _sums_by_funding(ids)
    items = [
        Share(funding, title, name, promised.get(funding.id, 0), sums.get(funding.id, Sums()))
        for funding, title, name in page.items
    ]
    return replace(page, items=items)


def _sums_by_funding(ids: Sequence[UUID]) -> dict[UUID, Sums]:
    found = _summed(Contribution.funding_id).where(Contribution.funding_id.in_(ids))
    return _keyed(found.group_by(Contribution.funding_id))


def _summed(key: Any) -> Select:
    columns = [
        func.sum(case((Contribution.state.in_(states), Contribution.pence), else_=0))
        for states in STATES.values()
    ]
    return select(key, *columns).select_from(Contribution)


def _keyed(found: Select) -> dict[Any, Sums]:
    return {row[0]: Sums(*(int(pence) for pence in row[1:])) for row in db.session.execute(found)}


def sums_by_funder(by: Acting) -> list[tuple[Organisation, Sums]]:
    """How each funder of the organisation acted for stands, who owes the most first."""
    found = (
        _summed(ContractFunding.organisation_id)
        .join(Contribution.funding)
        .join(ContractFunding.contract)
        .where(owed_shares(by))
        .group_by(ContractFunding.organisation_id)
    )
    sums = _keyed(found)
    names = db.session.scalars(select(Organisation).where(Organisation.id.in_(sums)))
    pairs = [(each, sums[each.id]) for each in names]
    return sorted(pairs, key=lambda pair: (-pair[1].due - pair[1].invoiced, pair[0].name))


def whole(wanted: ColumnElement[bool]) -> Sums:
    """All of these shares together."""
    found = _summed(func.count()).join(Contribution.funding).join(ContractFunding.contract)
    row = db.session.execute(found.where(wanted)).one()
    return Sums(*(int(pence or 0) for pence in row[1:]))


def promised_by_own(by: Acting) -> int:
    """What the organisation acted for has promised for contracts of others, together."""
    found = (
        select(func.sum(FundingPromise.pence))
        .join(ContractFunding, ContractFunding.id == FundingPromise.funding_id)
        .join(ContractFunding.contract)
        .where(own_shares(by))
    )
    return int(db.session.scalar(found) or 0)


def has_any(wanted: ColumnElement[bool]) -> bool:
    """Whether there is such a share."""
    found = select(ContractFunding.id).join(ContractFunding.contract).where(wanted)
    return db.session.scalar(found.limit(1)) is not None


def own_share(funding_id: UUID, by: Acting) -> ContractFunding:
    """One share that the organisation acted for pays. Raises NotYours."""
    found = db.session.get(
        ContractFunding, funding_id, options=[joinedload(ContractFunding.contract)]
    )
    if found is None or not allowed(by, SharePermission.SET_ORDER, found):
        raise NotYours(funding_id)
    return found


def funder_of(organisation_id: UUID, by: Acting) -> Organisation:
    """An organisation that pays shares of what the organisation acted for buys. Raises NotYours."""
    if not has_any(owed_shares(by) & (ContractFunding.organisation_id == organisation_id)):
        raise NotYours(organisation_id)
    return db.session.get_one(Organisation, organisation_id)


def to_ask_again(by: Acting) -> Sequence[Invoice]:
    """Invoices of the organisation acted for whose money is gone, ten at most."""
    return _taken_back(Invoice.issuer_id == by.organisation_id, Invoice.state == InvoiceState.LOST)


def own_taken_back(by: Acting) -> Sequence[Invoice]:
    """Invoices to the organisation acted for whose money its bank took back, ten at most."""
    return _taken_back(Invoice.funder_id == by.organisation_id)


def _taken_back(*wanted: ColumnElement[bool]) -> Sequence[Invoice]:
    waits = select(Contribution.invoice_id).where(
        Contribution.invoice_id == Invoice.id, Contribution.state == ContributionState.DISPUTED
    )
    found = select(Invoice).where(*wanted, waits.exists()).options(joinedload(Invoice.issuer))
    return db.session.scalars(found.order_by(Invoice.disputed_at, Invoice.id).limit(10)).all()


def may_be_asked_again(invoice: Invoice) -> bool:
    """Whether something of a lost invoice has not been asked for again."""
    disputed = select(Contribution.id).where(
        Contribution.invoice_id == invoice.id, Contribution.state == ContributionState.DISPUTED
    )
    return invoice.state == InvoiceState.LOST and db.session.scalar(disputed.limit(1)) is not None
