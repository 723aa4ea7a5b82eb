"""One note on a case: written once, never changed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Encrypted, classified, db, db_enum, new_id
from referrals.models import Referral


class Side(StrEnum):
    """Who wrote: the practitioner's side or the provider's, partners among them."""

    PROBATION = "probation"
    PROVIDER = "provider"


SIDES = {Side.PROBATION: _l("Practitioner’s side"), Side.PROVIDER: _l("Provider’s side")}


class CaseNote(db.Model):
    """A note of one side to the other.

    `acknowledged_at`: somebody of the other side has said that they read an urgent one.
    """

    __tablename__ = "referral_note"
    __privacy__ = classified(
        none="id referral_id organisation_id side is_urgent by_id at acknowledged_by_id "
        "acknowledged_at",
        special="subject text",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    side: Mapped[Side] = mapped_column(db_enum(Side))
    is_urgent: Mapped[bool] = mapped_column(default=False)
    subject: Mapped[str | None] = mapped_column(Encrypted("referral_note.subject"))
    text: Mapped[str] = mapped_column(Encrypted("referral_note.text"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    acknowledged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    acknowledged_at: Mapped[datetime | None]

    referral: Mapped[Referral] = relationship()

    __table_args__ = (
        CheckConstraint(
            "(acknowledged_by_id IS NULL) = (acknowledged_at IS NULL)",
            name="acknowledged_by_somebody",
        ),
        CheckConstraint("is_urgent OR acknowledged_at IS NULL", name="acknowledged_where_urgent"),
        Index("ix_referral_note_referral", "referral_id", "at", "id"),
        Index(
            "ix_referral_note_urgent",
            "referral_id",
            "side",
            sqlite_where=sql("is_urgent AND acknowledged_at IS NULL"),
            postgresql_where=sql("is_urgent AND acknowledged_at IS NULL"),
        ),
    )
