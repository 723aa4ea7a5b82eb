"""What is to be sent, and, in demonstration mode, what was."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Encrypted, classified, db, db_enum, new_id


class MessageState(StrEnum):
    """How far a message has come."""

    TO_SEND = "to_send"
    CLAIMED = "claimed"
    SENT = "sent"
    UNWANTED = "unwanted"
    FAILED = "failed"


MESSAGE_STATES = {
    MessageState.TO_SEND: _l("To send"),
    MessageState.CLAIMED: _l("Being sent"),
    MessageState.SENT: _l("Sent"),
    MessageState.UNWANTED: _l("No longer wanted"),
    MessageState.FAILED: _l("Could not be sent"),
}


class Channel(StrEnum):
    """How a message reaches somebody."""

    MAIL = "mail"
    TEXT = "text"


class OutboxMessage(db.Model):
    """One mail or text message.

    Once it is sent, recipient and facts are erased, and what it was about: the number of mails
    about a sealed bid would tell how many people of its bidder there are.

    All moments but `created_at` are technical time.
    """

    __tablename__ = "outbox_message"
    __privacy__ = classified(
        none="id channel template language subject_id state attempts created_at due_at "
        "finished_at failure",
        personal="recipient facts",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    channel: Mapped[Channel] = mapped_column(db_enum(Channel), default=Channel.MAIL)
    template: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(5), default="en")
    subject_id: Mapped[UUID | None]
    recipient: Mapped[str | None] = mapped_column(Encrypted("outbox.recipient"))
    facts: Mapped[str | None] = mapped_column(Encrypted("outbox.facts"))
    state: Mapped[MessageState] = mapped_column(db_enum(MessageState), default=MessageState.TO_SEND)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(60))
    __table_args__ = (
        Index("ix_outbox_message_due", "state", "due_at"),
        Index("ix_outbox_message_created", "created_at"),
    )


class DemonstrationMail(db.Model):
    """A mail or text as it was sent, kept only in demonstration mode: every person is invented."""

    __tablename__ = "demonstration_mail"
    __privacy__ = classified(
        none="id message_id channel sent_at", personal="recipient subject body"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    message_id: Mapped[UUID]
    channel: Mapped[Channel] = mapped_column(db_enum(Channel), default=Channel.MAIL)
    sent_at: Mapped[datetime]
    recipient: Mapped[str] = mapped_column(Encrypted("demonstration_mail.recipient"))
    subject: Mapped[str] = mapped_column(Encrypted("demonstration_mail.subject"))
    body: Mapped[str] = mapped_column(Encrypted("demonstration_mail.body"))
    __table_args__ = (Index("ix_demonstration_mail_sent", "sent_at"),)
