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
from sqlalchemy import Select, exists, func, select
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
MONTHS = {NoticeKind.PAYMENTS: 3, NoticeKind.PAYMENTS_COMPLIANCE: 6}
# No claim is older than the service, nor recorded later than the calendar reaches.
FIRST, LAST = date(2021, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True)
class Period:
    """Days of a financial year, both ends included, and the notice that is due of them."""

    kind: NoticeKind
    first: date
    last: date


def ended_before(day: date) -> tuple[Period, Period]:
    """The last quarter, and the last half of a financial year (from April), that have ended."""
    quarter, half = calendar.quarter_of(day), _half_of(day)
    return (
        _period_before(quarter, NoticeKind.PAYMENTS),
        _period_before(half, NoticeKind.PAYMENTS_COMPLIANCE),
    )


def _half_of(day: date) -> date:
    quarter = calendar.quarter_of(day)
    return quarter if quarter.month in (4, 10) else calendar.months_later(quarter, -3)


def _period_before(after: date, kind: NoticeKind) -> Period:
    first = calendar.months_later(after, -MONTHS[kind])
    return Period(kind, first, after - timedelta(days=1))


def post_due(now: datetime) -> int:
    """Post what is due of every period that has ended; returns how many notices that were."""
    last_ones = ended_before(calendar.day_of(now))
    return sum(_post(period) for last in last_ones for period in _from_the_last_noticed(last))


def next_due(after: datetime) -> datetime | None:
    """The end of the running quarter, where a claim of its half year was recorded."""
    day = calendar.day_of(after)
    running = _claims(_half_of(day), day).with_only_columns(Claim.id).limit(1)
    if db.session.scalar(running) is None:
        return None
    return calendar.start_of(calendar.months_later(calendar.quarter_of(day), 3))


def _from_the_last_noticed(period: Period) -> list[Period]:
    """This period and those before it that may not all be noticed yet, the earliest first."""
    since = _last_noticed(period.kind) or _first_claim()
    found = []
    while since is not None and period.last >= since:
        found.append(period)
        period = _period_before(period.first, period.kind)
    return found[::-1]


def _last_noticed(kind: NoticeKind) -> date | None:
    first_days = select(func.max(Notice.facts["first_day"].as_string())).where(Notice.kind == kind)
    found = db.session.scalar(first_days)
    return date.fromisoformat(found) if found else None


def _first_claim() -> date | None:
    first = db.session.scalar(
        _claims(FIRST, LAST).with_only_columns(func.min(Claim.recorded_at)).order_by(None)
    )
    return calendar.day_of(first) if first else None


def _post(period: Period) -> int:
    posted = 0
    for buyer_id in _buyers(period):
        with write():
            buyer = db.session.get_one(Organisation, buyer_id, with_for_update=True)
            if buyer_id in _buyers(period):
                put(period.kind, Regime.ACT_2023, _facts(buyer, period), buyer_id)
                posted += 1
    return posted


def _buyers(period: Period) -> Sequence[UUID]:
    """The buyers with claims in a period whose notice of it is not posted yet."""
    noticed = exists().where(
        Notice.buyer_id == Contract.buyer_id,
        Notice.kind == period.kind,
        Notice.facts["first_day"].as_string() == period.first.isoformat(),
    )
    found = _claims(period.first, period.last).with_only_columns(Contract.buyer_id).distinct()
    return db.session.scalars(found.where(~noticed).order_by(None)).all()


def _claims(first: date, last: date) -> Select[Any]:
    """Claims under the Act that were recorded between two days, both counted."""
    return (
        select(Claim)
        .join(Contract, Contract.id == Claim.contract_id)
        .join(Lot, Lot.id == Contract.lot_id)
        .join(MarketPolicy, MarketPolicy.version == Lot.policy_version)
        .where(
            MarketPolicy.regime == Regime.ACT_2023,
            Claim.recorded_at >= calendar.start_of(first),
            Claim.recorded_at < calendar.end_of(last),
        )
        .order_by(Claim.recorded_at, Claim.id)
    )


def _facts(buyer: Organisation, period: Period) -> dict[str, object]:
    own = _claims(period.first, period.last).where(Contract.buyer_id == buyer.id)
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
    jobs.register(app, "notices of payments", post_due, next_due)
