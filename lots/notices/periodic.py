"""Notices of a buyer's payments over a period, under the Procurement Act 2023 (s.69, s.70).

From the claims as they stand: one is paid when it was recorded as to be paid, and was due from the
moment it was computed. Each period is noticed once, after its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from lots.contracts.claims.models import Claim
from lots.contracts.models import Contract
from lots.models import Lot
from lots.notices.models import Notice
from lots.notices.posting import put
from lots.notices.vocabulary import NoticeKind, Regime
from lots.proportionality.models import MarketPolicy
from marketplace import calendar, jobs
from marketplace.database import db, write
from marketplace.organisations.models import Organisation

# Payments of more than this, in pence, are listed each quarter (s.70(1)).
LISTED_FROM_PENCE = 30_000_00
TERMS = timedelta(days=30)


@dataclass(frozen=True)
class Period:
    """Days of a financial year, both ends included, and the notice that is due of them."""

    kind: NoticeKind
    first: date
    last: date


def ended_before(day: date) -> tuple[Period, Period]:
    """The last quarter, and the last half of a financial year (from April), that have ended."""
    quarter = date(day.year, day.month - (day.month - 1) % 3, 1)
    half = quarter if quarter.month in (4, 10) else _months_back(quarter, 3)
    return (
        Period(NoticeKind.PAYMENTS, _months_back(quarter, 3), quarter - timedelta(days=1)),
        Period(NoticeKind.PAYMENTS_COMPLIANCE, _months_back(half, 6), half - timedelta(days=1)),
    )


def _months_back(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 - months, 12)
    return date(first.year + years, month + 1, 1)


def post_due(now: datetime) -> int:
    """Post what is due of the periods that have ended; returns how many notices that were."""
    return sum(_post(period) for period in ended_before(calendar.day_of(now)))


def _post(period: Period) -> int:
    posted = 0
    for buyer_id in _buyers(period):
        with write():
            buyer = db.session.get_one(Organisation, buyer_id, with_for_update=True)
            if not _is_noticed(buyer_id, period):
                put(period.kind, Regime.ACT_2023, _facts(buyer, period), buyer_id)
                posted += 1
    return posted


def _buyers(period: Period) -> Sequence[UUID]:
    found = _claims(period).with_only_columns(Contract.buyer_id).distinct()
    return db.session.scalars(found.order_by(None)).all()


def _claims(period: Period) -> Select[Any]:
    start, end = calendar.start_of(period.first), calendar.end_of(period.last)
    return (
        select(Claim)
        .join(Contract, Contract.id == Claim.contract_id)
        .join(Lot, Lot.id == Contract.lot_id)
        .join(MarketPolicy, MarketPolicy.version == Lot.policy_version)
        .where(
            MarketPolicy.regime == Regime.ACT_2023,
            Claim.recorded_at >= start,
            Claim.recorded_at < end,
        )
        .order_by(Claim.recorded_at, Claim.id)
    )


def _is_noticed(buyer_id: UUID, period: Period) -> bool:
    of = select(Notice.facts).where(Notice.buyer_id == buyer_id, Notice.kind == period.kind)
    return any(each["first_day"] == period.first.isoformat() for each in db.session.scalars(of))


def _facts(buyer: Organisation, period: Period) -> dict[str, object]:
    own = _claims(period).where(Contract.buyer_id == buyer.id)
    claims = db.session.scalars(own.options(selectinload(Claim.lines))).all()
    if period.kind == NoticeKind.PAYMENTS:
        claims = [each for each in claims if each.total_pence > LISTED_FROM_PENCE]
    in_time = sum(_is_in_time(each) for each in claims)
    return {
        "buyer": buyer.name,
        "first_day": period.first.isoformat(),
        "last_day": period.last.isoformat(),
        "payments": len(claims),
        "paid_within_30_days": in_time,
        "total_pence": sum(each.total_pence for each in claims),
    }


def _is_in_time(claim: Claim) -> bool:
    return claim.recorded_at is not None and claim.recorded_at - claim.computed_at <= TERMS


def register(app: Flask) -> None:
    """Post what is due with every round of jobs."""
    jobs.register(app, "notices of payments", post_due)
