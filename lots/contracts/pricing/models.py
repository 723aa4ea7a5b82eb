"""The price list of a contract: one row for each thing it pays for, from a day on."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lots.vocabulary import Paid
from marketplace.database import classified, db, db_enum, new_id


class ContractPrice(db.Model):
    """Pence, net, for one of a kind, from `valid_from` on (the first of a month), before raises.

    `complexity` (of a start) is empty for any that has no price of its own; `above` is the number
    in the contract's year after which this price counts, 0 for the first one (volume bands). An
    instalment is for the month of `valid_from` alone.
    """

    __tablename__ = "contract_price"
    __privacy__ = classified(
        none="id contract_id paid complexity outcome_code above pence valid_from"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    paid: Mapped[Paid] = mapped_column(db_enum(Paid))
    complexity: Mapped[str] = mapped_column(String(20), default="")
    outcome_code: Mapped[str] = mapped_column(String(100), default="")
    above: Mapped[int] = mapped_column(default=0)
    pence: Mapped[int] = mapped_column(BigInteger)
    valid_from: Mapped[date]

    __table_args__ = (
        UniqueConstraint(
            "contract_id", "paid", "complexity", "outcome_code", "above", "valid_from"
        ),
        CheckConstraint("pence >= 0", name="price_not_negative"),
        CheckConstraint("above >= 0", name="band_not_negative"),
        CheckConstraint("complexity = '' OR paid = 'start'", name="complexity_of_a_start"),
        CheckConstraint("(outcome_code <> '') = (paid = 'outcome')", name="outcome_of_an_outcome"),
        CheckConstraint("above = 0 OR paid = 'start'", name="band_of_starts"),
        Index("ix_contract_price_paid", "paid", "valid_from"),
    )
