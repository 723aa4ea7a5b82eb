"""The notice that comes before a removal, with the organisation's right to answer first."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Encrypted, classified, db, db_enum, new_id
from marketplace.qualification.models import Ground, Qualification


class NoticeState(StrEnum):
    """Where a notice of removal stands."""

    SERVED = "served"
    ANSWERED = "answered"
    UPHELD = "upheld"
    DROPPED = "dropped"


NOTICE_STATES = {
    NoticeState.SERVED: _l("Waiting for the organisation’s answer"),
    NoticeState.ANSWERED: _l("Answered, to be decided"),
    NoticeState.UPHELD: _l("Removed"),
    NoticeState.DROPPED: _l("Not removed"),
}
OPEN = "state IN ('served', 'answered')"


class RemovalNotice(db.Model):
    """Why a qualification is to be removed; the organisation may answer until `answer_by` ends."""

    __tablename__ = "qualification_removal"
    __privacy__ = classified(
        none="id qualification_id state ground served_at served_by_id answer_by answered_at "
        "answered_by_id decided_at decided_by_id",
        personal="reasons answer decision",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    qualification_id: Mapped[UUID] = mapped_column(ForeignKey("qualification.id"))
    state: Mapped[NoticeState] = mapped_column(db_enum(NoticeState), default=NoticeState.SERVED)
    ground: Mapped[Ground] = mapped_column(db_enum(Ground))
    reasons: Mapped[str] = mapped_column(Encrypted("qualification_removal.reasons"))
    served_at: Mapped[datetime]
    served_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    answer_by: Mapped[date]
    answer: Mapped[str | None] = mapped_column(Encrypted("qualification_removal.answer"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decision: Mapped[str | None] = mapped_column(Encrypted("qualification_removal.decision"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    qualification: Mapped[Qualification] = relationship()

    __table_args__ = (
        Index(
            "uq_qualification_removal_open",
            "qualification_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        CheckConstraint("state <> 'answered' OR answer IS NOT NULL", name="answered_in_words"),
    )

    @property
    def organisation_id(self) -> UUID:
        """Whose qualification it is, for the permission to answer."""
        return self.qualification.organisation_id
