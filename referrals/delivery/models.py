"""The record of the work: assessment, sessions, positions on each outcome, the end report."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Encrypted, classified, db, db_enum, new_id


class Method(StrEnum):
    """How somebody was met."""

    IN_PERSON_OFFICE = "in_person_office"
    IN_PERSON_OTHER = "in_person_other"
    VIDEO = "video"
    PHONE = "phone"


METHODS = {
    Method.IN_PERSON_OFFICE: _l("In person, at a probation office"),
    Method.IN_PERSON_OTHER: _l("In person, somewhere else"),
    Method.VIDEO: _l("Video call"),
    Method.PHONE: _l("Phone call"),
}


class Attendance(StrEnum):
    """What came of an arranged session."""

    ATTENDED = "attended"
    LATE = "late"
    ABSENT = "absent"
    NOT_HELD = "not_held"


ATTENDANCES = {
    Attendance.ATTENDED: _l("Yes, on time"),
    Attendance.LATE: _l("Yes, but late"),
    Attendance.ABSENT: _l("No, the person did not come"),
    Attendance.NOT_HELD: _l("No, the session was not held"),
}
CAME = (Attendance.ATTENDED, Attendance.LATE)


class Moment(StrEnum):
    """When a position on an outcome was taken."""

    START = "start"
    REVIEW = "review"
    END = "end"


MOMENTS = {Moment.START: _l("Start"), Moment.REVIEW: _l("Review"), Moment.END: _l("End")}

# Five points, from no grip on the outcome to having reached it.
POSITIONS = {
    1: _l("1 – Not started; no support in place"),
    2: _l("2 – Has begun to look at it"),
    3: _l("3 – Making progress with support"),
    4: _l("4 – Mostly there, little support needed"),
    5: _l("5 – Achieved and holding"),
}


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


class Assessment(db.Model):
    """The initial assessment; one for each referral."""

    __tablename__ = "referral_assessment"
    __privacy__ = classified(
        none="id referral_id by_id recorded_at held_on method", special="notes"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), unique=True)
    held_on: Mapped[date]
    method: Mapped[Method] = mapped_column(db_enum(Method))
    notes: Mapped[str] = mapped_column(Encrypted("referral_assessment.notes"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class OutcomePosition(db.Model):
    """A position from 1 to 5 on one chosen outcome, by the caseworker."""

    __tablename__ = "referral_outcome_position"
    __privacy__ = classified(none="id referral_id outcome_id moment by_id at", special="position")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("referral_outcome.id"))
    moment: Mapped[Moment] = mapped_column(db_enum(Moment))
    position: Mapped[int]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("position BETWEEN 1 AND 5", name="one_to_five"),
        Index("ix_referral_outcome_position_referral", "referral_id", "at"),
        Index(
            "uq_referral_outcome_position_ends",
            "outcome_id",
            "moment",
            unique=True,
            sqlite_where=text("moment IN ('start', 'end')"),
            postgresql_where=text("moment IN ('start', 'end')"),
        ),
    )


class CaseSession(db.Model):
    """A session arranged with the person; its attendance and feedback are recorded once.

    `cancelled_at`: an emergency stop cancelled it, and it counts as not held.
    """

    __tablename__ = "referral_session"
    __privacy__ = classified(
        none="id referral_id starts_at method arranged_by_id arranged_at recorded_by_id "
        "recorded_at cancelled_at has_concern",
        special="attendance feedback concern",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    starts_at: Mapped[datetime]
    method: Mapped[Method] = mapped_column(db_enum(Method))
    arranged_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    arranged_at: Mapped[datetime]
    attendance: Mapped[Attendance | None] = mapped_column(db_enum(Attendance))
    feedback: Mapped[str | None] = mapped_column(Encrypted("referral_session.feedback"))
    has_concern: Mapped[bool] = mapped_column(default=False)
    concern: Mapped[str | None] = mapped_column(Encrypted("referral_session.concern"))
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(
            "cancelled_at IS NULL OR attendance = 'not_held'", name="cancelled_was_not_held"
        ),
        CheckConstraint("(attendance IS NULL) = (recorded_at IS NULL)", name="recorded_whole"),
        CheckConstraint("has_concern = (concern IS NOT NULL)", name="concern_in_words"),
        # One that was not held may be arranged again for the same moment.
        Index(
            "uq_referral_session_moment",
            "referral_id",
            "starts_at",
            unique=True,
            sqlite_where=text("attendance IS NULL OR attendance != 'not_held'"),
            postgresql_where=text("attendance IS NULL OR attendance != 'not_held'"),
        ),
        Index("ix_referral_session_referral", "referral_id", "starts_at"),
    )


class EndReport(db.Model):
    """The end of service report; one for each referral."""

    __tablename__ = "referral_end_report"
    __privacy__ = classified(none="id referral_id by_id sent_at", special="summary")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), unique=True)
    summary: Mapped[str] = mapped_column(Encrypted("referral_end_report.summary"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime]


class EndReportLine(db.Model):
    """What the end report says about one outcome."""

    __tablename__ = "referral_end_report_line"
    __privacy__ = classified(none="id report_id outcome_id", special="achievement comment")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("referral_end_report.id"))
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("referral_outcome.id"))
    achievement: Mapped[Achievement] = mapped_column(db_enum(Achievement))
    comment: Mapped[str] = mapped_column(Encrypted("referral_end_report_line.comment"))
    __table_args__ = (UniqueConstraint("report_id", "outcome_id"),)
