"""The end of service report: what was reached, what is left, and how the person rates it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Encrypted, classified, db, db_enum, new_id


class Achievement(StrEnum):
    """How far an outcome was reached."""

    ACHIEVED = "achieved"
    PARTLY = "partly"
    NOT_ACHIEVED = "not_achieved"


ACHIEVEMENTS = {
    Achievement.ACHIEVED: _l("Achieved"),
    Achievement.PARTLY: _l("Partly achieved"),
    Achievement.NOT_ACHIEVED: _l("Not achieved"),
}

# How the person rates the service, where they wish to.
RATINGS = {
    1: _l("1 – Poor"),
    2: _l("2 – Not very good"),
    3: _l("3 – Neither good nor poor"),
    4: _l("4 – Good"),
    5: _l("5 – Very good"),
}


class EndReport(db.Model):
    """The end of service report; one for each referral. `rating` is the person's, from 1 to 5."""

    __tablename__ = "referral_end_report"
    __privacy__ = classified(none="id referral_id by_id sent_at", special="summary rating")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), unique=True)
    summary: Mapped[str] = mapped_column(Encrypted("referral_end_report.summary"))
    rating: Mapped[int | None]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("rating BETWEEN 1 AND 5", name="rated_one_to_five"),)


class EndReportLine(db.Model):
    """What the end report says about one outcome: what was done, and what should come next."""

    __tablename__ = "referral_end_report_line"
    __privacy__ = classified(
        none="id report_id outcome_id", special="achievement comment next_steps"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("referral_end_report.id"))
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("referral_outcome.id"))
    achievement: Mapped[Achievement] = mapped_column(db_enum(Achievement))
    comment: Mapped[str] = mapped_column(Encrypted("referral_end_report_line.comment"))
    next_steps: Mapped[str | None] = mapped_column(Encrypted("referral_end_report_line.next_steps"))
    __table_args__ = (UniqueConstraint("report_id", "outcome_id"),)
