"""What a contract's dates bring about: pauses that are over, contracts that have run out."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import exists, func, select

from lots.contracts import actions, places
from lots.contracts.grants.models import GrantReport, ReportState
from lots.contracts.models import Contract, ContractArea, ContractState
from lots.vocabulary import Source
from marketplace import calendar, jobs
from marketplace.database import db


def end_pauses(now: datetime) -> int:
    """Let areas take people again whose return date has come; returns how many."""
    today = calendar.day_of(now)
    due = (
        select(ContractArea.id)
        .join(Contract)
        .where(
            ContractArea.paused_until <= today,
            ContractArea.closed_at.is_(None),
            Contract.state.in_((ContractState.MOBILISING, ContractState.LIVE)),
        )
        .order_by(ContractArea.id)
    )
    areas = db.session.scalars(due).all()
    return jobs.each_alone(areas, lambda area_id: places.end_pause(area_id, today))


def next_pause_end(after: datetime) -> datetime | None:
    """The next return date's first moment."""
    soonest = select(func.min(ContractArea.paused_until)).where(
        ContractArea.paused_until > calendar.day_of(after)
    )
    day = db.session.scalar(soonest)
    return calendar.start_of(day) if day else None


def end_contracts(now: datetime) -> int:
    """End own contracts past their last day, or have them run off; returns how many changed."""
    held = exists().where(ContractArea.contract_id == Contract.id, ContractArea.reserved > 0)
    # A grant that waits for its report is not looked at in every round.
    waits = exists().where(
        GrantReport.contract_id == Contract.id,
        GrantReport.state != ReportState.ACCEPTED,
        GrantReport.closes_on >= calendar.day_of(now),
    )
    due = (
        select(Contract.id)
        .where(
            Contract.source == Source.OWN,
            Contract.ends_on < calendar.day_of(now),
            (Contract.state == ContractState.LIVE)
            | ((Contract.state == ContractState.ENDING) & ~held & ~waits),
        )
        .order_by(Contract.id)
    )
    return jobs.each_alone(db.session.scalars(due).all(), actions.run_out)


def next_contract_end(after: datetime) -> datetime | None:
    """The first moment after the next last day."""
    soonest = select(func.min(Contract.ends_on)).where(
        Contract.source == Source.OWN,
        Contract.state == ContractState.LIVE,
        Contract.ends_on >= calendar.day_of(after),
    )
    day = db.session.scalar(soonest)
    return calendar.end_of(day) if day else None


def register(app: Flask) -> None:
    """Put both into the application's round."""
    jobs.register(app, "end pauses", end_pauses, next_pause_end)
    jobs.register(app, "end contracts", end_contracts, next_contract_end)
