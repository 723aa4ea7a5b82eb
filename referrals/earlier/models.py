"""Whether an earlier assessment is shared with a case's provider, and on what basis."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import classified, db, db_enum, new_id


class LawfulBasis(StrEnum):
    """Why sharing it is lawful; confirmed by the practitioner (domain, section 8)."""

    SENTENCE = "sentence"
    AGREED = "agreed"
    SAFEGUARDING = "safeguarding"


LAWFUL_BASES = {
    LawfulBasis.SENTENCE: _l("It is needed to manage the sentence or the release"),
    LawfulBasis.AGREED: _l("The person knows and agrees"),
    LawfulBasis.SAFEGUARDING: _l("It is needed to keep somebody safe"),
}


class SharedAssessment(db.Model):
    """The practitioner's decision: an assessment and its basis, or neither: it is not shared."""

    __tablename__ = "referral_shared_assessment"
    __privacy__ = classified(none="id referral_id assessment_id basis by_id at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), unique=True)
    assessment_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral_assessment.id"))
    basis: Mapped[LawfulBasis | None] = mapped_column(db_enum(LawfulBasis))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("(assessment_id IS NULL) = (basis IS NULL)", name="shared_on_a_basis"),
    )
