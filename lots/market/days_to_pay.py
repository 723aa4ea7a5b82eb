"""Days to pay in the market report: of buyers to lead providers, and of these to their partners.

The twelve months up to the day. What is not paid 30 days after it was owed counts as late too,
approved or not: days to pay do not get better by not approving.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from statistics import median
from typing import Any

from sqlalchemy import and_, case, func, null, or_, select

from lots.contracts.claims.models import OPEN, Claim, ClaimLine
from lots.contracts.models import Contract
from lots.contracts.partners.speed import partner_days
from lots.proportionality.policy import LAW_DAYS_TO_PAY, SMALL_DAYS_TO_PAY
from marketplace import calendar
from marketplace.calendar import months_later
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.payments.paying.models import Payment, PaymentState
from marketplace.payments.paying.queries import is_owed

MONTHS = 12
# Fewer payments than this say nothing about who made them (policy).
FEWEST = 5
# Nothing was paid before; and twelve months before it there is still a calendar.
EARLIEST = date(2021, 1, 1)


@dataclass
class Days:
    """How long each payment took, in calendar days; and how many were late or in time."""

    days: list[int] = field(default_factory=list)
    in_five: int = 0
    late_unpaid: int = 0

    def figures(self) -> dict[str, Any] | None:
        """What is published; None where there are too few."""
        count = len(self.days) + self.late_unpaid
        if count < FEWEST:
            return None
        in_time = sum(each <= LAW_DAYS_TO_PAY for each in self.days)
        return {
            "payments": count,
            "median_days": median(self.days) if self.days else None,
            "within_30_days": in_time / count,
            "within_5_working_days": self.in_five / count,
            "late_and_unpaid": self.late_unpaid,
        }


def days_to_pay(on: date, demonstration: bool = False) -> dict[str, Any]:
    """Figures of all buyers together, of each by name, and of the partners' tier.

    Each is None where fewer than five payments stand behind it; few statements, however many.
    """
    on = max(on, EARLIEST)
    first = months_later(on, -MONTHS) + timedelta(days=1)
    whole, buyers = Days(), defaultdict[str, Days](Days)
    in_five = cache(lambda owed: calendar.add_working_days(owed, SMALL_DAYS_TO_PAY))
    found = [*_payments(first, on, demonstration), *_not_approved(first, on, demonstration)]
    for name, owed_from, paid_on, count in found:
        for tally in (whole, buyers[name]):
            if paid_on is None or paid_on > on:
                tally.late_unpaid += count
                continue
            tally.days += [(paid_on - owed_from).days] * count
            tally.in_five += count * (paid_on <= in_five(owed_from))
    return {
        "all": whole.figures(),
        "buyers": {name: buyers[name].figures() for name in sorted(buyers)},
        "partners": _partners(first, on, demonstration),
    }


def _payments(first: date, on: date, demonstration: bool) -> Sequence[Any]:
    paid = and_(Payment.state == PaymentState.PAID, Payment.paid_on.between(first, on))
    late = and_(
        Payment.law_due_on.between(first, on - timedelta(days=1)),
        or_(
            is_owed(),
            and_(Payment.state == PaymentState.PAID, Payment.paid_on > on),
        ),
    )
    # One that came back has a day on which it was made, and is not paid.
    paid_on = case((Payment.state == PaymentState.PAID, Payment.paid_on))
    columns = (Organisation.name, Payment.owed_from, paid_on)
    found = (
        select(*columns, func.count())
        .join(Organisation, Organisation.id == Payment.payer_id)
        .where(
            or_(paid, late),
            or_(Payment.is_demonstration.is_(False), Payment.is_demonstration.is_(demonstration)),
        )
        .group_by(*columns)
    )
    return db.session.execute(found).all()


def _not_approved(first: date, on: date, demonstration: bool) -> Sequence[Any]:
    """Claims of something whose last day in law has passed while they wait for their approval."""
    net = select(func.sum(ClaimLine.amount_pence)).where(ClaimLine.claim_id == Claim.id)
    found = (
        select(Organisation.name, Claim.law_due_on, null(), func.count())
        .join(Contract, Contract.id == Claim.contract_id)
        .join(Organisation, Organisation.id == Contract.buyer_id)
        .where(
            Claim.state.in_(OPEN),
            Claim.law_due_on.between(first, on - timedelta(days=1)),
            net.scalar_subquery() > 0,
            or_(
                Contract.is_demonstration.is_(False),
                Contract.is_demonstration.is_(demonstration),
            ),
        )
        .group_by(Organisation.name, Claim.law_due_on)
    )
    return db.session.execute(found).all()


def _partners(first: date, on: date, demonstration: bool) -> dict[str, Any] | None:
    rows = partner_days(first, on, False)
    if demonstration:
        rows = [*rows, *partner_days(first, on, True)]
    if len(rows) < FEWEST:
        return None
    days = [each.days for each in rows]
    return {
        "payments": len(days),
        "median_days": median(days),
        "within_30_days": sum(each <= LAW_DAYS_TO_PAY for each in days) / len(days),
    }
