"""A notice as it was written with the step it tells of."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.models import Lot
from lots.notices.vocabulary import NoticeKind, NoticeState, Regime
from marketplace.database import classified, db, db_enum, new_id


class Notice(db.Model):
    """One notice. `facts` is what it says, as it stood then; `reference` is the platform's.

    `due_at` is technical time: when the job may next try to send it.
    """

    __tablename__ = "notice"
    __privacy__ = classified(
        none="id lot_id kind state regime facts posted_at due_at attempts sent_at reference "
        "answered_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    kind: Mapped[NoticeKind] = mapped_column(db_enum(NoticeKind))
    state: Mapped[NoticeState] = mapped_column(db_enum(NoticeState), default=NoticeState.TO_SEND)
    regime: Mapped[Regime] = mapped_column(db_enum(Regime))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    posted_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    reference: Mapped[str] = mapped_column(String(100), default="")
    answered_at: Mapped[datetime | None]

    lot: Mapped[Lot] = relationship()

    __table_args__ = (
        CheckConstraint("state = 'to_send' OR sent_at IS NOT NULL", name="sent_has_moment"),
        Index("ix_notice_lot_id_posted_at", "lot_id", "posted_at"),
        Index("ix_notice_state_due_at", "state", "due_at"),
    )
