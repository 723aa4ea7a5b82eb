"""Delivering records to the case-management system: claimed, told outside any write, recorded.

After an unknown result a record is told again with the same key, which changes nothing there.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from marketplace import clock
from marketplace.database import db, write
from marketplace.jobs import pause_after
from referrals.case_system.interface import DELIVERY_SECONDS, CaseSystem, case_system, in_time
from referrals.write_back.models import WriteBack, WriteBackKind, WriteBackState

BATCH = 50
FIRST_RETRY = timedelta(minutes=5)
LONGEST_RETRY = timedelta(hours=6)
MOST_ATTEMPTS = 12
log = logging.getLogger(__name__)


def deliver(now: datetime) -> int:
    """The job: tell what is due, a batch at a time; returns how many were delivered.

    Once the system has failed, the rest waits for the next round: it is away for all of them.
    """
    system = case_system()
    if system is None:
        return 0
    delivered = 0
    while ids := _claim():
        for each in ids:
            if not _tell(system, each):
                return delivered
            delivered += 1
    return delivered


def _claim() -> list[UUID]:
    at = clock.technical_now()
    due = (WriteBack.state == WriteBackState.PENDING, WriteBack.due_at <= at)
    found = db.session.scalars(
        select(WriteBack.id).where(*due).order_by(WriteBack.due_at, WriteBack.told_of).limit(BATCH)
    ).all()
    if not found:
        return []
    with write():
        claimed = db.session.execute(
            update(WriteBack)
            .where(WriteBack.id.in_(found), *due)
            .values(due_at=at + FIRST_RETRY)
            .returning(WriteBack.id, WriteBack.told_of)
            .execution_options(synchronize_session=False)
        ).all()
    return [row.id for row in sorted(claimed, key=lambda row: row.told_of)]


def _tell(system: CaseSystem, write_back_id: UUID) -> bool:
    record = db.session.get_one(WriteBack, write_back_id, populate_existing=True)
    attendance = record.kind == WriteBackKind.ATTENDANCE
    told = system.record_attendance if attendance else system.record_referral
    attempts = record.attempts + 1
    try:
        in_time(DELIVERY_SECONDS, told, str(record.id), json.loads(record.facts or "{}"))
    except Exception as error:
        log.warning("write-back failed", extra={"write_back": str(write_back_id)})
        _failed(write_back_id, attempts, type(error).__name__)
        return False
    _finish(write_back_id, WriteBackState.DELIVERED, attempts)
    return True


def _failed(write_back_id: UUID, attempts: int, failure: str) -> None:
    if attempts >= MOST_ATTEMPTS:
        _finish(write_back_id, WriteBackState.FAILED, attempts, failure)
        return
    wait = pause_after(attempts, FIRST_RETRY, LONGEST_RETRY)
    _change(write_back_id, attempts=attempts, failure=failure, due_at=clock.technical_now() + wait)


def _finish(
    write_back_id: UUID, state: WriteBackState, attempts: int, failure: str | None = None
) -> None:
    # What could not be delivered keeps its facts, so that it can be told again.
    facts = {"facts": None} if state == WriteBackState.DELIVERED else {}
    _change(
        write_back_id,
        state=state,
        attempts=attempts,
        failure=failure,
        finished_at=clock.technical_now(),
        **facts,
    )


def _change(write_back_id: UUID, **values: object) -> None:
    with write():
        db.session.execute(
            update(WriteBack)
            .where(WriteBack.id == write_back_id, WriteBack.state == WriteBackState.PENDING)
            .values(**values)
        )
