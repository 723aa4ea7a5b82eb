"""The categories of the framework and the services built from them, in versions."""

from __future__ import annotations

import uuid
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import classified, db, db_enum, new_id
from marketplace.effective import COLUMNS, Effective


class CategoryKind(StrEnum):
    """What a category stands for (domain, section 3)."""

    NEED = "need"
    COHORT = "cohort"
    INVOLVEMENT = "involvement"


CATEGORY_KINDS = {
    CategoryKind.NEED: _l("Need"),
    CategoryKind.COHORT: _l("Group of people"),
    CategoryKind.INVOLVEMENT: _l("Involvement"),
}


class Category(Effective, db.Model):
    """A category an organisation qualifies for."""

    __tablename__ = "category"
    __privacy__ = classified(none=f"{COLUMNS} kind position")
    kind: Mapped[CategoryKind] = mapped_column(db_enum(CategoryKind))
    position: Mapped[int]


class Outcome(Effective, db.Model):
    """What a service may achieve for a need; `described` ones are put in words each time."""

    __tablename__ = "outcome"
    __privacy__ = classified(none=f"{COLUMNS} category_code position described")
    category_code: Mapped[str] = mapped_column(String(100), index=True)
    position: Mapped[int]
    described: Mapped[bool] = mapped_column(default=False)


class Cohort(Effective, db.Model):
    """A group of people a service may be bought for, with whom it fits where that is a rule.

    Ages are in whole years, both ends included; `sex` is "female" where the group is women only.
    """

    __tablename__ = "cohort"
    __privacy__ = classified(none=f"{COLUMNS} category_code minimum_age maximum_age sex")
    category_code: Mapped[str | None] = mapped_column(String(100))
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    sex: Mapped[str | None] = mapped_column(String(20))


class AreaLevel(StrEnum):
    """How finely a service is usually bought."""

    REGION = "region"
    PCC_AREA = "pcc_area"
    REGION_OR_WELSH_AREA = "region_or_welsh_area"


AREA_LEVELS = {
    AreaLevel.REGION: _l("Region"),
    AreaLevel.PCC_AREA: _l("Police and crime area"),
    AreaLevel.REGION_OR_WELSH_AREA: _l("Region (police and crime area in Wales)"),
}


class Service(Effective, db.Model):
    """What a lot buys: needs met, for a cohort where it has one."""

    __tablename__ = "service"
    __privacy__ = classified(none=f"{COLUMNS} area_level cohort_code position")
    area_level: Mapped[AreaLevel] = mapped_column(db_enum(AreaLevel))
    cohort_code: Mapped[str | None] = mapped_column(String(100))
    position: Mapped[int]
    needs: Mapped[list[ServiceNeed]] = relationship(
        order_by="ServiceNeed.position", lazy="selectin", back_populates="service"
    )

    @property
    def need_codes(self) -> list[str]:
        """The codes of the needs it meets, in order."""
        return [need.category_code for need in self.needs]


class ServiceNeed(db.Model):
    """One need that a version of a service meets."""

    __tablename__ = "service_need"
    __privacy__ = classified(none="id service_id category_code position")
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"))
    category_code: Mapped[str] = mapped_column(String(100), index=True)
    position: Mapped[int]
    service: Mapped[Service] = relationship(back_populates="needs")
    __table_args__ = (UniqueConstraint("service_id", "category_code"),)
