"""Signed texts: a row for the agreement and one for every signed change, never altered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace import append_only
from marketplace.database import classified, db, new_id


class SignedText(db.Model):
    """A text that every side has signed; number 0 is the agreement, later ones its changes."""

    __tablename__ = "signed_text"
    __privacy__ = classified(none="id contract_id number text text_hash signed_at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        CheckConstraint("number >= 0", name="number_not_negative"),
        CheckConstraint("text <> ''", name="says_something"),
    )


append_only.guard(SignedText.__table__)
