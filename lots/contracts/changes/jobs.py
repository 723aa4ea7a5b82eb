"""What a day brings to changes: signed ones come into force, others fall with their contract."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import func, or_, select

from lots.contracts.changes.actions import put_in_force
from lots.contracts.changes.lifecycle import CHANGEABLE
from lots.contracts.changes.models import OPEN, ChangeState, ContractChange
from lots.contracts.models import Contract
from marketplace import calendar, jobs
from marketplace.database import db


def bring_in(now: datetime) -> int:
    """Put signed changes in force whose day has come; returns how many changed."""
    due = (
        select(ContractChange.id)
        .join(Contract)
        .where(
            ContractChange.state.in_(OPEN),
            or_(
                Contract.state.not_in(CHANGEABLE),
                (ContractChange.state == ChangeState.AGREED)
                & (ContractChange.effective_on <= calendar.day_of(now)),
            ),
        )
        .order_by(ContractChange.effective_on, ContractChange.id)
    )
    return jobs.each_alone(db.session.scalars(due).all(), put_in_force)


def next_day(after: datetime) -> datetime | None:
    """The first moment of the next signed change's day."""
    soonest = select(func.min(ContractChange.effective_on)).where(
        ContractChange.state == ChangeState.AGREED,
        ContractChange.effective_on > calendar.day_of(after),
    )
    day = db.session.scalar(soonest)
    return calendar.start_of(day) if day else None


def register(app: Flask) -> None:
    """Put it into the application's round."""
    jobs.register(app, "put contract changes in force", bring_in, next_day)
