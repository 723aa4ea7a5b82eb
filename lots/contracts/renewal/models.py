"""The radar's notices, and what the buyer decided should come after a contract."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.contracts.models import Contract
from lots.models import Lot
from marketplace.database import classified, db, db_enum, new_id

# Months before the last day (domain, section 7); the last is the innermost.
BANDS = (18, 12, 9)


class Choice(StrEnum):
    """What comes after a contract."""

    EXTEND = "extend"
    RECOMPETE = "recompete"
    GRANT = "grant"
    STOP = "stop"


CHOICES = {
    Choice.EXTEND: _l("Extend it"),
    Choice.RECOMPETE: _l("Compete for it again"),
    Choice.GRANT: _l("Give a grant instead"),
    Choice.STOP: _l("Let it stop"),
}
# What makes a new lot, begun from the last one.
NEW_LOT = (Choice.RECOMPETE, Choice.GRANT)


class RadarNotice(db.Model):
    """That the buyer was told once that a contract had come within a band of its last day."""

    __tablename__ = "radar_notice"
    __privacy__ = classified(none="contract_id ends_on band told_at")
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"), primary_key=True)
    ends_on: Mapped[date] = mapped_column(primary_key=True)
    band: Mapped[int] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("band IN (18, 12, 9)", name="band_known"),)


class RenewalDecision(db.Model):
    """What the buyer decided for a contract that ends on `ends_on`; the latest counts.

    `reason` is published; `note` is for whoever drafts the next lot. An extension moves the last
    day, so that another decision is wanted for the new one.
    """

    __tablename__ = "renewal_decision"
    __privacy__ = classified(
        none="id contract_id ends_on choice reason note lot_id decided_at decided_by_id replaced_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"), index=True)
    ends_on: Mapped[date]
    choice: Mapped[Choice] = mapped_column(db_enum(Choice))
    reason: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot.id"), unique=True)
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    replaced_at: Mapped[datetime | None]

    contract: Mapped[Contract] = relationship()
    lot: Mapped[Lot | None] = relationship()

    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("lot_id IS NULL OR choice IN ('recompete', 'grant')", name="lot_of_new"),
        Index(
            "one_decision",
            "contract_id",
            unique=True,
            sqlite_where=sql_text("replaced_at IS NULL"),
            postgresql_where=sql_text("replaced_at IS NULL"),
        ),
    )
