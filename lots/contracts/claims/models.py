"""A month's claim of one contract, computed from delivery, line by line."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.contracts.claims import holding
from lots.contracts.models import Contract
from marketplace import calendar
from marketplace.database import Encrypted, classified, db, db_enum, new_id


class ClaimState(StrEnum):
    """Where a claim stands."""

    COMPUTED = "computed"
    QUERIED = "queried"
    SECOND = "second"
    APPROVED = "approved"
    PAID = "paid"
    NOTHING = "nothing"


CLAIM_STATES = {
    ClaimState.COMPUTED: _l("To approve"),
    ClaimState.QUERIED: _l("Queried"),
    ClaimState.SECOND: _l("For a second person"),
    ClaimState.APPROVED: _l("Approved, to be paid"),
    ClaimState.PAID: _l("Paid"),
    ClaimState.NOTHING: _l("Approved: nothing to pay"),
}
OPEN = (ClaimState.COMPUTED, ClaimState.QUERIED, ClaimState.SECOND)
APPROVED = (ClaimState.APPROVED, ClaimState.PAID, ClaimState.NOTHING)
UNPAID = (*OPEN, ClaimState.APPROVED)


class LineKind(StrEnum):
    """What a line pays for."""

    MONTHLY_FEE = "monthly_fee"
    START = "start"
    OUTCOME = "outcome"
    INSTALMENT = "instalment"
    GUARANTEED = "guaranteed"
    CARRIED = "carried"


# What is claimed by its month, and put right in a later claim.
ADJUSTED = (LineKind.MONTHLY_FEE, LineKind.INSTALMENT, LineKind.START, LineKind.OUTCOME)
LINE_KINDS = {
    LineKind.MONTHLY_FEE: _l("Monthly fee"),
    LineKind.START: _l("People who started"),
    LineKind.OUTCOME: _l("Outcomes reached"),
    LineKind.INSTALMENT: _l("Instalment in advance"),
    LineKind.GUARANTEED: _l("Up to the minimum guaranteed"),
    LineKind.CARRIED: _l("Taken over from claim to claim"),
}


class Complexity(StrEnum):
    """Of the cases whose starts a line counts; none where their price does not ask for it."""

    NONE = ""
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Claim(db.Model):
    """One contract's claim for one month (`month` is its first day); its net is its lines'.

    `is_advance`: what is paid in advance as the month begins, apart from its delivery.
    `vat_pence` is the VAT on the net. `due_on` is the day of our policy, `law_due_on` the last day
    in law, counted from computing. The provider may have checked it; above the buyer's limit two
    people approve it. `reminded_at`: the buyer was told that it is overdue. `given_back_at`: what
    the provider owed at the end came back.
    """

    __tablename__ = "claim"
    __privacy__ = classified(
        none="id contract_id month is_advance vat_pence state computed_at due_on law_due_on "
        "checked_by_id checked_at first_approved_by_id first_approved_at approved_by_id "
        "approved_at paid_at queried_at reminded_at given_back_at given_back_by_id",
        personal="query answer sent_back_because",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    month: Mapped[date]
    is_advance: Mapped[bool] = mapped_column(default=False)
    vat_pence: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[ClaimState] = mapped_column(db_enum(ClaimState), default=ClaimState.COMPUTED)
    computed_at: Mapped[datetime]
    due_on: Mapped[date]
    law_due_on: Mapped[date]
    checked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime | None]
    query: Mapped[str | None] = mapped_column(Encrypted("claim.query"))
    queried_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Encrypted("claim.answer"))
    first_approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    first_approved_at: Mapped[datetime | None]
    sent_back_because: Mapped[str | None] = mapped_column(Encrypted("claim.sent_back_because"))
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    given_back_at: Mapped[datetime | None]
    given_back_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    contract: Mapped[Contract] = relationship()
    lines: Mapped[list[ClaimLine]] = relationship(
        back_populates="claim", order_by="ClaimLine.position"
    )

    __table_args__ = (
        UniqueConstraint("contract_id", "month", "is_advance"),
        Index("ix_claim_state", "state", "due_on"),
        Index("ix_claim_paid_at", "paid_at"),
        CheckConstraint("vat_pence >= 0", name="vat_not_negative"),
        CheckConstraint("due_on <= law_due_on", name="policy_within_law"),
        CheckConstraint(
            "(state IN ('approved', 'paid', 'nothing')) = (approved_by_id IS NOT NULL)",
            name="approved_by_somebody",
        ),
        CheckConstraint(
            "state <> 'second' OR first_approved_by_id IS NOT NULL", name="second_after_first"
        ),
        CheckConstraint("first_approved_by_id <> approved_by_id", name="two_people"),
        CheckConstraint("state <> 'paid' OR paid_at IS NOT NULL", name="paid_when"),
        CheckConstraint(
            "(given_back_at IS NULL) = (given_back_by_id IS NULL)", name="given_back_by_somebody"
        ),
    )

    @property
    def total_pence(self) -> int:
        """The sum of its lines, net, in pence; never stored."""
        return sum(line.amount_pence for line in self.lines)

    def is_overdue(self, today: date) -> bool:
        """Not paid after the day of our policy, whether or not it is approved."""
        return self.state in UNPAID and self.due_on < today

    @property
    def is_closing(self) -> bool:
        """Whether it is the last claim of a contract, made some time after its end."""
        ended_at = self.contract.ended_at
        return (
            not self.is_advance
            and ended_at is not None
            and self.month > calendar.day_of(ended_at).replace(day=1)
        )

    @property
    def owed_back_pence(self) -> int:
        """What the provider owes at the end, net in pence: no later claim can take it off."""
        if not self.is_closing:
            return 0
        return sum(x.amount_pence for x in self.lines if x.is_left)


class ClaimLine(db.Model):
    """One line: a quantity at a price in pence, for one month, and the cases behind it.

    Whatever belongs to an earlier month than its claim's, or takes something back (a quantity
    below zero), is an adjustment.
    """

    __tablename__ = "claim_line"
    __privacy__ = classified(
        none="id claim_id position contract_area_id kind month quantity unit_pence amount_pence",
        special="complexity outcome_code",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"))
    position: Mapped[int]
    contract_area_id: Mapped[UUID | None] = mapped_column(ForeignKey("contract_area.id"))
    kind: Mapped[LineKind] = mapped_column(db_enum(LineKind))
    month: Mapped[date]
    complexity: Mapped[Complexity] = mapped_column(db_enum(Complexity), default=Complexity.NONE)
    outcome_code: Mapped[str] = mapped_column(String(100), default="")
    quantity: Mapped[int]
    unit_pence: Mapped[int] = mapped_column(BigInteger)
    amount_pence: Mapped[int] = mapped_column(BigInteger)

    claim: Mapped[Claim] = relationship(back_populates="lines")

    @property
    def is_adjustment(self) -> bool:
        """Whether it puts right, or adds to, what an earlier claim said of its month."""
        return self.kind in ADJUSTED and (self.quantity < 0 or self.month < self.claim.month)

    @property
    def is_left(self) -> bool:
        """Whether it leaves something to be taken off after its claim."""
        return self.kind == LineKind.CARRIED and self.quantity > 0

    __table_args__ = (
        UniqueConstraint("claim_id", "position"),
        CheckConstraint("unit_pence >= 0", name="price_not_negative"),
        CheckConstraint("amount_pence = quantity * unit_pence", name="amount_is_product"),
    )


class ClaimedCase(db.Model):
    """One start or outcome of one case that a line claims; it is claimed once at a time.

    `reference` is a case's, which names nobody, in the clear like the case's own: an index holds
    that nothing is claimed twice. `number` is which start it was in the contract's year.
    `taken_back_id` is the line of a later claim that took it back, because the record was
    withdrawn or corrected.
    """

    __tablename__ = "claimed_case"
    __privacy__ = classified(
        none="id contract_id line_id kind reference number taken_back_id",
        special="outcome_code",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    line_id: Mapped[UUID] = mapped_column(ForeignKey("claim_line.id"), index=True)
    kind: Mapped[LineKind] = mapped_column(db_enum(LineKind))
    reference: Mapped[str] = mapped_column(String(40))
    outcome_code: Mapped[str] = mapped_column(String(100), default="")
    number: Mapped[int] = mapped_column(default=0)
    taken_back_id: Mapped[UUID | None] = mapped_column(ForeignKey("claim_line.id"), index=True)

    __table_args__ = (
        Index(
            "uq_claimed_case_once",
            *("contract_id", "kind", "reference", "outcome_code"),
            unique=True,
            sqlite_where=text("taken_back_id IS NULL"),
            postgresql_where=text("taken_back_id IS NULL"),
        ),
    )


class ApprovalLimit(db.Model):
    """Above how many pence, net, a second person of this buyer approves a claim too."""

    __tablename__ = "approval_limit"
    __privacy__ = classified(none="id organisation_id pence set_by_id set_at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), unique=True)
    pence: Mapped[int] = mapped_column(BigInteger)
    set_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("pence >= 0", name="limit_not_negative"),)


for table in (ClaimLine.__table__, ClaimedCase.__table__):
    holding.hold(table)
