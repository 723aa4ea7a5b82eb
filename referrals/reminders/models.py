"""Whom reminders may be sent to, and which were."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Encrypted, classified, db, db_enum, new_id
from marketplace.outbox import Channel

CHANNELS = {Channel.TEXT: _l("Text message"), Channel.MAIL: _l("Email")}


class ReminderConsent(db.Model):
    """The person agreed to be reminded of sessions; theirs to withdraw at any time.

    `call` is the number that a message asks them to ring. Language is `en` or `cy`.
    """

    __tablename__ = "referral_reminder_consent"
    __privacy__ = classified(
        none="id referral_id channel recorded_by_id recorded_at withdrawn_at withdrawn_by_id",
        personal="language address call",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    channel: Mapped[Channel] = mapped_column(db_enum(Channel))
    language: Mapped[str] = mapped_column(Encrypted("referral_reminder_consent.language"))
    address: Mapped[str] = mapped_column(Encrypted("referral_reminder_consent.address"))
    call: Mapped[str] = mapped_column(Encrypted("referral_reminder_consent.call"))
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_by_somebody"
        ),
        Index(
            "uq_referral_reminder_consent_now",
            "referral_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_referral_reminder_consent_referral", "referral_id", "recorded_at"),
    )


class ReminderKind(StrEnum):
    """What a person is told of a session."""

    AHEAD = "ahead"
    MOVED = "moved"
    CANCELLED = "cancelled"


class Reminder(db.Model):
    """A message that was posted about a session, as the person had agreed; each kind once."""

    __tablename__ = "referral_reminder"
    __privacy__ = classified(none="id session_id consent_id kind posted_at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("referral_session.id"))
    consent_id: Mapped[UUID] = mapped_column(ForeignKey("referral_reminder_consent.id"))
    kind: Mapped[ReminderKind] = mapped_column(db_enum(ReminderKind))
    posted_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("session_id", "kind"),)


class Languages(StrEnum):
    """The languages that the messages are written in."""

    ENGLISH = "en"
    WELSH = "cy"


LANGUAGES = {Languages.ENGLISH: _l("English"), Languages.WELSH: _l("Welsh")}
