"""Read a contract's figures: month by month for its sides, summed and cut for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from lots.contracts import queries as contracts
from lots.contracts.delivery.models import ContractFigure, ContractMonth, PriceReview
from lots.contracts.delivery.months import expected_of, last_day_of, month_of, starts_of
from lots.contracts.delivery.permissions import DeliveryPermission
from lots.contracts.delivery.vocabulary import MEASURE, Indicator
from lots.contracts.models import Contract
from lots.models import Lot
from marketplace import calendar, clock
from marketplace.acting import Acting
from marketplace.calendar import months_later
from marketplace.database import db
from marketplace.permissions import NotYours, allowed
from marketplace.registry import measures

MONTHS_SHOWN = 12
# Policy: figures of fewer people are not public (domain, section 8: small numbers suppressed).
LEAST_PEOPLE = 10


@dataclass(frozen=True)
class Share:
    """So many of so many, which are so many different people; `percent` is None of none."""

    so_many: int
    of: int
    people: int

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded half up."""
        return (200 * self.so_many + self.of) // (2 * self.of) if self.of else None

    @property
    def breaches(self) -> int:
        """Of a clock: how many were not done in time."""
        return self.of - self.so_many

    @property
    def public_percent(self) -> int | None:
        """The same for everybody; None where it is of few people."""
        return self.percent if self.people >= LEAST_PEOPLE else None


@dataclass(frozen=True)
class Month:
    """One month; `kept` once it no longer changes."""

    month: date
    expected: int | None
    starts: int
    shares: dict[Indicator, Share]
    kept: bool = True


def months_of(contract: Contract, most: int = MONTHS_SHOWN) -> list[Month]:
    """The latest kept months, the newest first, and before them the ones under way."""
    rows = db.session.scalars(
        select(ContractMonth)
        .where(ContractMonth.contract_id == contract.id)
        .options(selectinload(ContractMonth.figures))
        .order_by(ContractMonth.month.desc())
        .limit(most)
    ).all()
    kept = [Month(row.month, row.expected, row.starts, _shares(row.figures)) for row in rows]
    return [*_under_way(contract, rows[0].month if rows else None), *kept]


def _under_way(contract: Contract, last_kept: date | None) -> list[Month]:
    """This month and the one not settled yet, as they stand; at most two."""
    if contract.live_at is None or contract.ended_at is not None:
        return []
    lot = db.session.get_one(Lot, contract.lot_id)
    this = month_of(clock.today())
    first = month_of(calendar.day_of(contract.live_at))
    if last_kept:
        first = max(first, months_later(last_kept, 1))
    found = []
    for month in (this, months_later(this, -1)):
        if month >= first:
            last = last_day_of(month)
            found.append(
                Month(
                    month,
                    expected_of(contract, lot, month),
                    starts_of(contract.id, month, last),
                    {
                        each: Share(*pair)
                        for each, pair in measures()[MEASURE](contract.id, month, last).items()
                    },
                    kept=False,
                )
            )
    return found


def _shares(figures: Iterable[ContractFigure]) -> dict[Indicator, Share]:
    found = {
        each.indicator: Share(each.numerator, each.denominator, each.people) for each in figures
    }
    return {each: found.get(each, Share(0, 0, 0)) for each in Indicator}


@dataclass(frozen=True)
class Total:
    """All kept months of a contract together; `expected` and `compared` of those that say both."""

    months: int
    last: date | None
    starts: int
    expected: int
    compared: int
    shares: dict[Indicator, Share]


def total_of(contract_id: UUID) -> Total:
    """What all kept months came to; two statements."""
    months, last, starts = db.session.execute(
        select(func.count(), func.max(ContractMonth.month), func.sum(ContractMonth.starts)).where(
            ContractMonth.contract_id == contract_id
        )
    ).one()
    expected, compared = db.session.execute(
        select(func.sum(ContractMonth.expected), func.sum(ContractMonth.starts)).where(
            ContractMonth.contract_id == contract_id, ContractMonth.expected.is_not(None)
        )
    ).one()
    sums = db.session.execute(
        select(
            ContractFigure.indicator,
            func.sum(ContractFigure.numerator),
            func.sum(ContractFigure.denominator),
            func.max(ContractFigure.people),
        )
        .join(ContractMonth, ContractMonth.id == ContractFigure.contract_month_id)
        .where(ContractMonth.contract_id == contract_id)
        .group_by(ContractFigure.indicator)
    )
    found = {
        indicator: Share(int(so_many), int(of), people) for indicator, so_many, of, people in sums
    }
    shares = {each: found.get(each, Share(0, 0, 0)) for each in Indicator}
    return Total(months, last, int(starts or 0), int(expected or 0), int(compared or 0), shares)


def reviews_of(contract: Contract) -> Sequence[PriceReview]:
    """A contract's reviews, the newest first."""
    found = select(PriceReview).where(PriceReview.contract_id == contract.id)
    return db.session.scalars(found.order_by(PriceReview.opened_at.desc())).all()


def months_behind(review: PriceReview) -> Sequence[ContractMonth]:
    """The two months running that called for a review, the earlier first."""
    both = (months_later(review.last_month, -1), review.last_month)
    found = select(ContractMonth).where(
        ContractMonth.contract_id == review.contract_id, ContractMonth.month.in_(both)
    )
    return db.session.scalars(found.order_by(ContractMonth.month)).all()


def review(review_id: UUID, by: Acting) -> PriceReview:
    """One review with its contract. Raises NotYours."""
    found = db.session.scalars(
        select(PriceReview)
        .join(Contract)
        .where(PriceReview.id == review_id, contracts.visible_to(by))
        .options(joinedload(PriceReview.contract), joinedload(PriceReview.change))
    ).one_or_none()
    if found is None or not allowed(by, DeliveryPermission.SEE_REVIEW, found):
        raise NotYours(review_id)
    return found
