"""Applications to qualify, one for each category, and what came of them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Person
from marketplace.database import Encrypted, classified, db, db_enum, new_id
from marketplace.files.models import File
from marketplace.organisations.models import Organisation


class ApplicationState(StrEnum):
    """Where an application stands (domain, section 3)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_ASSESSMENT = "in_assessment"
    CORRECTION_REQUESTED = "correction_requested"
    RESUBMITTED = "resubmitted"
    QUALIFIED = "qualified"
    NOT_YET = "not_yet"


APPLICATION_STATES = {
    ApplicationState.DRAFT: _l("Draft"),
    ApplicationState.SUBMITTED: _l("Submitted"),
    ApplicationState.IN_ASSESSMENT: _l("Being assessed"),
    ApplicationState.CORRECTION_REQUESTED: _l("Correction asked for"),
    ApplicationState.RESUBMITTED: _l("Submitted again"),
    ApplicationState.QUALIFIED: _l("Qualified"),
    ApplicationState.NOT_YET: _l("Not yet"),
}
# With the framework team, its clock running.
WITH_ASSESSORS = (
    ApplicationState.SUBMITTED,
    ApplicationState.IN_ASSESSMENT,
    ApplicationState.RESUBMITTED,
)
PENDING = (*WITH_ASSESSORS, ApplicationState.CORRECTION_REQUESTED)
DECIDED = (ApplicationState.QUALIFIED, ApplicationState.NOT_YET)
RUNNING = "state NOT IN ('qualified', 'not_yet')"


class Application(db.Model):
    """One organisation's application for one category.

    `set_id` are the questions asked once of an organisation, `category_set_id` those of the
    category, both in the version in force when the draft was begun. `due_on` and `escalate_on` are
    working days of England and Wales after submission, moved by every correction. A decision
    without `decided_by_id` was made by the checks alone. `reasons` belong to a "not yet".
    """

    __tablename__ = "qualification_application"
    __privacy__ = classified(
        none="id organisation_id category_code set_id category_set_id state created_at "
        "created_by_id edited_at edited_by_id submitted_at submitted_by_id assessor_id due_on "
        "escalate_on escalated_at policy_version decided_at decided_by_id sign_off_asked_at "
        "signed_off_at signed_off_by_id",
        personal="reasons sent_back",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    category_code: Mapped[str] = mapped_column(String(100))
    set_id: Mapped[UUID] = mapped_column(ForeignKey("question_set.id"))
    category_set_id: Mapped[UUID] = mapped_column(ForeignKey("question_set.id"))
    state: Mapped[ApplicationState] = mapped_column(
        db_enum(ApplicationState), default=ApplicationState.DRAFT
    )
    created_at: Mapped[datetime]
    created_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime | None]
    edited_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    sign_off_asked_at: Mapped[datetime | None]
    signed_off_at: Mapped[datetime | None]
    signed_off_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    sent_back: Mapped[str | None] = mapped_column(Encrypted("qualification_application.sent_back"))
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    policy_version: Mapped[int | None]
    assessor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]
    escalate_on: Mapped[date | None]
    escalated_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reasons: Mapped[str | None] = mapped_column(Encrypted("qualification_application.reasons"))

    organisation: Mapped[Organisation] = relationship()
    assessor: Mapped[Person | None] = relationship(foreign_keys=[assessor_id])
    answers: Mapped[list[ApplicationAnswer]] = relationship(
        cascade="all, delete-orphan", foreign_keys="ApplicationAnswer.application_id"
    )
    corrections: Mapped[list[Correction]] = relationship(
        cascade="all, delete-orphan", order_by="Correction.requested_at"
    )

    __table_args__ = (
        Index("ix_qualification_application_organisation", "organisation_id", "created_at"),
        Index("ix_qualification_application_queue", "state", "due_on"),
        Index("ix_qualification_application_escalation", "escalate_on", "state"),
        Index("ix_qualification_application_set", "set_id"),
        Index("ix_qualification_application_category_set", "category_set_id"),
        # Two people who press at once begin one application.
        Index(
            "uq_qualification_application_running",
            "organisation_id",
            "category_code",
            unique=True,
            sqlite_where=text(RUNNING),
            postgresql_where=text(RUNNING),
        ),
        CheckConstraint("state = 'draft' OR due_on IS NOT NULL", name="submitted_has_a_clock"),
        CheckConstraint("escalate_on >= due_on", name="escalated_after_due"),
        CheckConstraint("state <> 'not_yet' OR reasons IS NOT NULL", name="not_yet_has_reasons"),
    )

    @property
    def open_correction(self) -> Correction | None:
        """What the applicant is asked to correct now."""
        return next((each for each in self.corrections if each.closed_at is None), None)

    @property
    def given(self) -> dict[UUID, str]:
        """The answers by question."""
        return {each.question_id: each.answer for each in self.answers}


class ApplicationAnswer(db.Model):
    """The answer to one question, who gave it when, and the application it was copied from.

    The answer to a question for a file is the file's id; `file_id` keeps the file.
    """

    __tablename__ = "qualification_answer"
    __privacy__ = classified(
        none="application_id question_id file_id edited_at edited_by_id source_id",
        personal="answer",
    )
    application_id: Mapped[UUID] = mapped_column(
        ForeignKey("qualification_application.id"), primary_key=True
    )
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"), primary_key=True)
    answer: Mapped[str] = mapped_column(Encrypted("qualification_answer.answer"))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("file.id"))
    edited_at: Mapped[datetime]
    edited_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    source_id: Mapped[UUID | None] = mapped_column(ForeignKey("qualification_application.id"))

    file: Mapped[File | None] = relationship()
    edited_by: Mapped[Person] = relationship()
    source: Mapped[Application | None] = relationship(foreign_keys=[source_id])
    __table_args__ = (
        Index("ix_qualification_answer_source", "source_id"),
        Index("ix_qualification_answer_file", "file_id"),
    )


