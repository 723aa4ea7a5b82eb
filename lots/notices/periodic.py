"""Notices of a buyer's payments over a period, under the Procurement Act 2023 (s.69, s.70).

From the payments of claims that were really made, by the day on which that became known here: one
recorded after its period stands in the next. The days to pay are those from the claim to the day
on which the money went. Each period is noticed once, after its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import Select, exists, func, select

from lots.contracts.claims.actions import APPROVED_CAUSE
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
from marketplace.payments.paying.models import Payment, PaymentState

# Payments of more than this, in pence, are listed each quarter (s.70(1)).
LISTED_FROM_PENCE = 30_000_00
MONTHS = {NoticeKind.PAYMENTS: 3, NoticeKind.PAYMENTS_COMPLIANCE: 6}
# No payment is older than the service, nor made later than the calendar reaches.
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
    """The end of the running quarter, where a claim was paid in its half year."""
    day = calendar.day_of(after)
    running = _payments(_half_of(day), day).with_only_columns(Payment.id).limit(1)
    if db.session.scalar(running) is None:
        return None
    return calendar.start_of(calendar.months_later(calendar.quarter_of(day), 3))


def _from_the_last_noticed(period: Period) -> list[Period]:
    """This period and those before it that may not all be noticed yet, the earliest first."""
    since = _last_noticed(period.kind) or _first_payment()
    found = []
    while since is not None and period.last >= since:
        found.append(period)
        period = _period_before(period.first, period.kind)
    return found[::-1]


def _last_noticed(kind: NoticeKind) -> date | None:
    first_days = select(func.max(Notice.facts["first_day"].as_string())).where(Notice.kind == kind)
    found = db.session.scalar(first_days)
    return date.fromisoformat(found) if found else None


def _first_payment() -> date | None:
    first = db.session.scalar(
        _payments(FIRST, LAST).with_only_columns(func.min(Payment.paid_at)).order_by(None)
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
    """The buyers that paid in a period whose notice of it is not posted yet."""
    noticed = exists().where(
        Notice.buyer_id == Contract.buyer_id,
        Notice.kind == period.kind,
        Notice.facts["first_day"].as_string() == period.first.isoformat(),
    )
    found = _payments(period.first, period.last).with_only_columns(Contract.buyer_id).distinct()
    return db.session.scalars(found.where(~noticed).order_by(None)).all()


def _payments(first: date, last: date) -> Select[Any]:
    """Payments of claims under the Act that were made between two days, both counted."""
    return (
        select(Payment)
        .join(Claim, (Payment.cause_kind == APPROVED_CAUSE) & (Payment.cause_id == Claim.id))
        .join(Contract, Contract.id == Claim.contract_id)
        .join(Lot, Lot.id == Contract.lot_id)
        .join(MarketPolicy, MarketPolicy.version == Lot.policy_version)
        .where(
            MarketPolicy.regime == Regime.ACT_2023,
            Payment.state == PaymentState.PAID,
            Payment.paid_at >= calendar.start_of(first),
            Payment.paid_at < calendar.end_of(last),
        )
        .order_by(Payment.paid_at, Payment.id)
    )


def _facts(buyer: Organisation, period: Period) -> dict[str, object]:
    own = _payments(period.first, period.last).where(Contract.buyer_id == buyer.id)
    payments = db.session.scalars(own).all()
    if period.kind == NoticeKind.PAYMENTS:
        payments = [each for each in payments if each.pence > LISTED_FROM_PENCE]
    return {
        "buyer": buyer.name,
        "first_day": period.first.isoformat(),
        "last_day": period.last.isoformat(),
        "payments": len(payments),
        "paid_within_30_days": sum(_is_in_time(each) for each in payments),
        "total_pence": sum(each.pence for each in payments),
    }


def _is_in_time(payment: Payment) -> bool:
    return payment.paid_on is not None and payment.paid_on <= payment.law_due_on


def register(app: Flask) -> None:
    """Post what is due with every round of jobs."""
    jobs.register(app, "notices of payments", post_due, next_due)
