"""A fund's money by financial year: budget, planned, committed, spent, left. Pence throughout.

A lot takes its lead buyer's share from the fund, month by month over its term; other funders pay
theirs from their own pockets. Once there is a contract, its value and dates count. A lot is
*planned* until it is approved or published, then *committed*. *Spent* are approved claims, by the
month claimed for, of which the fund bears its share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from flask import g
from sqlalchemy import func, select

from lots.contracts.claims.models import APPROVED, Claim, ClaimLine
from lots.contracts.models import Contract, ContractState
from lots.funding.arithmetic import split, spread
from lots.funding.models import Fund, FundYear, LotFunder
from lots.funding.parties import funds_of
from lots.models import Lot
from lots.vocabulary import EDITABLE, LotState, Source
from marketplace.calendar import financial_year
from marketplace.database import db, writing

GONE = (LotState.CANCELLED, LotState.NO_AWARD)
OVER = (ContractState.ENDED, ContractState.TERMINATED)
ByYear = dict[int, int]


@dataclass(frozen=True)
class YearFigures:
    """One financial year of a fund; `budget` is None where none has been set."""

    year: int
    budget: int | None
    planned: int
    committed: int
    spent: int

    @property
    def left(self) -> int:
        """What no lot has taken yet; negative where more is committed or spent than there is."""
        return (self.budget or 0) - max(self.committed, self.spent)


@dataclass
class Books:
    """What each lot takes from one fund, by financial year."""

    budgets: ByYear = field(default_factory=dict)
    planned: dict[UUID, ByYear] = field(default_factory=dict)
    committed: dict[UUID, ByYear] = field(default_factory=dict)
    spent: dict[UUID, ByYear] = field(default_factory=dict)

    def years(self, also: Collection[int] = ()) -> list[YearFigures]:
        """Every year in which anything is budgeted or taken, the earliest first."""
        kinds = (self.planned, self.committed, self.spent)
        sums: list[ByYear] = [Counter() for _kind in kinds]
        for kind, total in zip(kinds, sums, strict=True):
            for taken in kind.values():
                for year, pence in taken.items():
                    total[year] += pence
        known = sorted({*self.budgets, *also, *(year for total in sums for year in total)})
        return [
            YearFigures(year, self.budgets.get(year), *(total.get(year, 0) for total in sums))
            for year in known
        ]


def books_of(fund_ids: Collection[UUID]) -> dict[UUID, Books]:
    """The books of these funds, in three statements."""
    books = {fund_id: Books() for fund_id in fund_ids}
    budgets = select(FundYear.fund_id, FundYear.year, FundYear.budget_pence)
    for fund_id, year, pence in db.session.execute(budgets.where(FundYear.fund_id.in_(fund_ids))):
        books[fund_id].budgets[year] = pence
    lead_shares = {}
    for row in db.session.execute(_lots_of(fund_ids)):
        lead_shares[row.id] = (row.fund_id, row.state, _shares(row))
        kept = books[row.fund_id].planned if row.state in EDITABLE else books[row.fund_id].committed
        kept[row.id] = _taken(row)
    for lot_id, month, pence in db.session.execute(_claims_of(fund_ids)):
        fund_id, _state, shares = lead_shares[lot_id]
        spent = books[fund_id].spent.setdefault(lot_id, Counter())
        spent[financial_year(month)] += split(int(pence), shares)[0]
    for row in db.session.execute(_ended_of(fund_ids)):
        # What an ended contract did not use is free again.
        books[row.fund_id].committed[row.id] = books[row.fund_id].spent.get(row.id, {})
    return books


def _lots_of(fund_ids: Collection[UUID]) -> Any:
    others = (
        select(func.coalesce(func.sum(LotFunder.share_pence), 0))
        .where(LotFunder.lot_id == Lot.id, LotFunder.organisation_id != Lot.lead_buyer_id)
        .correlate(Lot)
        .scalar_subquery()
    )
    return (
        select(
            Lot.id,
            Lot.fund_id,
            Lot.state,
            Lot.value_net_pence,
            Lot.term_months,
            Lot.starts_on,
            others.label("others_pence"),
            Contract.value_pence.label("contract_pence"),
            Contract.starts_on.label("contract_starts_on"),
            Contract.value_term_months.label("contract_months"),
        )
        .outerjoin(Contract, (Contract.lot_id == Lot.id) & (Contract.source == Source.OWN))
        .where(Lot.fund_id.in_(fund_ids), Lot.state.not_in(GONE))
    )


def _claims_of(fund_ids: Collection[UUID]) -> Any:
    return (
        select(Lot.id, Claim.month, func.sum(ClaimLine.amount_pence))
        .join(Contract, Contract.lot_id == Lot.id)
        .join(Claim, Claim.contract_id == Contract.id)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .where(Lot.fund_id.in_(fund_ids), Lot.state.not_in(GONE), Claim.state.in_(APPROVED))
        .group_by(Lot.id, Claim.month)
    )


def _ended_of(fund_ids: Collection[UUID]) -> Any:
    return (
        select(Lot.id, Lot.fund_id)
        .join(Contract, Contract.lot_id == Lot.id)
        .where(Lot.fund_id.in_(fund_ids), Lot.state.not_in(GONE), Contract.state.in_(OVER))
    )


def _shares(row: Any) -> tuple[int, int]:
    """The lead buyer's share and all the others'."""
    others = int(row.others_pence)
    return max((row.value_net_pence or 0) - others, 0), others


def _taken(row: Any) -> ByYear:
    value = row.contract_pence if row.contract_pence is not None else row.value_net_pence
    starts_on: date | None = row.contract_starts_on or row.starts_on
    months: int | None = row.contract_months or row.term_months
    if not value or starts_on is None or not months:
        return {}
    return spread(split(value, _shares(row))[0], starts_on, months)


@dataclass(frozen=True)
class Overrun:
    """By how many pence a lot would take a fund over one year's budget; None: no budget is set."""

    year: int
    pence: int | None


def overruns(lot: Lot) -> list[Overrun]:
    """The years in which a lot that is not committed yet is more than its fund has left.

    Inside a write the fund is locked first, after its lot: of two lots pressed at the same moment
    the second counts the first.
    """
    if lot.fund_id is None:
        return []
    books = _books_now(lot, lot.fund_id)
    taken = books.planned.get(lot.id) or books.committed.get(lot.id) or {}
    kept = {other: years for other, years in books.committed.items() if other != lot.id}
    without = Books(books.budgets, {}, kept, books.spent)
    found = []
    for figures in without.years(also=taken):
        wanted = taken.get(figures.year, 0)
        if wanted and figures.budget is None:
            found.append(Overrun(figures.year, None))
        elif wanted > figures.left:
            found.append(Overrun(figures.year, wanted - max(figures.left, 0)))
    return found


def _books_now(lot: Lot, fund_id: UUID) -> Books:
    if writing():
        db.session.scalars(select(Fund.id).where(Fund.id == fund_id).with_for_update()).all()
        return books_of([fund_id])[fund_id]
    known = g.setdefault("books_of_funds", {})
    if fund_id not in known:
        # All of the buyer's at once: a page may show many drafts that draw on different ones.
        own = db.session.scalars(select(Fund.id).where(funds_of(lot.lead_buyer)))
        known.update(books_of({fund_id, *own}))
    return known[fund_id]
