"""The job that tells those who must act, once, of a claim that is not paid by its day."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from lots.contracts import mails
from lots.contracts.claims.models import UNPAID, Claim, ClaimState
from lots.contracts.claims.permissions import SECONDS
from lots.contracts.claims.queries import is_overdue
from lots.contracts.models import Contract, Side
from lots.contracts.permissions import MANAGERS
from marketplace import audit, calendar, clock, jobs
from marketplace.database import db

BATCH = 200


def remind_due(now: datetime) -> int:
    """Tell of what is overdue and was not told of; returns how many."""
    found = select(Claim.id).where(is_overdue(), Claim.reminded_at.is_(None))
    ids = db.session.scalars(found.order_by(Claim.due_on, Claim.id).limit(BATCH)).all()
    return jobs.each_alone(ids, _remind)


def _remind(claim_id: UUID) -> bool:
    contract_of = select(Claim.contract_id).where(Claim.id == claim_id)
    contract_id = db.session.scalars(contract_of).one()
    # The contract first, as everything else that writes to what belongs to it.
    contract = db.session.get_one(
        Contract, contract_id, with_for_update=True, populate_existing=True
    )
    claim = db.session.get_one(Claim, claim_id, with_for_update=True, populate_existing=True)
    if not claim.is_overdue(clock.today()) or claim.reminded_at is not None:
        return False
    claim.reminded_at = clock.now()
    audit.record("claim:reminded", subject=claim, by=None)
    is_approved = claim.state == ClaimState.APPROVED
    template = "claim_unpaid" if is_approved else "claim_overdue"
    acting = SECONDS if claim.state == ClaimState.SECOND else MANAGERS
    mails.tell(contract, template, {Side.BUYER: acting}, claim_id=str(claim.id))
    return True


def next_overdue(after: datetime) -> datetime | None:
    """The first moment after `after` at which a claim is overdue."""
    first = select(func.min(Claim.due_on)).where(
        Claim.state.in_(UNPAID),
        Claim.reminded_at.is_(None),
        Claim.due_on >= calendar.day_of(after),
    )
    day = db.session.scalar(first)
    return calendar.start_of(day + timedelta(days=1)) if day is not None else None


def register(app: Flask) -> None:
    """Put the telling into the application's round."""
    jobs.register(app, "tell of overdue claims", remind_due, next_overdue)
