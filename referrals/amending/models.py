"""One amendment: what a question was answered with before, and what after."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Encrypted, classified, db, new_id


class Amendment(db.Model):
    """A change of the answers of one topic; `before` and `after` are JSON, answers by question."""

    __tablename__ = "referral_amendment"
    __privacy__ = classified(
        none="id referral_id topic by_id at", special="need_code before after why"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    topic: Mapped[str] = mapped_column(String(40))
    need_code: Mapped[str | None] = mapped_column(String(100))
    before: Mapped[str] = mapped_column(Encrypted("referral_amendment.before"))
    after: Mapped[str] = mapped_column(Encrypted("referral_amendment.after"))
    why: Mapped[str] = mapped_column(Encrypted("referral_amendment.why"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    __table_args__ = (Index("ix_referral_amendment_referral", "referral_id", "at", "id"),)
