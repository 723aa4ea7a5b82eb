"""The terms of a lot's price: parts, factors, raise and VAT; and its volume bands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import classified, db


class PriceTerms:
    """Columns of a lot. Percent throughout, but `index_points`: hundredths of a percent a year.

    `fee_…` to `instalment_percent` are the parts of the value where the price is a mixture, else 0.
    `factor_…` is the price of a start of that complexity, against the price of a start. Prices are
    first raised `index_after_months` after the first month, then every twelve.
    """

    PRICE_COLUMNS = (
        "fee_percent start_percent outcome_percent instalment_percent factor_low factor_medium "
        "factor_high vat_percent index_points index_after_months"
    )
    fee_percent: Mapped[int] = mapped_column(default=0)
    start_percent: Mapped[int] = mapped_column(default=0)
    outcome_percent: Mapped[int] = mapped_column(default=0)
    instalment_percent: Mapped[int] = mapped_column(default=0)
    factor_low: Mapped[int] = mapped_column(default=100)
    factor_medium: Mapped[int] = mapped_column(default=100)
    factor_high: Mapped[int] = mapped_column(default=100)
    vat_percent: Mapped[int] = mapped_column(default=0)
    index_points: Mapped[int] = mapped_column(default=0)
    index_after_months: Mapped[int] = mapped_column(default=12)


# What stands in them until somebody says otherwise.
PLAIN_PRICE: dict[str, Any] = {column: 0 for column in PriceTerms.PRICE_COLUMNS.split()} | {
    "factor_low": 100,
    "factor_medium": 100,
    "factor_high": 100,
    "index_after_months": 12,
    "bands": [],
    "paid_outcomes": [],
}

# What the database holds of them.
PRICE_RULES = (
    CheckConstraint(
        "fee_percent >= 0 AND start_percent >= 0 AND outcome_percent >= 0"
        " AND instalment_percent >= 0 AND fee_percent + start_percent + outcome_percent"
        " + instalment_percent = CASE WHEN price_basis = 'mixed' THEN 100 ELSE 0 END",
        name="parts_of_a_mixture",
    ),
    CheckConstraint(
        "factor_low BETWEEN 1 AND 1000 AND factor_medium BETWEEN 1 AND 1000"
        " AND factor_high BETWEEN 1 AND 1000",
        name="factors_sensible",
    ),
    CheckConstraint("vat_percent BETWEEN 0 AND 100", name="vat_sensible"),
    CheckConstraint("index_points BETWEEN 0 AND 2000", name="index_sensible"),
    CheckConstraint("index_after_months BETWEEN 1 AND 120", name="index_after_a_month"),
)


class LotBand(db.Model):
    """Above so many starts in a year of the contract, each costs `percent` of its price."""

    __tablename__ = "lot_band"
    __privacy__ = classified(none="lot_id above percent")
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    above: Mapped[int] = mapped_column(primary_key=True)
    percent: Mapped[int]

    __table_args__ = (
        CheckConstraint("above > 0", name="above_positive"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_of_the_price"),
    )
