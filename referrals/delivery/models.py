"""The record of the work: the initial assessment, and the sessions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, or_
from sqlalchemy import text as sql
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


class NotHeld(StrEnum):
    """Why a session did not take place although the person came."""

    ACCEPTABLE = "acceptable"
    UNACCEPTABLE = "unacceptable"
    LOGISTICS = "logistics"


NOT_HELD_REASONS = {
    NotHeld.ACCEPTABLE: _l("Something of theirs that is acceptable"),
    NotHeld.UNACCEPTABLE: _l("Something of theirs that is not acceptable"),
    NotHeld.LOGISTICS: _l("Something on our side"),
}


class Heard(StrEnum):
    """What is known of somebody who did not come."""

    BEFORE = "before"
    AFTER = "after"
    NOTHING = "nothing"


HEARD = {
    Heard.BEFORE: _l("They told us before the session"),
    Heard.AFTER: _l("They told us afterwards"),
    Heard.NOTHING: _l("We have not heard from them"),
}


class Response(StrEnum):
    """How the person took part."""

    WELL = "well"
    PARTLY = "partly"
    HARDLY = "hardly"


RESPONSES = {
    Response.WELL: _l("Took part well"),
    Response.PARTLY: _l("Took part in some of it"),
    Response.HARDLY: _l("Hardly took part"),
}


class AskedBy(StrEnum):
    """Who asked for another time."""

    PROVIDER = "provider"
    PERSON = "person"


ASKED_BY = {AskedBy.PROVIDER: _l("We did"), AskedBy.PERSON: _l("The person did")}
ASKED_BY_SHOWN = {
    AskedBy.PROVIDER: _l("the provider asked"),
    AskedBy.PERSON: _l("the person asked"),
}


class ConcernKind(StrEnum):
    """What the practitioner must know of."""

    CONCERN = "concern"
    BEHAVIOUR = "behaviour"


CONCERN_KINDS = {
    ConcernKind.CONCERN: _l("Concern"),
    ConcernKind.BEHAVIOUR: _l("Poor behaviour"),
}

# Emitted with the session once its attendance is recorded.
ATTENDANCE_RECORDED = "session attendance recorded"
SHORTEST, LONGEST, USUAL = 5, 480, 60


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


class CaseSession(db.Model):
    """A session arranged with the person; its attendance and feedback are recorded once.

    `cancelled_at`: an emergency stop, the end of a group's meeting or the end of the case cancelled
    it. `moved_at`: it was arranged anew as `moved_to_id`. Either way it counts as not held.
    `meeting_id` is the group's meeting that it belongs to.
    """

    __tablename__ = "referral_session"
    __privacy__ = classified(
        none="id referral_id meeting_id starts_at minutes method office_code arranged_by_id "
        "arranged_at recorded_by_id recorded_at cancelled_at moved_at moved_by_id moved_to_id "
        "asked_by",
        personal="address",
        special="attendance not_held heard response feedback responded next_steps late_reason "
        "move_reason",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral_group_meeting.id"))
    starts_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=USUAL)
    method: Mapped[Method] = mapped_column(db_enum(Method))
    office_code: Mapped[str | None] = mapped_column(String(100))
    address: Mapped[str | None] = mapped_column(Encrypted("referral_session.address"))
    arranged_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    arranged_at: Mapped[datetime]
    attendance: Mapped[Attendance | None] = mapped_column(db_enum(Attendance))
    not_held: Mapped[NotHeld | None] = mapped_column(db_enum(NotHeld))
    heard: Mapped[Heard | None] = mapped_column(db_enum(Heard))
    response: Mapped[Response | None] = mapped_column(db_enum(Response))
    late_reason: Mapped[str | None] = mapped_column(Encrypted("referral_session.late_reason"))
    feedback: Mapped[str | None] = mapped_column(Encrypted("referral_session.feedback"))
    responded: Mapped[str | None] = mapped_column(Encrypted("referral_session.responded"))
    next_steps: Mapped[str | None] = mapped_column(Encrypted("referral_session.next_steps"))
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    moved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    moved_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral_session.id"), unique=True)
    asked_by: Mapped[AskedBy | None] = mapped_column(db_enum(AskedBy))
    move_reason: Mapped[str | None] = mapped_column(Encrypted("referral_session.move_reason"))
    __table_args__ = (
        CheckConstraint(
            "cancelled_at IS NULL OR attendance = 'not_held'", name="cancelled_was_not_held"
        ),
        CheckConstraint("moved_at IS NULL OR attendance = 'not_held'", name="moved_was_not_held"),
        CheckConstraint(
            "(moved_at IS NULL) = (moved_to_id IS NULL) AND (moved_at IS NULL) = (asked_by IS NULL)"
            " AND (moved_at IS NULL) = (move_reason IS NULL)",
            name="moved_whole",
        ),
        CheckConstraint("(attendance IS NULL) = (recorded_at IS NULL)", name="recorded_whole"),
        CheckConstraint("not_held IS NULL OR attendance = 'not_held'", name="why_of_not_held"),
        CheckConstraint("heard IS NULL OR attendance = 'absent'", name="heard_of_absent"),
        CheckConstraint(f"minutes BETWEEN {SHORTEST} AND {LONGEST}", name="length"),
        CheckConstraint(
            "office_code IS NULL OR method = 'in_person_office'", name="office_where_at_one"
        ),
        CheckConstraint(
            "address IS NULL OR method = 'in_person_other'", name="address_where_elsewhere"
        ),
        # One that was not held may be arranged again for the same moment.
        Index(
            "uq_referral_session_moment",
            "referral_id",
            "starts_at",
            unique=True,
            sqlite_where=sql("attendance IS NULL OR attendance != 'not_held'"),
            postgresql_where=sql("attendance IS NULL OR attendance != 'not_held'"),
        ),
        Index("ix_referral_session_referral", "referral_id", "starts_at"),
        Index("ix_referral_session_starts", "starts_at"),
        Index("ix_referral_session_arranger", "arranged_by_id", "starts_at"),
        Index("ix_referral_session_meeting", "meeting_id"),
        # For telling people of what is called off.
        Index(
            "ix_referral_session_cancelled",
            "starts_at",
            sqlite_where=sql("cancelled_at IS NOT NULL"),
            postgresql_where=sql("cancelled_at IS NOT NULL"),
        ),
    )

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def is_ahead(self) -> bool:
        """Whether nothing has come of it yet: neither recorded, cancelled nor moved."""
        return self.recorded_at is None


# The condition on a session that its moment is taken.
STANDS = or_(CaseSession.attendance.is_(None), CaseSession.attendance != Attendance.NOT_HELD)


class SessionAddition(db.Model):
    """What was added to a session's feedback later; what was recorded stays as it was."""

    __tablename__ = "referral_session_addition"
    __privacy__ = classified(none="id session_id by_id at", special="text")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("referral_session.id"))
    text: Mapped[str] = mapped_column(Encrypted("referral_session_addition.text"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    __table_args__ = (Index("ix_referral_session_addition_session", "session_id", "at"),)


class Concern(db.Model):
    """Something the practitioner must know of now; open until they say that they have read it."""

    __tablename__ = "referral_concern"
    __privacy__ = classified(
        none="id referral_id session_id by_id at read_at read_by_id", special="kind text"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("referral_session.id"))
    kind: Mapped[ConcernKind] = mapped_column(db_enum(ConcernKind))
    text: Mapped[str] = mapped_column(Encrypted("referral_concern.text"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    read_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (
        CheckConstraint("(read_at IS NULL) = (read_by_id IS NULL)", name="read_by_somebody"),
        Index("ix_referral_concern_referral", "referral_id", "at"),
        Index(
            "ix_referral_concern_open",
            "referral_id",
            sqlite_where=sql("read_at IS NULL"),
            postgresql_where=sql("read_at IS NULL"),
        ),
    )
