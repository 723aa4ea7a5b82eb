"""A group, who is in it, and when it meets. Each member's case holds a session for each meeting."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Encrypted, classified, db, db_enum, new_id
from referrals.delivery.models import LONGEST, SHORTEST, Method

MOST_PEOPLE = 30


class Group(db.Model):
    """People of one service's cases who meet together; `capacity` is how many there can be.

    The name may say what those in it have in common, so it is kept as their needs are.
    """

    __tablename__ = "referral_group"
    __privacy__ = classified(
        none="id provider_id contract_area_id capacity minutes method office_code made_by_id "
        "made_at ended_at",
        personal="address",
        special="name",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    provider_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    contract_area_id: Mapped[UUID] = mapped_column(ForeignKey("contract_area.id"))
    name: Mapped[str] = mapped_column(Encrypted("referral_group.name"))
    capacity: Mapped[int]
    minutes: Mapped[int]
    method: Mapped[Method] = mapped_column(db_enum(Method))
    office_code: Mapped[str | None] = mapped_column(String(100))
    address: Mapped[str | None] = mapped_column(Encrypted("referral_group.address"))
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(f"capacity BETWEEN 2 AND {MOST_PEOPLE}", name="capacity"),
        CheckConstraint(f"minutes BETWEEN {SHORTEST} AND {LONGEST}", name="length"),
        Index("ix_referral_group_provider", "provider_id", "ended_at", "made_at"),
        Index("ix_referral_group_service", "contract_area_id"),
    )


class GroupMember(db.Model):
    """A case whose person is in a group; `until` None while they are."""

    __tablename__ = "referral_group_member"
    __privacy__ = classified(none="id group_id referral_id since until added_by_id")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("referral_group.id"))
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    added_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_referral_group_member_referral", "referral_id"),
        Index(
            "uq_referral_group_member_now",
            "group_id",
            "referral_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )


class GroupMeeting(db.Model):
    """One date of a group's timetable."""

    __tablename__ = "referral_group_meeting"
    __privacy__ = classified(none="id group_id starts_at minutes cancelled_at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("referral_group.id"))
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    cancelled_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_referral_group_meeting_moment",
            "group_id",
            "starts_at",
            unique=True,
            sqlite_where=text("cancelled_at IS NULL"),
            postgresql_where=text("cancelled_at IS NULL"),
        ),
    )

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)
