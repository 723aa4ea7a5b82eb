"""Read claims, what a person may see of them being part of each query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from lots.contracts import queries as contracts
from lots.contracts.claims.models import Claim, ClaimLine
from lots.contracts.models import Contract, ContractArea
from lots.contracts.permissions import ContractPermission
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.paging import Page
from marketplace.payments import queries as ledger
from marketplace.permissions import NotYours, allowed


def claim(claim_id: UUID, by: Acting) -> Claim:
    """One claim with its contract and lines. Raises NotYours."""
    found = db.session.scalars(
        select(Claim)
        .join(Contract)
        .where(Claim.id == claim_id, contracts.visible_to(by))
        .options(joinedload(Claim.contract), selectinload(Claim.lines))
    ).one_or_none()
    if found is None or not allowed(by, ContractPermission.SEE_CLAIMS, found.contract):
        raise NotYours(claim_id)
    return found


def areas_of(claim: Claim) -> dict[UUID, ContractArea]:
    """The areas of the claim's contract by id, for naming its lines."""
    areas = select(ContractArea).where(ContractArea.contract_id == claim.contract_id)
    return {area.id: area for area in db.session.scalars(areas)}


def claims_of(contract: Contract) -> Sequence[tuple[Claim, int]]:
    """(claim, total in pence) of a contract, the newest month first."""
    total = func.coalesce(func.sum(ClaimLine.amount_pence), 0)
    found = (
        select(Claim, total)
        .outerjoin(ClaimLine)
        .where(Claim.contract_id == contract.id)
        .group_by(Claim.id)
        .order_by(Claim.month.desc())
    )
    return [(claim, int(pence)) for claim, pence in db.session.execute(found)]


class Books(NamedTuple):
    """A contract's ledger: pence it has cost, pence owed and not settled, and its postings."""

    cost: int
    owed: int
    postings: Page


def books_of(contract: Contract) -> Books | None:
    """The ledger's statement of a contract; None for a published one, which has no accounts."""
    if contract.cost_account_id is None or contract.payable_account_id is None:
        return None
    return Books(
        cost=ledger.balance(contract.cost_account_id),
        owed=-ledger.balance(contract.payable_account_id),
        postings=ledger.statement([contract.cost_account_id, contract.payable_account_id]),
    )
