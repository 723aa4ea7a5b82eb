"""One piece of news of a service, and how far somebody has read."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import classified, db, db_enum, new_id


class BulletinKind(StrEnum):
    """What has become of a service."""

    STARTED = "started"
    CHANGED = "changed"
    PAUSED = "paused"
    RESUMED = "resumed"
    ENDING = "ending"
    GOES_ON = "goes_on"


BULLETIN_KINDS = {
    BulletinKind.STARTED: _l("Takes referrals from now on"),
    BulletinKind.CHANGED: _l("Number of places changed"),
    BulletinKind.PAUSED: _l("Paused"),
    BulletinKind.RESUMED: _l("Takes referrals again"),
    BulletinKind.ENDING: _l("Ends or stops"),
    BulletinKind.GOES_ON: _l("Goes on: the notice was withdrawn"),
}


class ServiceBulletin(db.Model):
    """One piece of news of a service in one area, written with what caused it.

    `until` is the day on which a pause ends, or on which an end takes effect.
    """

    __tablename__ = "service_bulletin"
    __privacy__ = classified(none="id at kind contract_area_id region_code until places")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime]
    kind: Mapped[BulletinKind] = mapped_column(db_enum(BulletinKind))
    contract_area_id: Mapped[UUID] = mapped_column(ForeignKey("contract_area.id"))
    region_code: Mapped[str] = mapped_column(String(10))
    until: Mapped[date | None]
    places: Mapped[int | None]
    __table_args__ = (
        Index("ix_service_bulletin_region", "region_code", "at"),
        Index("ix_service_bulletin_at", "at"),
        Index("ix_service_bulletin_area", "contract_area_id"),
    )


class BulletinReader(db.Model):
    """Up to which moment somebody has read the news."""

    __tablename__ = "service_bulletin_reader"
    __privacy__ = classified(none="person_id read_to")
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    read_to: Mapped[datetime]
