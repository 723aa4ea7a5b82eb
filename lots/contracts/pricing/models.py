"""The price list of a contract: one row for each thing it pays for, from a day on."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lots.contracts.models import Contract
from marketplace.database import classified, db, db_enum, new_id


class Paid(StrEnum):
    """What is paid for."""

    FEE = "monthly_fee"
    START = "start"
    OUTCOME = "outcome"
    INSTALMENT = "instalment"


PAID = {
    Paid.FEE: _l("Monthly fee"),
    Paid.START: _l("People who started"),
    Paid.OUTCOME: _l("Outcomes reached"),
    Paid.INSTALMENT: _l("Instalment in advance"),
}


class ContractPrice(db.Model):
    """Pence, net, for one of a kind, from `valid_from` on (the first of a month).

    `complexity` (of a start) and `outcome_code` None mean every one; `above` is the number in the
    contract's year after which this price counts, 0 for the first one (volume bands).
    """

    __tablename__ = "contract_price"
    __privacy__ = classified(
        none="id contract_id paid complexity outcome_code above pence valid_from"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey(Contract.id))
    paid: Mapped[Paid] = mapped_column(db_enum(Paid))
    complexity: Mapped[str | None] = mapped_column(String(20))
    outcome_code: Mapped[str | None] = mapped_column(String(60))
    above: Mapped[int] = mapped_column(default=0)
    pence: Mapped[int] = mapped_column(BigInteger)
    valid_from: Mapped[date]

    __table_args__ = (
        UniqueConstraint(
            "contract_id", "paid", "complexity", "outcome_code", "above", "valid_from"
        ),
        CheckConstraint("pence >= 0", name="price_not_negative"),
        CheckConstraint("above >= 0", name="band_not_negative"),
        CheckConstraint("complexity IS NULL OR paid = 'start'", name="complexity_of_a_start"),
        CheckConstraint("outcome_code IS NULL OR paid = 'outcome'", name="outcome_of_an_outcome"),
    )
