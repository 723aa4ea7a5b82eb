"""Read claims, what a person may see of them being part of each query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from lots.contracts import queries as contracts
from lots.contracts.claims.models import (
    ADJUSTED,
    UNPAID,
    Claim,
    ClaimedCase,
    ClaimLine,
    ClaimState,
    LineKind,
)
from lots.contracts.models import Contract, ContractArea
from lots.contracts.permissions import ContractPermission
from marketplace import clock
from marketplace.acting import Acting
from marketplace.calendar import months_later
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.paging import Page, paged
from marketplace.payments import queries as ledger
from marketplace.permissions import NotYours, allowed

MOST_AT_ONCE = 25


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


def cases_of(claim: Claim) -> dict[UUID, list[str]]:
    """The references of the cases behind each line of a claim, sorted."""
    lines = {line.id for line in claim.lines}
    rows = select(ClaimedCase.line_id, ClaimedCase.taken_back_id, ClaimedCase.reference).where(
        or_(ClaimedCase.line_id.in_(lines), ClaimedCase.taken_back_id.in_(lines))
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for line_id, back_id, reference in db.session.execute(rows.order_by(ClaimedCase.reference)):
        for each in (line_id, back_id):
            if each is not None and each in lines:
                found[each].append(reference)
    return found


def claims_of(contract: Contract) -> Sequence[tuple[Claim, int]]:
    """(claim, net in pence) of a contract, the newest month first."""
    total = func.coalesce(func.sum(ClaimLine.amount_pence), 0)
    found = (
        select(Claim, total)
        .outerjoin(ClaimLine)
        .where(Claim.contract_id == contract.id)
        .group_by(Claim.id)
        .order_by(Claim.month.desc(), Claim.is_advance)
    )
    return [(claim, int(pence)) for claim, pence in db.session.execute(found)]


class Books(NamedTuple):
    """A contract's money: pence it has cost net, pence paid, and pence owed and not yet paid.

    `left` is what was paid too much, net: the next claim takes it off or, after the last one, the
    provider owes it.
    """

    cost: int
    paid: int
    owed: int
    left: int


def books_of(contract: Contract) -> Books | None:
    """What a contract has cost; None for a published one, which has no accounts."""
    if contract.cost_account_id is None:
        return None
    cost, payable, paid = contract.accounts
    lines = select(func.coalesce(func.sum(ClaimLine.amount_pence), 0)).join(Claim)
    carried = (Claim.contract_id == contract.id) & (ClaimLine.kind == LineKind.CARRIED)
    given_back = select(Claim.id).where(
        Claim.contract_id == contract.id, Claim.given_back_at.is_not(None)
    )
    is_back = contract.settled_at and db.session.scalar(given_back.limit(1))
    left = 0 if is_back else int(db.session.scalar(lines.where(carried)) or 0)
    return Books(ledger.balance(cost), -ledger.balance(paid), -ledger.balance(payable), left)


class Shown(StrEnum):
    """Which claims a list shows."""

    APPROVE = "approve"
    SECOND = "second"
    QUERIED = "queried"
    OVERDUE = "overdue"
    ALL = "all"


SHOWN = {
    Shown.APPROVE: _l("To approve"),
    Shown.SECOND: _l("For a second person"),
    Shown.QUERIED: _l("Queried"),
    Shown.OVERDUE: _l("Overdue"),
    Shown.ALL: _l("All"),
}


def _condition(shown: Shown) -> ColumnElement[bool]:
    conditions: dict[Shown, ColumnElement[bool]] = {
        Shown.APPROVE: Claim.state == ClaimState.COMPUTED,
        Shown.SECOND: Claim.state == ClaimState.SECOND,
        Shown.QUERIED: Claim.state == ClaimState.QUERIED,
        Shown.OVERDUE: is_overdue(),
        Shown.ALL: Claim.id.is_not(None),
    }
    return conditions[shown]


def is_overdue() -> ColumnElement[bool]:
    """As `Claim.is_overdue`, today."""
    return Claim.state.in_(UNPAID) & (Claim.due_on < clock.today())


class ClaimRow(NamedTuple):
    """A claim in a list: whose it is, its net in pence, and whether it holds an adjustment."""

    claim: Claim
    reference: str
    buyer: str
    provider: str
    net: int
    adjusted: bool


def _rows(by: Acting) -> Select:
    buyer, provider = aliased(Organisation), aliased(Organisation)
    net = (
        select(func.coalesce(func.sum(ClaimLine.amount_pence), 0))
        .where(ClaimLine.claim_id == Claim.id)
        .correlate(Claim)
        .scalar_subquery()
    )
    adjusted = exists().where(
        ClaimLine.claim_id == Claim.id,
        ClaimLine.kind.in_(ADJUSTED),
        or_(ClaimLine.month < Claim.month, ClaimLine.quantity < 0),
    )
    return (
        select(Claim, Contract.reference, buyer.name, provider.name, net, adjusted)
        .join(Contract, Contract.id == Claim.contract_id)
        .join(buyer, buyer.id == Contract.buyer_id)
        .join(provider, provider.id == Contract.provider_id)
        .where(contracts.visible_to(by))
        .options(contains_eager(Claim.contract))
    )


def listed(by: Acting, shown: Shown) -> Page:
    """`ClaimRow`s that this person may see, the first due first, by page."""
    order = (
        (Claim.month.desc(), Contract.reference)
        if shown == Shown.ALL
        else (Claim.due_on, Claim.month, Contract.reference)
    )
    page = paged(_rows(by).where(_condition(shown)).order_by(*order, Claim.id), MOST_AT_ONCE)
    return replace(page, items=[ClaimRow(*row) for row in page.items])


def counts(by: Acting) -> dict[Shown, int]:
    """How many claims each list holds; one statement."""
    columns = [func.count(case((_condition(each), 1))).label(each) for each in Shown]
    found = (
        select(*columns)
        .select_from(Claim)
        .join(Contract, Contract.id == Claim.contract_id)
        .where(contracts.visible_to(by))
    )
    row = db.session.execute(found).one()
    return {each: int(row._mapping[each]) for each in Shown}


def chosen(claim_ids: Collection[UUID], by: Acting) -> list[ClaimRow]:
    """Those of these claims that this person may see, at most a page of them."""
    first = list(claim_ids)[:MOST_AT_ONCE]
    found = _rows(by).where(Claim.id.in_(first)).order_by(Contract.reference, Claim.month)
    return [ClaimRow(*row) for row in db.session.execute(found)]


def nets_before(rows: Collection[ClaimRow]) -> dict[UUID, int]:
    """The net of the month before of each of these claims, by claim; one statement."""
    before = aliased(Claim)
    wanted = {(row.claim.contract_id, months_later(row.claim.month, -1)) for row in rows}
    found = (
        select(
            before.contract_id,
            before.month,
            func.coalesce(func.sum(ClaimLine.amount_pence), 0),
        )
        .outerjoin(ClaimLine, ClaimLine.claim_id == before.id)
        .where(
            before.is_advance.is_(False),
            before.contract_id.in_({contract_id for contract_id, _month in wanted}),
            before.month.in_({month for _contract, month in wanted}),
        )
        .group_by(before.contract_id, before.month)
    )
    known = {
        (contract_id, month): int(net) for contract_id, month, net in db.session.execute(found)
    }
    return {
        row.claim.id: known[row.claim.contract_id, months_later(row.claim.month, -1)]
        for row in rows
        if (row.claim.contract_id, months_later(row.claim.month, -1)) in known
        and not row.claim.is_advance
    }
