"""A contract that runs out with open cases: each is asked about in time, as for any other ending.

Policy: notice four weeks before the last day. Decisions are wanted five working days before it, so
a practitioner has about three weeks to find another service, and a service that supports nobody
goes on to its last day. Earlier would close places that people can still use: nobody is placed
whose work would not be complete by the last day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select

from lots.contracts.continuity.actions import Notice, give_agreed
from lots.contracts.continuity.models import (
    ActKind,
    ActReason,
    ContinuityAct,
    ends_its_contract,
)
from lots.contracts.models import Contract, ContractArea, ContractState
from lots.contracts.places import locked_contract
from lots.vocabulary import Source
from marketplace import calendar, clock
from marketplace.database import db

BEFORE = timedelta(days=28)


def running_out(now: datetime) -> list[UUID]:
    """Live contracts whose last day is near or past, and whose open cases nobody is asked about."""
    near = select(Contract.id).where(*_unasked(), Contract.ends_on <= calendar.day_of(now) + BEFORE)
    return list(db.session.scalars(near.order_by(Contract.id)))


def _unasked() -> list[ColumnElement[bool]]:
    placed = exists().where(ContractArea.contract_id == Contract.id, ContractArea.reserved > 0)
    noticed = exists().where(ContinuityAct.contract_id == Contract.id, ends_its_contract())
    return [
        Contract.source == Source.OWN,
        Contract.state == ContractState.LIVE,
        placed,
        ~noticed,
    ]


def give_notice(contract_id: UUID) -> bool:
    """Give the system's notice that a contract runs out; says whether any was still to be given."""
    contract, areas = locked_contract(contract_id)
    unasked = select(Contract.id).where(Contract.id == contract_id, *_unasked())
    if contract.ends_on > clock.today() + BEFORE or db.session.scalar(unasked) is None:
        return False
    day = max(contract.ends_on, clock.today())
    notice = Notice(ActKind.ENDING, ActReason.EXPIRES, day)
    return give_agreed(contract, areas, notice, None) is not None


def next_notice(after: datetime) -> datetime | None:
    """The first moment at which a contract comes so near to its last day."""
    soonest = select(func.min(Contract.ends_on)).where(
        *_unasked(), Contract.ends_on > calendar.day_of(after) + BEFORE
    )
    day = db.session.scalar(soonest)
    return calendar.start_of(day - BEFORE) if day else None
