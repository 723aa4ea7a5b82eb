"""The events that were received; each is dealt with once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import classified, db


class ReceivedEvent(db.Model):
    """One signed event of one body's account; technical times. Only its names are kept.

    Whoever holds the secret of one body can make up names of events, of that body alone.
    """

    __tablename__ = "received_event"
    __privacy__ = classified(
        none="body_id id kind object_id account_id received_at handled_at attempts try_at failure"
    )
    body_id: Mapped[UUID] = mapped_column(
        ForeignKey("stripe_account.organisation_id"), primary_key=True
    )
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(String(120))
    object_id: Mapped[str] = mapped_column(String(120))
    # The connected account that it is about; None for the body's own.
    account_id: Mapped[str | None] = mapped_column(String(120))
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    try_at: Mapped[datetime]
    failure: Mapped[str | None] = mapped_column(String(80))

    __table_args__ = (
        Index("ix_received_event_due", "handled_at", "try_at"),
        Index("ix_received_event_body", "body_id", "received_at"),
    )
