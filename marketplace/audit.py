"""The record of every change: written with the change, chained, and never altered.

Each link is an HMAC over the one before it under a key kept outside the database. An event holds
ids, field names and coded reasons; never a personal value or free text.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import JSON, BigInteger, Index, Integer, LargeBinary, String, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace import append_only, clock
from marketplace.acting import Acting
from marketplace.database import classified, db, last_before_commit, writing
from marketplace.keyring import keyring

FIRST_LINK = b"\0" * 32


class AuditEvent(db.Model):
    """One thing that happened; `number` counts without gaps from 1."""

    __tablename__ = "audit_event"
    __privacy__ = classified(
        none="number at action subject_kind subject_id person_id organisation_id details link"
    )
    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(80))
    subject_kind: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[str | None] = mapped_column(String(40))
    person_id: Mapped[UUID | None]
    organisation_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    link: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (Index("ix_audit_event_subject", "subject_kind", "subject_id"),)


class AuditHead(db.Model):
    """The chain's end: the last lock every write takes."""

    __tablename__ = "audit_head"
    __privacy__ = classified(none="id count link")
    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
    link: Mapped[bytes] = mapped_column(LargeBinary(32))


_HEAD = AuditHead.__table__
_LOCKED_HEAD = select(_HEAD.c.count, _HEAD.c.link).where(_HEAD.c.id == 1).with_for_update()
_MOVED_HEAD = update(_HEAD).where(_HEAD.c.id == 1)
_EVENTS = insert(AuditEvent.__table__)

append_only.guard(AuditEvent.__table__)


def record(
    action: str,
    *,
    subject: Any,
    by: Acting | None,
    fields: Iterable[str] = (),
    facts: dict[str, Any] | None = None,
) -> None:
    """Note one event in this write; `by` None is the system itself."""
    if not writing():
        raise RuntimeError("an audit event belongs to the write it tells of")
    db.session().info.setdefault("audit", []).append(
        {
            "action": action,
            "subject_kind": subject.__tablename__,
            "subject": subject,
            "person_id": by.person_id if by else None,
            "organisation_id": by.organisation_id if by else None,
            "details": {"fields": list(fields), **(facts or {})},
            "told_at": clock.told(),
        }
    )


def _chain(session: Session) -> None:
    """Number and link this write's events under the head's lock, just before its commit."""
    pending = session.info.pop("audit", [])
    if not pending:
        return
    at = clock.now()
    connection = session.connection()
    head = connection.execute(_LOCKED_HEAD).one_or_none()
    count, link = head if head else (0, FIRST_LINK)
    if head is None:
        connection.execute(insert(_HEAD).values(id=1, count=0, link=FIRST_LINK))
    rows = []
    for noted in pending:
        count += 1
        # The subject's id is given to it by the flush, so it is only asked for here.
        subject_id = _id_of(noted.pop("subject"))
        details = json.loads(json.dumps(noted.pop("details"), default=str))
        told_at = noted.pop("told_at")
        row = {**noted, "number": count, "subject_id": subject_id, "details": details}
        row["at"] = told_at or at
        link = _link(bytes(link), row)
        rows.append({**row, "link": link})
    connection.execute(_EVENTS, rows)
    connection.execute(_MOVED_HEAD, {"count": count, "link": link})


def _id_of(subject: Any) -> str | None:
    identity = getattr(subject, "id", None)
    return None if identity is None else str(identity)


def _link(before: bytes, row: dict[str, Any]) -> bytes:
    content = [
        row["number"],
        row["at"].astimezone(UTC).isoformat(),
        row["action"],
        row["subject_kind"],
        row["subject_id"],
        str(row["person_id"]),
        str(row["organisation_id"]),
        row["details"],
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hmac.digest(keyring().lasting_key("audit"), before + text.encode(), sha256)


@dataclass(frozen=True)
class Verdict:
    """What a verification found: how many events hold, and the first that does not.

    `tail_holds` is False where events are missing at the end: the chain is shorter than its head,
    or than a head that was written out.
    """

    checked: int
    broken_at: int | None
    tail_holds: bool

    @property
    def holds(self) -> bool:
        return self.broken_at is None and self.tail_holds


def verify(progress: Callable[[int], None] = lambda _count: None) -> Verdict:
    """Recompute the whole chain; `progress` hears the number of events checked so far."""
    written_out = {head["count"]: bytes.fromhex(head["link"]) for head in _written_heads()}
    columns = AuditEvent.__table__.columns.keys()
    link, expected = FIRST_LINK, 0
    events = select(AuditEvent).order_by(AuditEvent.number).execution_options(yield_per=1000)
    for stored in db.session.scalars(events):
        expected += 1
        link = _link(link, {name: getattr(stored, name) for name in columns})
        links = {link, bytes(stored.link), written_out.pop(expected, link)}
        if stored.number != expected or len(links) > 1:
            return Verdict(expected - 1, expected, False)
        if expected % 1000 == 0:
            progress(expected)
    head = db.session.get(AuditHead, 1)
    at_head = (head.count, bytes(head.link)) == (expected, link) if head else expected == 0
    return Verdict(expected, None, at_head and not written_out)


def write_out_head(now: datetime) -> int:
    """Once a day, append the chain's head to a file outside the database; a job.

    Whoever cuts the chain's tail would have to cut the file, and its copies in the backups, too.
    """
    heads = _written_heads()
    if heads and heads[-1]["day"] == now.date().isoformat():
        return 0
    head = db.session.get(AuditHead, 1)
    if head is None:
        return 0
    line = {"day": now.date().isoformat(), "count": head.count, "link": bytes(head.link).hex()}
    with _heads_file().open("a") as file:
        file.write(json.dumps(line) + "\n")
    return 1


def _heads_file() -> Path:
    return current_app.extensions["settings"].audit_heads


def _written_heads() -> list[dict[str, Any]]:
    path = _heads_file()
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def register(app: Flask) -> None:
    """Chain the events of every write as the last thing before its commit."""
    last_before_commit(app, _chain)
