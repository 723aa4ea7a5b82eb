"""What the search of cases keeps: keyed prefixes without the words, and that somebody searched."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import classified, db, new_id


class SearchKey(db.Model):
    """One prefix of the name or CRN of one case, as a short keyed hash (decision 0037).

    It goes with the case. What it leads to is decrypted and compared before it is shown.
    """

    __tablename__ = "referral_search_key"
    __privacy__ = classified(none="referral_id", personal="key")
    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    referral_id: Mapped[UUID] = mapped_column(
        ForeignKey("referral.id", ondelete="CASCADE"), primary_key=True
    )
    __table_args__ = (Index("ix_referral_search_key_referral", "referral_id"),)


class CaseSearch(db.Model):
    """Somebody searched for a case, and how many they were shown; never for what."""

    __tablename__ = "referral_case_search"
    __privacy__ = classified(none="id at person_id organisation_id found")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime]
    person_id: Mapped[UUID]
    organisation_id: Mapped[UUID]
    found: Mapped[int]
    __table_args__ = (Index("ix_referral_case_search_person", "person_id", "at"),)
