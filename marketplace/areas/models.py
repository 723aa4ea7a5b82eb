"""The geography of the market. Areas move and merge, so each is a version with its days."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import classified, db
from marketplace.effective import COLUMNS, Effective


class Region(Effective, db.Model):
    """A probation region; its code is one letter."""

    __tablename__ = "region"
    __privacy__ = classified(none=COLUMNS)


class Area(Effective, db.Model):
    """A police and crime commissioner (PCC) area, inside one region while in force."""

    __tablename__ = "area"
    __privacy__ = classified(none=f"{COLUMNS} region_code")
    region_code: Mapped[str] = mapped_column(String(10), index=True)


class DeliveryUnit(Effective, db.Model):
    """A probation delivery unit of a region."""

    __tablename__ = "delivery_unit"
    __privacy__ = classified(none=f"{COLUMNS} region_code")
    region_code: Mapped[str] = mapped_column(String(10), index=True)


class ProbationOffice(Effective, db.Model):
    """A probation office where sessions can be held."""

    __tablename__ = "probation_office"
    __privacy__ = classified(none=f"{COLUMNS} region_code")
    region_code: Mapped[str] = mapped_column(String(10), index=True)


class Prison(Effective, db.Model):
    """A prison or young offender institution of England or Wales."""

    __tablename__ = "prison"
    __privacy__ = classified(none=COLUMNS)
