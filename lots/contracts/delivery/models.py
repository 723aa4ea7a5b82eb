"""A contract's months as they were kept, and the price-and-places reviews that followed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.contracts.changes.models import ContractChange
from lots.contracts.delivery.vocabulary import Direction, Indicator, ReviewState
from lots.contracts.models import Contract
from marketplace import append_only
from marketplace.database import classified, db, db_enum, new_id


class ContractMonth(db.Model):
    """What one month came to, kept once and never changed; `month` is its first day.

    `expected` starts are None where the lot named none; `is_whole` says that the contract was live
    on every day of it, so that it can be judged.
    """

    __tablename__ = "contract_month"
    __privacy__ = classified(none="id contract_id month expected starts is_whole kept_at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    month: Mapped[date]
    expected: Mapped[int | None]
    starts: Mapped[int]
    is_whole: Mapped[bool]
    kept_at: Mapped[datetime]

    figures: Mapped[list[ContractFigure]] = relationship()

    __table_args__ = (
        UniqueConstraint("contract_id", "month"),
        CheckConstraint("starts >= 0 AND expected >= 0", name="not_negative"),
    )


class ContractFigure(db.Model):
    """One indicator of one month: so many of so many.

    `people` are the different ones it was counted of, from the contract's first day to the end of
    this month: by them it is judged whether the figure may be public.
    """

    __tablename__ = "contract_figure"
    __privacy__ = classified(none="contract_month_id indicator numerator denominator people")
    contract_month_id: Mapped[UUID] = mapped_column(
        ForeignKey("contract_month.id"), primary_key=True
    )
    indicator: Mapped[Indicator] = mapped_column(db_enum(Indicator), primary_key=True)
    numerator: Mapped[int]
    denominator: Mapped[int]
    people: Mapped[int]

    __table_args__ = (
        CheckConstraint("0 <= numerator AND numerator <= denominator", name="part_of_whole"),
        CheckConstraint("people >= 0", name="people_not_negative"),
    )


append_only.guard(ContractMonth.__table__)
append_only.guard(ContractFigure.__table__)


class PriceReview(db.Model):
    """A price-and-places review: two months running (`last_month` the later) were far off.

    `change_id` is the change it led to; `reason` why nothing changes, told to both sides.
    """

    __tablename__ = "price_review"
    __privacy__ = classified(
        none="id contract_id state direction last_month opened_at ended_at ended_by_id change_id "
        "reason"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    state: Mapped[ReviewState] = mapped_column(db_enum(ReviewState), default=ReviewState.OPEN)
    direction: Mapped[Direction] = mapped_column(db_enum(Direction))
    last_month: Mapped[date]
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    change_id: Mapped[UUID | None] = mapped_column(ForeignKey("contract_change.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    contract: Mapped[Contract] = relationship()
    change: Mapped[ContractChange | None] = relationship()

    __table_args__ = (
        UniqueConstraint("contract_id", "last_month"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_when"),
        CheckConstraint("(state = 'agreed') = (change_id IS NOT NULL)", name="agreed_by_change"),
        CheckConstraint(
            "state <> 'closed' OR reason <> '' OR ended_by_id IS NULL", name="closed_has_reason"
        ),
        Index(
            "one_open_review",
            "contract_id",
            unique=True,
            sqlite_where=sql_text("state = 'open'"),
            postgresql_where=sql_text("state = 'open'"),
        ),
    )
