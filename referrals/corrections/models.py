"""What was recorded in error, and what is right; the record itself stays as it was."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, exists, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Encrypted, classified, db, db_enum, new_id
from referrals.delivery.models import CaseSession
from referrals.ending.models import Achievement
from referrals.models import Referral


class CorrectionState(StrEnum):
    """Whether what was put right counts."""

    STANDS = "stands"
    TAKEN_BACK = "taken_back"


CORRECTION_STATES = {
    CorrectionState.STANDS: _l("Put right"),
    CorrectionState.TAKEN_BACK: _l("Counts again as it was recorded"),
}


class Wrong(StrEnum):
    """What is wrong with what was recorded."""

    NOT_HELD = "not_held"
    OTHER_PERSON = "other_person"
    OTHER_DAY = "other_day"
    OTHER_RESULT = "other_result"


WRONGS = {
    Wrong.NOT_HELD: _l("It did not take place, or the person did not come"),
    Wrong.OTHER_PERSON: _l("It belongs to another person’s case"),
    Wrong.OTHER_DAY: _l("It took place on another day"),
    Wrong.OTHER_RESULT: _l("The result was another one"),
}


class Correction(db.Model):
    """One record put right: a meeting that was attended, or the result of one outcome.

    Just one of `assessment_id`, `session_id` and `line_id` is set; of each record one correction
    stands at most. `right_on` is the day on which the meeting took place, `right_result` what was
    reached, where that is what is wrong. `why` are the words of whoever put it right.
    """

    __tablename__ = "referral_correction"
    __privacy__ = classified(
        none="id referral_id assessment_id session_id line_id state by_id at taken_back_by_id "
        "taken_back_at",
        special="wrong right_on right_result why",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    assessment_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral_assessment.id"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral_session.id"))
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral_end_report_line.id"))
    state: Mapped[CorrectionState] = mapped_column(
        db_enum(CorrectionState), default=CorrectionState.STANDS
    )
    wrong: Mapped[Wrong] = mapped_column(db_enum(Wrong))
    right_on: Mapped[date | None]
    right_result: Mapped[Achievement | None] = mapped_column(db_enum(Achievement))
    why: Mapped[str] = mapped_column(Encrypted("referral_correction.why"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    taken_back_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    taken_back_at: Mapped[datetime | None]

    referral: Mapped[Referral] = relationship()

    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN assessment_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN session_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN line_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="of_one_record",
        ),
        CheckConstraint("(wrong = 'other_day') = (right_on IS NOT NULL)", name="other_day_is_said"),
        CheckConstraint(
            "(wrong = 'other_result') = (right_result IS NOT NULL)", name="other_result_is_said"
        ),
        CheckConstraint(
            "CASE WHEN line_id IS NULL THEN wrong <> 'other_result'"
            " ELSE wrong IN ('other_person', 'other_result') END",
            name="wrong_of_its_record",
        ),
        CheckConstraint(
            "(state = 'taken_back') = (taken_back_by_id IS NOT NULL)"
            " AND (taken_back_by_id IS NULL) = (taken_back_at IS NULL)",
            name="taken_back_by_somebody",
        ),
        *(
            Index(
                f"uq_referral_correction_{column}",
                f"{column}_id",
                unique=True,
                sqlite_where=text("state = 'stands'"),
                postgresql_where=text("state = 'stands'"),
            )
            for column in ("assessment", "session", "line")
        ),
        Index("ix_referral_correction_referral", "referral_id", "at"),
    )


# The conditions on a correction that it counts, and on a session that it did not take place so.
STANDS = Correction.state == CorrectionState.STANDS
NEVER_WAS = exists().where(
    Correction.session_id == CaseSession.id, STANDS, Correction.right_on.is_(None)
)
