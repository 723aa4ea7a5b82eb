"""Read contracts, what a person may see of them being part of each query."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased, selectinload

from lots.contracts.models import (
    Contract,
    ContractArea,
    ContractSignature,
    ItemKind,
    MobilisationItem,
)
from lots.contracts.permissions import ContractPermission, paid_by
from lots.models import Lot
from lots.vocabulary import Source
from marketplace.accounts.models import Person
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours, allowed


def visible_to(by: Acting) -> ColumnElement[bool]:
    """Contracts of the organisation acted for; all of them for the national auditor."""
    if by.has(Role.AUDITOR):
        return Contract.source == Source.OWN
    return or_(Contract.provider_id == by.organisation_id, Contract.buyer_id == by.organisation_id)


def contracts_of(by: Acting) -> Page:
    """(contract, lot's title, buyer's name, provider's name), newest first, by page."""
    return _listed(visible_to(by))


def paid_contracts(by: Acting, most: int = 50) -> Sequence[tuple[Contract, str, str]]:
    """(contract, lot's title, buyer's name) of others that the organisation acted for pays for."""
    if not allowed(by, ContractPermission.SEE_AS_PAYER):
        return []
    found = (
        select(Contract, Lot.title, Organisation.name)
        .join(Lot, Lot.id == Contract.lot_id)
        .join(Organisation, Organisation.id == Contract.buyer_id)
        .where(paid_by(by))
        .order_by(Contract.starts_on.desc(), Contract.reference)
        .limit(most)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(found)]


def paid_contract(contract_id: UUID, by: Acting) -> Contract:
    """One of these contracts with its areas. Raises NotYours."""
    found = _one(contract_id, paid_by(by))
    if found is None or not allowed(by, ContractPermission.SEE_AS_PAYER, found):
        raise NotYours(contract_id)
    return found


def is_published() -> ColumnElement[bool]:
    """What everybody may see: contracts that both sides have signed, and published awards."""
    return or_(Contract.signed_at.is_not(None), Contract.source == Source.PUBLISHED)


def published() -> Page:
    """(contract, lot's title, buyer's name, provider's name) of every public one, by page."""
    return _listed(is_published())


def published_contract(contract_id: UUID) -> Contract:
    """One public contract with its areas. Raises NotYours before both sides have signed."""
    found = _one(contract_id, is_published())
    if found is None:
        raise NotYours(contract_id)
    return found


def published_of_lot(lot_id: UUID) -> Sequence[Contract]:
    """The public contracts of a lot."""
    found = select(Contract).where(Contract.lot_id == lot_id, is_published())
    return db.session.scalars(found.order_by(Contract.reference)).all()


def contract(contract_id: UUID, by: Acting) -> Contract:
    """One contract with its areas. Raises NotYours."""
    found = _one(contract_id, visible_to(by))
    if found is None or not allowed(by, ContractPermission.SEE, found):
        raise NotYours(contract_id)
    return found


def contract_area(contract_area_id: UUID, by: Acting) -> ContractArea:
    """One area of a contract that this person may see. Raises NotYours."""
    found = db.session.get(ContractArea, contract_area_id)
    if found is None:
        raise NotYours(contract_area_id)
    contract(found.contract_id, by)
    return found


def parties(of: Contract) -> tuple[Lot, Organisation, Organisation]:
    """The lot, the buyer and the provider of a contract."""
    return (
        db.session.get_one(Lot, of.lot_id),
        db.session.get_one(Organisation, of.buyer_id),
        db.session.get_one(Organisation, of.provider_id),
    )


def signatures(of: Contract) -> Sequence[ContractSignature]:
    """The signatures given so far, the earlier first."""
    given = select(ContractSignature).where(ContractSignature.contract_id == of.id)
    return db.session.scalars(given.order_by(ContractSignature.at)).all()


def mobilisation(of: Contract) -> list[tuple[MobilisationItem, Person | None]]:
    """The mobilisation list with who confirmed each point."""
    items = (
        select(MobilisationItem, Person)
        .outerjoin(Person, Person.id == MobilisationItem.confirmed_by_id)
        .where(MobilisationItem.contract_id == of.id)
    )
    order = list(ItemKind)
    found = [(item, person) for item, person in db.session.execute(items)]
    return sorted(found, key=lambda row: order.index(row[0].kind))


def mobilisation_item(of: Contract, kind: str) -> MobilisationItem:
    """One point of the mobilisation list, by the name of its kind. Raises NotYours."""
    found = db.session.scalars(
        select(MobilisationItem).where(
            MobilisationItem.contract_id == of.id,
            MobilisationItem.kind.in_([each for each in ItemKind if each == kind]),
        )
    ).one_or_none()
    if found is None:
        raise NotYours(kind)
    return found


def _one(contract_id: UUID, seen: ColumnElement[bool]) -> Contract | None:
    found = select(Contract).where(Contract.id == contract_id, seen)
    return db.session.scalar(found.options(selectinload(Contract.areas)))


def _listed(seen: ColumnElement[bool]) -> Page:
    buyer = aliased(Organisation)
    provider = aliased(Organisation)
    return paged(
        select(Contract, Lot.title, buyer.name, provider.name)
        .join(Lot, Lot.id == Contract.lot_id)
        .join(buyer, buyer.id == Contract.buyer_id)
        .join(provider, provider.id == Contract.provider_id)
        .where(seen)
        .order_by(Contract.starts_on.desc(), Contract.reference)
    )
