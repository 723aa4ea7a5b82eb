"""What was published of each contracting process: releases that never change, and their record."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.append_only import guard
from marketplace.database import classified, db, db_enum, new_id


class ProcessKind(StrEnum):
    """What a contracting process is: the market, a competition of several lots, or one lot."""

    MARKET = "market"
    COMPETITION = "competition"
    LOT = "lot"


class Process(db.Model):
    """One contracting process. `subject_id` is its lot's or competition's; the market has none.

    `ocid` is fixed with the first release that is published: the one that the central platform
    gave with a notice until then, else one made of the settings' prefix and `reference`.
    """

    __tablename__ = "release_process"
    __privacy__ = classified(none="id kind subject_id reference ocid releases is_demonstration")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[ProcessKind] = mapped_column(db_enum(ProcessKind))
    subject_id: Mapped[UUID | None] = mapped_column(unique=True)
    reference: Mapped[str] = mapped_column(String(60), unique=True)
    ocid: Mapped[str | None] = mapped_column(String(120), unique=True)
    releases: Mapped[int] = mapped_column(default=0)
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        CheckConstraint("(kind = 'market') = (subject_id IS NULL)", name="subject_of_its_kind"),
        CheckConstraint("releases >= 0", name="releases_not_negative"),
    )


class Release(db.Model):
    """One release as it was written with its step; never changed, never removed.

    `position` counts a process's releases from 1. `at` only ever grows within a process, so that
    whoever merges by date merges in this order. `body` is the release without its head. Where
    `notice_id` is set it is published when that notice may be (`publication.published_here`).
    """

    __tablename__ = "release"
    __privacy__ = classified(
        none="id process_id position tags at body lot_id contract_id notice_id"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    process_id: Mapped[UUID] = mapped_column(ForeignKey("release_process.id"))
    position: Mapped[int]
    tags: Mapped[list[str]] = mapped_column(JSON)
    at: Mapped[datetime]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot.id"), index=True)
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("contract.id"), index=True)
    notice_id: Mapped[UUID | None] = mapped_column(ForeignKey("notice.id"), index=True)

    process: Mapped[Process] = relationship()

    __table_args__ = (
        UniqueConstraint("process_id", "position"),
        CheckConstraint("position > 0", name="position_positive"),
    )


class ReleaseNumber(db.Model):
    """A release's number in the order in which releases became public, and when that was.

    `year` is that of the release's own date, in London, by which the files of years are made.
    """

    __tablename__ = "release_number"
    __privacy__ = classified(none="number release_id at year")
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"), unique=True)
    at: Mapped[datetime]
    year: Mapped[int]

    release: Mapped[Release] = relationship()

    __table_args__ = (Index("ix_release_number_year_number", "year", "number"),)


class ReleaseHead(db.Model):
    """How many releases are public; locked while more are numbered, so that none overtakes."""

    __tablename__ = "release_head"
    __privacy__ = classified(none="id count")
    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)


class ReleaseRecord(db.Model):
    """A process's public releases merged into one: what `merge` makes of them, kept.

    `number` is that of the last release merged; by it records are read on from a cursor.
    """

    __tablename__ = "release_record"
    __privacy__ = classified(none="process_id number compiled")
    process_id: Mapped[UUID] = mapped_column(ForeignKey("release_process.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    compiled: Mapped[dict[str, Any]] = mapped_column(JSON)

    process: Mapped[Process] = relationship()


# The tables do not say so on their own: a release stands for ever as it was published.
guard(Release.metadata.tables["release"])
guard(ReleaseNumber.metadata.tables["release_number"])
