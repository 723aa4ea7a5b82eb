"""The job that closes each month: every claim that is due and not there yet, each by itself."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from flask import Flask
from sqlalchemy import Select, exists, func, or_, select

from lots.contracts.claims.computing import compute, compute_advance, month_of
from lots.contracts.claims.models import Claim
from lots.contracts.grants.lifecycle import PAYS
from lots.contracts.grants.models import GrantInstalment
from lots.contracts.models import Contract, ContractState
from lots.contracts.pricing.models import ContractPrice, Paid
from lots.vocabulary import Route, Source
from marketplace import calendar, jobs
from marketplace.calendar import months_later
from marketplace.database import db


def last_claimable_month(contract: Contract, today: date, pays_for_delivery: bool) -> date:
    """The last closed month in which this contract was live; fees end with its term.

    People placed before the last day may start after it, so starts count until it has ended.
    """
    last = months_later(month_of(today), -1)
    if contract.ended_at is not None:
        last = min(last, month_of(calendar.day_of(contract.ended_at)))
    if not pays_for_delivery:
        last = min(last, months_later(month_of(contract.starts_on), contract.value_term_months - 1))
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
    delivery = exists().where(
        ContractPrice.contract_id == Contract.id,
        ContractPrice.paid.in_((Paid.START, Paid.OUTCOME)),
    )
    own = (
        select(Contract, latest, delivery)
        .outerjoin(Claim, (Claim.contract_id == Contract.id) & Claim.is_advance.is_(False))
        .where(
            Contract.source == Source.OWN,
            Contract.live_at.is_not(None),
            # What is paid by a schedule is not claimed.
            ~exists().where(GrantInstalment.contract_id == Contract.id),
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


def claim_in_advance(now: datetime) -> int:
    """Claim every instalment in advance whose month has begun; the first one from signing on.

    Each is a write of its own; one that cannot be claimed holds up its own contract alone.
    """
    has_come = or_(
        ContractPrice.valid_from <= calendar.day_of(now),
        ContractPrice.valid_from <= Contract.starts_on,
    )
    due = _advances().where(has_come)
    return jobs.batch_after_batch(
        lambda: db.session.execute(due).all(), lambda row: compute_advance(*row) is not None
    )


def _advances() -> Select[UUID, date]:
    """(contract, month) of each contract's first instalment in advance that is not claimed yet."""
    claimed = exists().where(
        Claim.contract_id == Contract.id,
        Claim.month == ContractPrice.valid_from,
        Claim.is_advance,
    )
    return (
        select(Contract.id, func.min(ContractPrice.valid_from))
        .join(ContractPrice, ContractPrice.contract_id == Contract.id)
        .where(
            ContractPrice.paid == Paid.INSTALMENT,
            ContractPrice.pence > 0,
            Contract.source == Source.OWN,
            Contract.state.in_(PAYS),
            # A grant is paid by its own schedule.
            Contract.route == Route.CONTRACT,
            ~claimed,
        )
        .group_by(Contract.id)
        .order_by(func.min(ContractPrice.valid_from), Contract.id)
    )


def next_month_close(after: datetime) -> datetime | None:
    """The first moment of the next month, where a contract is live or still has people placed."""
    running = select(Contract.id).where(
        Contract.source == Source.OWN,
        Contract.state.in_((ContractState.LIVE, ContractState.ENDING)),
    )
    if db.session.scalar(running.limit(1)) is None:
        return None
    return _next_month(after)


def next_advance(after: datetime) -> datetime | None:
    """The first moment of the next month in which an instalment in advance is due."""
    later = _advances().where(ContractPrice.valid_from >= calendar.day_of(_next_month(after)))
    soonest = db.session.execute(later.limit(1)).first()
    return calendar.start_of(soonest[1]) if soonest else None


def _next_month(after: datetime) -> datetime:
    return calendar.start_of(months_later(month_of(calendar.day_of(after)), 1))


def register(app: Flask) -> None:
    """Put the month's close, and what is paid in advance, into the application's round."""
    jobs.register(app, "compute claims", close_months, next_month_close)
    jobs.register(app, "claim in advance", claim_in_advance, next_advance)
