"""What the case-management system is to be told, and whether it has been."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Encrypted, classified, db, db_enum, new_id


class WriteBackKind(StrEnum):
    """What is told."""

    REFERRAL = "referral"
    ATTENDANCE = "attendance"


WRITE_BACK_KINDS = {
    WriteBackKind.REFERRAL: _l("The referral"),
    WriteBackKind.ATTENDANCE: _l("Attendance"),
}


class WriteBackState(StrEnum):
    """How far it has come."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


WRITE_BACK_STATES = {
    WriteBackState.PENDING: _l("Not there yet"),
    WriteBackState.DELIVERED: _l("Delivered"),
    WriteBackState.FAILED: _l("Could not be delivered"),
}


class WriteBack(db.Model):
    """One record for the case-management system; its id is the key that makes it one there.

    `told_of` is the number of the audit event it follows from: each is told once. `happened` is
    that event's action. Facts are erased once delivered. Every moment but `at` is technical time.
    """

    __tablename__ = "referral_write_back"
    __privacy__ = classified(
        none="id referral_id told_of kind happened at state attempts due_at finished_at failure",
        special="facts",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    kind: Mapped[WriteBackKind] = mapped_column(db_enum(WriteBackKind))
    told_of: Mapped[int] = mapped_column(BigInteger, unique=True)
    happened: Mapped[str] = mapped_column(String(80))
    facts: Mapped[str | None] = mapped_column(Encrypted("referral_write_back.facts"))
    at: Mapped[datetime]
    state: Mapped[WriteBackState] = mapped_column(db_enum(WriteBackState))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(60))
    __table_args__ = (
        CheckConstraint(
            "(state = 'pending') = (finished_at IS NULL)", name="finished_unless_pending"
        ),
        Index("ix_referral_write_back_due", "state", "due_at"),
        Index("ix_referral_write_back_referral", "referral_id", "kind"),
    )


class WriteBackReader(db.Model):
    """Up to which audit event everything has been turned into records; one row."""

    __tablename__ = "referral_write_back_reader"
    __privacy__ = classified(none="id number")
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