class Correction(db.Model):
    """Questions that the applicant may answer again, until the end of a working day, and why.

    `question_ids` as text, in the order asked. `closed_at` is when the applicant handed it back,
    or, with `ran_out`, when the window ended.
    """

    __tablename__ = "qualification_correction"
    __privacy__ = classified(
        none="id application_id requested_at requested_by_id question_ids until closed_at ran_out",
        personal="why",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("qualification_application.id"))
    requested_at: Mapped[datetime]
    requested_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    question_ids: Mapped[list[str]] = mapped_column(JSON)
    why: Mapped[str] = mapped_column(Encrypted("qualification_correction.why"))
    until: Mapped[date]
    closed_at: Mapped[datetime | None]
    ran_out: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        Index(
            "uq_qualification_correction_open",
            "application_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_qualification_correction_until", "closed_at", "until"),
    )


class QualificationState(StrEnum):
    """Where a qualification stands (domain, section 3)."""

    QUALIFIED = "qualified"
    SUSPENDED = "suspended"
    REMOVED = "removed"
    LAPSED = "lapsed"


QUALIFICATION_STATES = {
    QualificationState.QUALIFIED: _l("Qualified"),
    QualificationState.SUSPENDED: _l("Suspended"),
    QualificationState.REMOVED: _l("Removed"),
    QualificationState.LAPSED: _l("Lapsed"),
}


class Ground(StrEnum):
    """Why a qualification is suspended or removed."""

    EXCLUSION = "exclusion"
    SAFEGUARDING = "safeguarding"
    DATA_PROTECTION = "data_protection"
    UNTRUE_ANSWER = "untrue_answer"
    INSOLVENCY = "insolvency"
    OWN_WISH = "own_wish"
    OTHER = "other"


GROUNDS = {
    Ground.EXCLUSION: _l("A ground for exclusion applies"),
    Ground.SAFEGUARDING: _l("Safeguarding"),
    Ground.DATA_PROTECTION: _l("Data protection"),
    Ground.UNTRUE_ANSWER: _l("An answer was not true or is no longer true"),
    Ground.INSOLVENCY: _l("Insolvency"),
    Ground.OWN_WISH: _l("The organisation asked for it"),
    Ground.OTHER: _l("Another reason, described"),
}


class Qualification(db.Model):
    """One organisation is qualified for one category.

    `reconfirm_by` is the day the yearly reconfirmation is due; `lapses_on`, the grace later, is the
    last day it counts. `suspended_until` is the first day it counts again, even where a job is
    late.
    `reminded_days` is the last reminder sent for this `reconfirm_by`, in days before it.
    """

    __tablename__ = "qualification"
    __privacy__ = classified(
        none="id organisation_id category_code application_id state since reconfirm_by lapses_on "
        "reconfirmed_at reconfirmed_by_id reminded_days suspended_at suspended_until "
        "suspension_ground",
        personal="suspension_text",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    category_code: Mapped[str] = mapped_column(String(100))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("qualification_application.id"))
    state: Mapped[QualificationState] = mapped_column(
        db_enum(QualificationState), default=QualificationState.QUALIFIED
    )
    since: Mapped[datetime]
    reconfirm_by: Mapped[date]
    lapses_on: Mapped[date]
    reconfirmed_at: Mapped[datetime | None]
    reconfirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reminded_days: Mapped[int | None]
    suspended_at: Mapped[datetime | None]
    suspended_until: Mapped[date | None]
    suspension_ground: Mapped[Ground | None] = mapped_column(db_enum(Ground))
    suspension_text: Mapped[str | None] = mapped_column(Encrypted("qualification.suspension_text"))

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        UniqueConstraint("organisation_id", "category_code"),
        Index("ix_qualification_category", "category_code", "state"),
        Index("ix_qualification_reconfirm", "state", "reconfirm_by"),
        Index("ix_qualification_lapses", "state", "lapses_on"),
        Index("ix_qualification_suspended", "state", "suspended_until"),
        CheckConstraint("lapses_on >= reconfirm_by", name="lapses_after_it_is_due"),
        CheckConstraint(
            "state <> 'suspended' OR (suspended_until IS NOT NULL AND suspension_text IS NOT NULL)",
            name="suspended_with_reason_and_end",
        ),
    )

    def counts_on(self, day: date) -> bool:
        """Whether it counts for bids on `day`, even where a job is late."""
        back = self.state is QualificationState.SUSPENDED and (self.suspended_until or day) <= day
        return (self.state is QualificationState.QUALIFIED or back) and self.lapses_on >= day

    @classmethod
    def counting_on(cls, day: date) -> ColumnElement[bool]:
        """The condition that says the same in a statement."""
        back = and_(cls.state == QualificationState.SUSPENDED, cls.suspended_until <= day)
        return and_(or_(cls.state == QualificationState.QUALIFIED, back), cls.lapses_on >= day)
