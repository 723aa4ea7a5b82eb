"""The radar: which band a contract is in, and the mail once for each band."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import exists, func, select

from lots.contracts import mails
from lots.contracts.models import Contract, ContractState, Side
from lots.contracts.renewal.models import BANDS, RadarNotice, RenewalDecision
from lots.contracts.renewal.permissions import DECIDING
from lots.vocabulary import Source
from marketplace import audit, calendar, clock, jobs
from marketplace.calendar import months_later
from marketplace.database import changed, db, insert_into, write

WATCHED = (ContractState.MOBILISING, ContractState.LIVE)


def band_of(ends_on: date, today: date) -> int | None:
    """The innermost band whose months reach the last day; None while it is further off."""
    within = [months for months in BANDS if ends_on < months_later(today, months)]
    return min(within) if within else None


def watched() -> tuple[Any, ...]:
    """The conditions on contracts whose end the radar watches."""
    return (
        Contract.source == Source.OWN,
        Contract.state.in_(WATCHED),
        Contract.ends_on >= clock.today(),
    )


def decided() -> Any:
    """The condition that a decision stands for a contract's present last day."""
    return exists().where(
        RenewalDecision.contract_id == Contract.id,
        RenewalDecision.ends_on == Contract.ends_on,
        RenewalDecision.replaced_at.is_(None),
    )


def tell_bands(now: datetime) -> int:
    """Tell buyers of contracts that have come within a band, once for each; returns how many."""
    today = calendar.day_of(now)
    horizon = months_later(today, max(BANDS))
    near = select(Contract.id, Contract.ends_on).where(
        Contract.source == Source.OWN,
        Contract.state.in_(WATCHED),
        Contract.ends_on >= today,
        Contract.ends_on < horizon,
        ~decided(),
    )
    notices = (
        select(RadarNotice.contract_id, RadarNotice.ends_on, RadarNotice.band)
        .join(Contract, Contract.id == RadarNotice.contract_id)
        .where(Contract.ends_on < horizon)
    )
    told = {tuple(row) for row in db.session.execute(notices)}
    count = 0
    for contract_id, ends_on in db.session.execute(near.order_by(Contract.id)).all():
        band = band_of(ends_on, today)
        if band is not None and (contract_id, ends_on, band) not in told:
            with write():
                count += _tell(contract_id, ends_on, band)
    return count


def _tell(contract_id: UUID, ends_on: date, band: int) -> bool:
    contract = db.session.get_one(
        Contract, contract_id, with_for_update=True, populate_existing=True
    )
    if contract.ends_on != ends_on or contract.state not in WATCHED:
        return False
    row = {"contract_id": contract_id, "ends_on": ends_on, "band": band, "told_at": clock.now()}
    if not changed(insert_into(RadarNotice).values(**row).on_conflict_do_nothing()):
        return False
    audit.record("contract:near_its_end", subject=contract, by=None, facts={"band": band})
    facts = {"band": band}
    mails.tell(contract, "life/radar", {Side.BUYER: DECIDING}, **facts)
    return True


def next_band(after: datetime) -> datetime | None:
    """The first moment at which a contract comes within its next band."""
    today = calendar.day_of(after)
    days = []
    for months in BANDS:
        # Looked for a little early where months differ in length: a sweep too many does nothing.
        soonest = db.session.scalar(
            select(func.min(Contract.ends_on)).where(
                Contract.source == Source.OWN,
                Contract.state.in_(WATCHED),
                Contract.ends_on >= months_later(today, months),
                ~decided(),
            )
        )
        if soonest is not None:
            days.append(first_day_within(soonest, months, today))
    return calendar.start_of(min(days)) if days else None


def first_day_within(ends_on: date, months: int, today: date) -> date:
    """The first day after `today` on which the last day lies within so many months."""
    day = max(months_later(ends_on, -months), today + timedelta(days=1))
    while not ends_on < months_later(day, months):
        day += timedelta(days=1)
    return day


def register(app: Flask) -> None:
    """Put it into the application's round."""
    jobs.register(app, "tell of contracts that end", tell_bands, next_band)
