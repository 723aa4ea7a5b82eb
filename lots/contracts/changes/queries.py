"""Read changes, what a person may see of them being part of each query."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from lots.contracts.changes.models import (
    ChangeKind,
    ChangeParty,
    ChangeState,
    ContractChange,
)
from lots.contracts.changes.permissions import ChangePermission
from lots.contracts.changes.terms import shares_of
from lots.contracts.models import Contract
from marketplace.acting import Acting, OrganisationKind
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours, allowed

_WHOLE = (joinedload(ContractChange.contract), selectinload(ContractChange.parties))


def change(change_id: UUID, by: Acting) -> ContractChange:
    """One change with its contract and parties. Raises NotYours."""
    found = db.session.scalars(
        select(ContractChange).where(ContractChange.id == change_id).options(*_WHOLE)
    ).one_or_none()
    if found is None or not allowed(by, ChangePermission.SEE, found):
        raise NotYours(change_id)
    return found


def changes_of(contract: Contract) -> Sequence[ContractChange]:
    """Every change of a contract, the newest first; for those who see the contract."""
    found = select(ContractChange).where(ContractChange.contract_id == contract.id)
    return db.session.scalars(found.order_by(ContractChange.number.desc()).options(*_WHOLE)).all()


def published_of(contract: Contract) -> Sequence[ContractChange]:
    """The changes in force, the newest first; for everybody."""
    found = select(ContractChange).where(
        ContractChange.contract_id == contract.id, ContractChange.state == ChangeState.IN_FORCE
    )
    return db.session.scalars(found.order_by(ContractChange.number.desc()).options(*_WHOLE)).all()


def unsigned_by(by: Acting, most: int) -> Sequence[ContractChange]:
    """Changes that wait for the signature of the organisation acted for."""
    found = (
        select(ContractChange)
        .join(ChangeParty)
        .where(
            ChangeParty.organisation_id == by.organisation_id,
            ChangeParty.signed_at.is_(None),
            ContractChange.state == ChangeState.PROPOSED,
        )
        .order_by(ContractChange.proposed_at)
        .options(*_WHOLE)
        .limit(most)
    )
    return db.session.scalars(found).unique().all()


def scope_now(contract: Contract) -> str:
    """What the last change of scope says; nothing where the lot and the bid still stand."""
    last = (
        select(ContractChange.after)
        .where(
            ContractChange.contract_id == contract.id,
            ContractChange.kind == ChangeKind.SCOPE,
            ContractChange.state == ChangeState.IN_FORCE,
        )
        .order_by(ContractChange.number.desc())
        .limit(1)
    )
    found = db.session.scalar(last)
    return found["scope"] if found else ""


def others_of(kinds: Sequence[OrganisationKind], contract: Contract) -> Sequence[Organisation]:
    """Organisations of these kinds that could join a contract, by name."""
    found = select(Organisation).where(
        Organisation.kind.in_(kinds),
        Organisation.source == "own",
        Organisation.is_demonstration.is_(contract.is_demonstration),
        Organisation.id.not_in((contract.buyer_id, contract.provider_id)),
    )
    return db.session.scalars(found.order_by(Organisation.name, Organisation.id)).all()


def name_of(organisation_id: UUID) -> str:
    """An organisation's name."""
    return db.session.get_one(Organisation, organisation_id).name


def names_of_payers(contract: Contract) -> list[tuple[str, int]]:
    """(name, pence) of everybody who pays a share of the contract now, the buyer first."""
    shares = {each: pence for each, pence in shares_of(contract).items() if pence}
    found = select(Organisation.id, Organisation.name).where(Organisation.id.in_(shares))
    names = {key: name for key, name in db.session.execute(found)}
    return [(names[each], pence) for each, pence in shares.items()]
