"""What happened, read from the audit chain and turned into records to deliver.

The chain is written in the same transaction as every change and counts without gaps, so that
following it misses nothing and costs the change nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select

from marketplace import clock
from marketplace.audit import AuditEvent, AuditHead
from marketplace.database import db, new_id, tables, write
from referrals.case_system.interface import case_system
from referrals.delivery.models import CaseSession
from referrals.lifecycle import REFERRAL
from referrals.models import Referral
from referrals.write_back.models import WriteBack, WriteBackKind, WriteBackReader, WriteBackState

BATCH = 500
SENT = "referral:send"
CONTINUED = "referral:continue"
STEPS = {SENT, CONTINUED, *(f"referral:{step.name}" for step in REFERRAL.steps)}
ATTENDANCE = "referral_session:record"


def read_on(now: datetime) -> int:
    """The job: a record for each thing that happened since the last round; returns how many.

    With no system configured nothing is read. The first round starts from where the chain stands.
    """
    if case_system() is None:
        return 0
    made = 0
    while True:
        with write():
            read, found = _read_batch()
        made += found
        if read < BATCH:
            return made


def start_from(number: int) -> None:
    """Have the next round read on after this audit event, inside a write."""
    db.session.merge(WriteBackReader(id=1, number=number))


def _read_batch() -> tuple[int, int]:
    reader = db.session.get(WriteBackReader, 1, with_for_update=True, populate_existing=True)
    if reader is None:
        start_from(db.session.scalar(select(AuditHead.count)) or 0)
        return 0, 0
    events = db.session.execute(
        select(AuditEvent.number, AuditEvent.action, AuditEvent.subject_id, AuditEvent.at)
        .where(AuditEvent.number > reader.number)
        .order_by(AuditEvent.number)
        .limit(BATCH)
    ).all()
    if not events:
        return 0, 0
    reader.number = events[-1].number
    rows = _records(events)
    if rows:
        tables().execute(insert(WriteBack.__table__), rows)
    return len(events), len(rows)


def _records(events: Sequence[Row]) -> list[dict[str, Any]]:
    told = [each for each in events if each.action in STEPS or each.action == ATTENDANCE]
    ids = {UUID(each.subject_id) for each in told}
    if not ids:
        return []
    sessions = {
        each.id: each
        for each in db.session.scalars(select(CaseSession).where(CaseSession.id.in_(ids)))
    }
    wanted = ids | {each.referral_id for each in sessions.values()}
    referrals = {
        each.id: each
        for each in db.session.scalars(select(Referral).where(Referral.id.in_(wanted)))
    }
    rows = []
    for event in told:
        session = sessions.get(UUID(event.subject_id))
        referral = referrals.get(session.referral_id if session else UUID(event.subject_id))
        # Whoever's record was erased meanwhile is told of nowhere.
        if referral is not None:
            rows.append(_record(event, referral, session))
    return rows


def _record(event: Row, referral: Referral, session: CaseSession | None) -> dict[str, Any]:
    facts = {
        "crn": referral.crn,
        "reference": referral.reference,
        "service": referral.service_code,
        "happened": event.action.partition(":")[2],
        "at": event.at,
    }
    if session is not None:
        facts |= {
            "session_at": session.starts_at,
            "method": session.method,
            "attendance": session.attendance,
        }
    return {
        "id": new_id(),
        "referral_id": referral.id,
        "told_of": event.number,
        "kind": WriteBackKind.ATTENDANCE if session else WriteBackKind.REFERRAL,
        "happened": event.action,
        "facts": json.dumps(facts, default=str),
        "at": event.at,
        "state": WriteBackState.PENDING,
        "attempts": 0,
        "due_at": clock.technical_now(),
    }
