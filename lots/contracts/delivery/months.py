"""The job of a contract's months: each is kept once when it is over, and may open a review.

A month is kept some days after its end, so that what was done in it can still be recorded. What
is kept does not change, so that it can be published.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from lots.contracts.delivery import reviewing
from lots.contracts.delivery.judging import Span, expected_starts
from lots.contracts.delivery.models import ContractFigure, ContractMonth
from lots.contracts.delivery.vocabulary import MEASURE, Happening
from lots.contracts.models import Contract, ContractArea, ContractState
from lots.models import Lot
from lots.vocabulary import Source
from marketplace import audit, calendar, clock, events, jobs
from marketplace.calendar import months_later
from marketplace.database import db, new_id, write
from marketplace.registry import measures

# Policy: so many days after a month's end its record is taken as complete.
DAYS_TO_RECORD = 5
RUNS = (ContractState.LIVE, ContractState.ENDING)


def month_of(day: date) -> date:
    """The first day of this day's month."""
    return day.replace(day=1)


def last_settled(today: date) -> date:
    """The last month whose record is taken as complete."""
    return months_later(month_of(today - timedelta(days=DAYS_TO_RECORD)), -1)


def last_day_of(month: date) -> date:
    """The last day of a month."""
    return months_later(month, 1) - timedelta(days=1)


def starts_a_month(lot: Lot) -> int | None:
    """People that the lot expects to start in a month; None where it says nothing."""
    return sum(each or 0 for each in (lot.starts_low, lot.starts_medium, lot.starts_high)) or None


def expected_of(contract: Contract, lot: Lot, month: date) -> int | None:
    """What was expected of a month, by the places that stood in the contract on its days.

    None where nobody was expected: the lot says nothing, or the term is over.
    """
    a_month = starts_a_month(lot)
    bought = sum(each.places or 0 for each in lot.areas)
    if a_month is None or contract.live_at is None:
        return None
    live_on = calendar.day_of(contract.live_at)
    spans = [
        Span(max(each.starts_on, live_on), _last_day(each, contract), each.contracted_places)
        for each in contract.areas
    ]
    if not bought:  # places were not counted: each area weighs the same
        bought = len(contract.areas)
        spans = [Span(each.first, each.last, 1) for each in spans]
    return expected_starts(a_month, bought, spans, month) or None


def _last_day(area: ContractArea, contract: Contract) -> date:
    days = [area.ends_on]
    days += [calendar.day_of(each) for each in (area.stopped_at, contract.ended_at) if each]
    return min(days)


def is_whole(contract: Contract, month: date) -> bool:
    """Whether the contract was live on every day of a month.

    An area that was stopped or left counts until that day: `expected_of` weighs the days it lost.
    """
    if contract.live_at is None or calendar.day_of(contract.live_at) > month:
        return False
    over = calendar.day_of(contract.ended_at) if contract.ended_at else contract.ends_on
    return min(over, contract.ends_on) >= last_day_of(month)


def starts_of(contract_id: UUID, first: date, last: date) -> int:
    """People who started under a contract between two days, both counted."""
    delivered = measures()["delivered"](contract_id, first, last)
    return sum(each.kind == "start" for each in delivered)


def keep(contract_id: UUID, month: date) -> bool:
    """Keep what one month came to, and open the review it calls for; says if it was not kept."""
    contract = db.session.get_one(Contract, contract_id, with_for_update=True)
    kept = select(ContractMonth.id).where(
        ContractMonth.contract_id == contract_id, ContractMonth.month == month
    )
    if db.session.scalar(kept) is not None:
        return False
    lot = db.session.get_one(Lot, contract.lot_id)
    last = last_day_of(month)
    counted = measures()[MEASURE]
    until = counted(contract_id, contract.starts_on, last)
    row = ContractMonth(
        id=new_id(),
        contract_id=contract_id,
        month=month,
        expected=expected_of(contract, lot, month),
        starts=starts_of(contract_id, month, last),
        is_whole=is_whole(contract, month),
        kept_at=clock.now(),
    )
    row.figures = [
        ContractFigure(
            indicator=indicator, numerator=so_many, denominator=of, people=until[indicator][2]
        )
        for indicator, (so_many, of, _people) in counted(contract_id, month, last).items()
    ]
    db.session.add(row)
    db.session.flush()
    audit.record("contract_month:kept", subject=row, by=None, facts={"month": month})
    reviewing.open_review(contract_id)
    events.emit(Happening.MONTH_KEPT, row, None)
    return True


def keep_months(now: datetime) -> int:
    """Keep every settled month that is not kept yet; returns how many were."""
    kept = 0
    for contract_id, month in _due(now):
        with write():
            kept += keep(contract_id, month)
    return kept


def _due(now: datetime) -> list[tuple[UUID, date]]:
    until = last_settled(calendar.day_of(now))
    latest = func.max(ContractMonth.month)
    rows = db.session.execute(
        select(Contract.id, Contract.live_at, Contract.ended_at, latest)
        .outerjoin(ContractMonth, ContractMonth.contract_id == Contract.id)
        .where(Contract.source == Source.OWN, Contract.live_at.is_not(None))
        .group_by(Contract.id)
        .having(latest.is_(None) | (latest < until))
        .order_by(Contract.reference)
    ).all()
    due = []
    for contract_id, live_at, ended_at, latest_kept in rows:
        month = (
            months_later(latest_kept, 1)
            if latest_kept
            else month_of(calendar.day_of(live_at or now))
        )
        last = min(until, month_of(calendar.day_of(ended_at))) if ended_at else until
        while month <= last:
            due.append((contract_id, month))
            month = months_later(month, 1)
    return due


def next_month(after: datetime) -> datetime | None:
    """The next moment at which a month is settled, where a contract runs."""
    running = select(Contract.id).where(Contract.source == Source.OWN, Contract.state.in_(RUNS))
    if db.session.scalar(running.limit(1)) is None:
        return None
    settled = last_settled(calendar.day_of(after))
    return calendar.start_of(months_later(settled, 2) + timedelta(days=DAYS_TO_RECORD))


def register(app: Flask) -> None:
    """Keep months with the application's round."""
    jobs.register(app, "keep contract months", keep_months, next_month)
