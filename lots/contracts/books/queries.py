"""Whose accounts are whose, and what a person may read of them; the query decides both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from lots.contracts.books.models import ContractFunding, Contribution, ContributionState
from lots.contracts.books.permissions import BooksPermission
from lots.contracts.models import Contract, Side
from lots.contracts.permissions import side_of
from marketplace.acting import Acting, OrganisationKind, Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours, allowed

# What both sides read of a contract: what it cost, and what of it is owed and paid.
OF_BOTH = (
    Contract.cost_account_id,
    Contract.vat_account_id,
    Contract.payable_account_id,
    Contract.paid_account_id,
)
OF_FUNDING = (
    ContractFunding.commitment_account_id,
    ContractFunding.due_account_id,
    ContractFunding.received_account_id,
    ContractFunding.disputed_account_id,
)


@dataclass(frozen=True)
class Holder:
    """Whose account it is: of a contract, or of one organisation that pays for it."""

    contract_id: UUID
    reference: str
    funder: str | None = None


@dataclass(frozen=True)
class Books:
    """Some accounts: a query of their ids, and whose each is.

    `by_funder` sets out who pays; else the books are set out by contract.
    """

    accounts: CompoundSelect
    holders: dict[UUID, Holder]
    by_funder: bool


# Queries of ids of accounts, and whose they are.
Part = tuple[list[Any], dict[UUID, Holder]]


def sees_funders(by: Acting, contract: Contract) -> bool:
    """Whether the funders' accounts are part of a contract's books: not for the provider."""
    return side_of(by, contract) == Side.BUYER or by.has(Role.AUDITOR)


def books_of_contract(contract: Contract, by: Acting) -> Books:
    """What this person may read of a contract's accounts."""
    of_contract = Contract.id == contract.id
    if not sees_funders(by, contract):
        return _books([_contracts_books(OF_BOTH, of_contract)], by_funder=True)
    parts = [
        _contracts_books((*OF_BOTH, Contract.funded_account_id), of_contract),
        _fundings_books(ContractFunding.contract_id == contract.id),
    ]
    return _books(parts, by_funder=True)


def books_of_provider(provider: Organisation) -> Books:
    """What a provider was owed and paid, under all its contracts and grants."""
    return _books([_contracts_books(OF_BOTH, Contract.provider_id == provider.id)])


def books_of_funder(funder: Organisation) -> Books:
    """What an organisation has promised, owed and paid for contracts, its own among them."""
    return _books([_fundings_books(ContractFunding.organisation_id == funder.id)])


def _books(parts: Sequence[Part], by_funder: bool = False) -> Books:
    selects = [each for chosen, _holders in parts for each in chosen]
    holders = {key: holder for _chosen, found in parts for key, holder in found.items()}
    return Books(union_all(*selects), holders, by_funder)


def _contracts_books(columns: Iterable[Any], condition: ColumnElement[bool]) -> Part:
    chosen = [select(each).where(condition, each.is_not(None)) for each in columns]
    rows = select(Contract.id, Contract.reference, *columns).where(condition)
    holders = {}
    for contract_id, reference, *accounts in db.session.execute(rows):
        holder = Holder(contract_id, reference)
        holders.update({account: holder for account in accounts if account is not None})
    return chosen, holders


def _fundings_books(condition: ColumnElement[bool]) -> Part:
    chosen = [select(each).where(condition) for each in OF_FUNDING]
    rows = (
        select(Contract.id, Contract.reference, Organisation.name, *OF_FUNDING)
        .select_from(ContractFunding)
        .join(Contract, Contract.id == ContractFunding.contract_id)
        .join(Organisation, Organisation.id == ContractFunding.organisation_id)
        .where(condition)
    )
    holders = {}
    for contract_id, reference, funder, *accounts in db.session.execute(rows):
        holders.update(dict.fromkeys(accounts, Holder(contract_id, reference, funder)))
    return chosen, holders


def organisation(organisation_id: UUID, permission: BooksPermission, by: Acting) -> Organisation:
    """An organisation whose books this person may read. Raises NotYours."""
    found = db.session.get(Organisation, organisation_id)
    if found is None or not allowed(by, permission, found):
        raise NotYours(organisation_id)
    return found


def fundings(contract: Contract) -> Sequence[ContractFunding]:
    """Everybody who pays for a contract, by name."""
    found = (
        select(ContractFunding)
        .join(ContractFunding.organisation)
        .where(ContractFunding.contract_id == contract.id)
        .order_by(Organisation.name)
        .options(contains_eager(ContractFunding.organisation))
    )
    return db.session.scalars(found).all()


def to_give_back(contract: Contract) -> Sequence[Contribution]:
    """Parts of what came back that their funders have not been given yet, the oldest first."""
    found = (
        select(Contribution)
        .join(Contribution.funding)
        .where(
            ContractFunding.contract_id == contract.id,
            Contribution.state == ContributionState.TO_GIVE_BACK,
        )
        .order_by(Contribution.due_at, Contribution.id)
        .options(contains_eager(Contribution.funding))
    )
    return db.session.scalars(found).all()


def contribution_of_buyer(contribution_id: UUID, by: Acting) -> Contribution:
    """A part of something of a contract that the organisation acted for buys. Raises NotYours."""
    found = db.session.get(
        Contribution,
        contribution_id,
        options=[joinedload(Contribution.funding).joinedload(ContractFunding.contract)],
    )
    if found is None or not allowed(by, BooksPermission.GIVE_BACK, found):
        raise NotYours(contribution_id)
    return found


def reads_as(by: Acting) -> list[str]:
    """Which statements of its own the organisation acted for has: as provider, as funder."""
    own = db.session.get_one(Organisation, by.organisation_id)
    found = []
    if own.kind == OrganisationKind.PROVIDER and allowed(by, BooksPermission.SEE_PROVIDERS, own):
        found.append("provider")
    if own.kind != OrganisationKind.PROVIDER and allowed(by, BooksPermission.SEE_FUNDERS, own):
        found.append("funder")
    return found
