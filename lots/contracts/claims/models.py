"""A month's claim of one contract, computed from delivery, line by line."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.contracts.models import Contract
from marketplace.database import Encrypted, classified, db, db_enum, new_id


class ClaimState(StrEnum):
    """Where a claim stands."""

    COMPUTED = "computed"
    QUERIED = "queried"
    APPROVED = "approved"
    RECORDED = "recorded"


CLAIM_STATES = {
    ClaimState.COMPUTED: _l("To approve"),
    ClaimState.QUERIED: _l("Queried"),
    ClaimState.APPROVED: _l("Approved"),
    ClaimState.RECORDED: _l("To be paid outside"),
}


class LineKind(StrEnum):
    """What a line pays for."""

    MONTHLY_FEE = "monthly_fee"
    START = "start"


LINE_KINDS = {
    LineKind.MONTHLY_FEE: _l("Monthly fee"),
    LineKind.START: _l("People who started"),
}


class Claim(db.Model):
    """One contract's claim for one month (`month` is its first day); its total is its lines'."""

    __tablename__ = "claim"
    __privacy__ = classified(
        none="id contract_id month state computed_at approved_by_id approved_at recorded_by_id "
        "recorded_at queried_at",
        personal="query answer",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    month: Mapped[date]
    state: Mapped[ClaimState] = mapped_column(db_enum(ClaimState), default=ClaimState.COMPUTED)
    computed_at: Mapped[datetime]
    query: Mapped[str | None] = mapped_column(Encrypted("claim.query"))
    queried_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Encrypted("claim.answer"))
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime | None]

    contract: Mapped[Contract] = relationship()
    lines: Mapped[list[ClaimLine]] = relationship(order_by="ClaimLine.position")

    __table_args__ = (
        UniqueConstraint("contract_id", "month"),
        Index("ix_claim_state", "state"),
        Index("ix_claim_recorded_at", "recorded_at"),
        CheckConstraint(
            "state NOT IN ('approved', 'recorded') OR approved_by_id IS NOT NULL",
            name="approved_by_somebody",
        ),
    )

    @property
    def total_pence(self) -> int:
        """The sum of its lines, in pence; never stored."""
        return sum(line.amount_pence for line in self.lines)


class ClaimLine(db.Model):
    """One line: a quantity at a price in pence, and the references of the cases behind it."""

    __tablename__ = "claim_line"
    __privacy__ = classified(
        none="id claim_id position contract_area_id kind quantity unit_pence amount_pence",
        personal="case_references",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"))
    position: Mapped[int]
    contract_area_id: Mapped[UUID | None] = mapped_column(ForeignKey("contract_area.id"))
    kind: Mapped[LineKind] = mapped_column(db_enum(LineKind))
    quantity: Mapped[int]
    unit_pence: Mapped[int] = mapped_column(BigInteger)
    amount_pence: Mapped[int] = mapped_column(BigInteger)
    case_references: Mapped[list[str]] = mapped_column(JSON, default=list)

    __table_args__ = (
        UniqueConstraint("claim_id", "position"),
        CheckConstraint("quantity >= 0 AND unit_pence >= 0", name="not_negative"),
        CheckConstraint("amount_pence = quantity * unit_pence", name="amount_is_product"),
    )
