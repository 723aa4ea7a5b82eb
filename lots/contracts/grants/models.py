"""A grant's instalments, and its one-page report."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.contracts.models import Contract
from marketplace.database import Encrypted, classified, db, db_enum, new_id

MOST_WORDS = 300


class InstalmentState(StrEnum):
    """Where an instalment stands."""

    PLANNED = "planned"
    OWED = "owed"
    PAID = "paid"
    VOID = "void"


INSTALMENT_STATES = {
    InstalmentState.PLANNED: _l("Planned"),
    InstalmentState.OWED: _l("Owed"),
    InstalmentState.PAID: _l("Paid"),
    InstalmentState.VOID: _l("Not paid"),
}


class GrantInstalment(db.Model):
    """One payment of a grant; all that are not void add up to its value. Pence, net."""

    __tablename__ = "grant_instalment"
    __privacy__ = classified(none="id contract_id number due_on pence state owed_at paid_at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    number: Mapped[int]
    due_on: Mapped[date]
    pence: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[InstalmentState] = mapped_column(
        db_enum(InstalmentState), default=InstalmentState.PLANNED
    )
    owed_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]

    contract: Mapped[Contract] = relationship()

    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        CheckConstraint("pence > 0", name="pence_positive"),
        CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name="paid_when"),
        Index("ix_grant_instalment_due", "state", "due_on"),
    )


class ReportState(StrEnum):
    """Where the report on a grant stands."""

    WANTED = "wanted"
    SENT = "sent"
    ACCEPTED = "accepted"


REPORT_STATES = {
    ReportState.WANTED: _l("To be written"),
    ReportState.SENT: _l("To be read"),
    ReportState.ACCEPTED: _l("Accepted"),
}


class GrantReport(db.Model):
    """The one page: numbers computed from delivery when it is sent, and at most 300 words.

    Without it the grant is closed after `closes_on`. `unspent_pence` is given back.
    """

    __tablename__ = "grant_report"
    __privacy__ = classified(
        none="id contract_id state due_on closes_on reminded_on numbers unspent_pence sent_at "
        "sent_by_id accepted_at accepted_by_id returned_at returned_by_id",
        personal="text sent_back_because",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"), unique=True)
    state: Mapped[ReportState] = mapped_column(db_enum(ReportState), default=ReportState.WANTED)
    due_on: Mapped[date]
    closes_on: Mapped[date]
    reminded_on: Mapped[date | None]
    numbers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    text: Mapped[str] = mapped_column(Encrypted("grant_report.text"), default="")
    unspent_pence: Mapped[int] = mapped_column(BigInteger, default=0)
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    sent_back_because: Mapped[str] = mapped_column(
        Encrypted("grant_report.sent_back_because"), default=""
    )
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    returned_at: Mapped[datetime | None]
    returned_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    contract: Mapped[Contract] = relationship()

    def is_late(self, today: date) -> bool:
        """Whether it is still to be written after the day on which it was due."""
        return self.state == ReportState.WANTED and self.due_on < today

    __table_args__ = (
        CheckConstraint("unspent_pence >= 0", name="unspent_not_negative"),
        CheckConstraint("(state = 'accepted') = (accepted_at IS NOT NULL)", name="accepted_when"),
        CheckConstraint("state = 'wanted' OR sent_at IS NOT NULL", name="sent_when"),
        CheckConstraint(
            "returned_at IS NULL OR (state = 'accepted' AND unspent_pence > 0)",
            name="returned_what_was_unspent",
        ),
        Index("ix_grant_report_due", "state", "due_on"),
    )
