"""Applications to qualify, and what came of them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Encrypted, classified, db, db_enum, new_id
from marketplace.organisations.models import Organisation


class ApplicationState(StrEnum):
    """Where an application stands (domain, section 3)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    QUALIFIED = "qualified"
    NOT_YET = "not_yet"


APPLICATION_STATES = {
    ApplicationState.DRAFT: _l("Draft"),
    ApplicationState.SUBMITTED: _l("Being assessed"),
    ApplicationState.QUALIFIED: _l("Qualified"),
    ApplicationState.NOT_YET: _l("Not yet"),
}


class Application(db.Model):
    """One organisation's application for one or more categories, answered once for all of them.

    `due_on` is the tenth working day after submission (policy). `reasons` belong to a "not yet".
    """

    __tablename__ = "qualification_application"
    __privacy__ = classified(
        none="id organisation_id set_id state created_at created_by_id submitted_at "
        "submitted_by_id due_on decided_at decided_by_id",
        personal="reasons",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    set_id: Mapped[UUID] = mapped_column(ForeignKey("question_set.id"))
    state: Mapped[ApplicationState] = mapped_column(
        db_enum(ApplicationState), default=ApplicationState.DRAFT
    )
    created_at: Mapped[datetime]
    created_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reasons: Mapped[str | None] = mapped_column(Encrypted("qualification_application.reasons"))

    organisation: Mapped[Organisation] = relationship()
    categories: Mapped[list[ApplicationCategory]] = relationship(
        cascade="all, delete-orphan", order_by="ApplicationCategory.category_code"
    )
    answers: Mapped[list[ApplicationAnswer]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        Index("ix_qualification_application_organisation", "organisation_id", "created_at"),
        Index("ix_qualification_application_queue", "state", "due_on"),
    )

    @property
    def category_codes(self) -> list[str]:
        """The codes of the categories applied for."""
        return [each.category_code for each in self.categories]


class ApplicationCategory(db.Model):
    """One category an application asks for."""

    __tablename__ = "qualification_application_category"
    __privacy__ = classified(none="application_id category_code")
    application_id: Mapped[UUID] = mapped_column(
        ForeignKey("qualification_application.id"), primary_key=True
    )
    category_code: Mapped[str] = mapped_column(String(60), primary_key=True)


class ApplicationAnswer(db.Model):
    """The answer to one question: words, or "yes" to a confirmation."""

    __tablename__ = "qualification_answer"
    __privacy__ = classified(none="application_id question_id", personal="answer")
    application_id: Mapped[UUID] = mapped_column(
        ForeignKey("qualification_application.id"), primary_key=True
    )
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id"), primary_key=True)
    answer: Mapped[str] = mapped_column(Encrypted("qualification_answer.answer"))


class Qualification(db.Model):
    """One organisation is qualified for one category, since when, by which application."""

    __tablename__ = "qualification"
    __privacy__ = classified(none="id organisation_id category_code application_id since")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    category_code: Mapped[str] = mapped_column(String(60))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("qualification_application.id"))
    since: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("organisation_id", "category_code"),
        Index("ix_qualification_category", "category_code"),
    )
