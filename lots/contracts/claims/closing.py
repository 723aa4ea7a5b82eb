"""The job that closes each month: every claim that is due and not there yet, each by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from flask import Flask
from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from lots.contracts.claims.computing import compute, compute_closing
from lots.contracts.claims.fees import month_of
from lots.contracts.claims.models import Claim
from lots.contracts.grants.models import GrantInstalment
from lots.contracts.models import Contract, ContractState
from lots.contracts.pricing.drawing import first_month
from lots.contracts.pricing.models import ContractPrice, Paid
from lots.models import Lot
from lots.vocabulary import PaymentProfile, Source
from marketplace import calendar, jobs
from marketplace.calendar import months_later
from marketplace.database import db

# How many whole months after its end a contract's last claim is made, so that what was recorded
# late comes into it (policy).
CLOSING_MONTHS = 3


def last_claimable_month(contract: Contract, today: date, pays_for_delivery: bool) -> date:
    """The last closed month in which this contract was live; fees end with its term.

    People placed before the last day may start after it, so starts count until it has ended.
    """
    last = months_later(month_of(today), -1)
    if contract.ended_at is not None:
        last = min(last, month_of(calendar.day_of(contract.ended_at)))
    if not pays_for_delivery:
        last = min(last, months_later(first_month(contract), contract.value_term_months - 1))
    return last


def close_months(now: datetime) -> int:
    """Compute every claim of a closed month that is not there yet; returns how many were made.

    Which are due is one statement, however many contracts there are; each is a write of its own. A
    contract whose month cannot be computed holds up its own later months, and no other contract.
    """
    return jobs.batch_after_batch(lambda: _due(now), lambda due: compute(*due) is not None)


def _due(now: datetime) -> list[tuple[UUID, date]]:
    """The first month that is not closed of each contract that has one."""
    today = calendar.day_of(now)
    latest = func.max(Claim.month)
    own = (
        select(Contract, latest, pays_for(Paid.START, Paid.OUTCOME))
        .join(Lot, Lot.id == Contract.lot_id)
        .outerjoin(Claim, (Claim.contract_id == Contract.id) & Claim.is_advance.is_(False))
        .where(
            Contract.live_at.is_not(None),
            Contract.settled_at.is_(None),
            is_claimed(),
            # Where all is paid in advance, a month that is over leaves nothing to claim.
            or_(
                pays_for(Paid.START, Paid.OUTCOME),
                and_(pays_for(Paid.FEE), Lot.payment_profile == PaymentProfile.MONTHLY_IN_ARREARS),
            ),
        )
        .group_by(Contract.id)
        .having((latest.is_(None)) | (latest < months_later(month_of(today), -1)))
        .order_by(Contract.id)
    )
    due = []
    for contract, done, pays_for_delivery in db.session.execute(own).all():
        first = (
            month_of(calendar.day_of(contract.live_at or now))
            if not done
            else months_later(done, 1)
        )
        if first <= last_claimable_month(contract, today, pays_for_delivery):
            due.append((contract.id, first))
    return due


def pays_for(*paid: Paid) -> ColumnElement[bool]:
    """Whether a contract pays for one of these."""
    return exists().where(ContractPrice.contract_id == Contract.id, ContractPrice.paid.in_(paid))


def is_claimed() -> ColumnElement[bool]:
    """Whether it is a contract of ours that is paid by claims: a grant is paid by a schedule."""
    by_schedule = exists().where(GrantInstalment.contract_id == Contract.id)
    return and_(Contract.source == Source.OWN, ~by_schedule)


def closes_on(contract: Contract) -> date | None:
    """The first day on which the last claim of a contract can be made; None while it goes on."""
    return _first_day_closed(contract.ended_at) if contract.ended_at else None


def _first_day_closed(ended_at: datetime) -> date:
    return months_later(month_of(calendar.day_of(ended_at)), CLOSING_MONTHS + 1)


def close_contracts(now: datetime) -> int:
    """Make the last claim of each contract whose end is long enough ago; how many were closed.

    A contract with a month that could not be computed waits for it.
    """
    return jobs.batch_after_batch(lambda: _ended(now), compute_closing)


def _ended(now: datetime) -> Sequence[UUID]:
    first_open = months_later(month_of(calendar.day_of(now)), -CLOSING_MONTHS)
    over = select(Contract.id).where(
        Contract.ended_at < calendar.start_of(first_open),
        Contract.settled_at.is_(None),
        is_claimed(),
    )
    waiting = {contract_id for contract_id, _month in _due(now)}
    found = db.session.scalars(over.order_by(Contract.id)).all()
    return [contract_id for contract_id in found if contract_id not in waiting]


def next_month_close(after: datetime) -> datetime | None:
    """The first moment of the next month, where a contract is live or still has people placed."""
    running = select(Contract.id).where(
        Contract.source == Source.OWN,
        Contract.state.in_((ContractState.LIVE, ContractState.ENDING)),
    )
    return next_month(after) if db.session.scalar(running.limit(1)) is not None else None


def next_closing(after: datetime) -> datetime | None:
    """The first moment at which a contract that has ended is closed."""
    ended = select(func.min(Contract.ended_at)).where(Contract.settled_at.is_(None), is_claimed())
    first = db.session.scalar(ended)
    if first is None:
        return None
    return max(calendar.start_of(_first_day_closed(first)), next_month(after))


def next_month(after: datetime) -> datetime:
    """The first moment of the next month."""
    return calendar.start_of(months_later(month_of(calendar.day_of(after)), 1))


def register(app: Flask) -> None:
    """Put the month's close, and that of contracts, into the application's round."""
    jobs.register(app, "compute claims", close_months, next_month_close)
    jobs.register(app, "close contracts", close_contracts, next_closing)
