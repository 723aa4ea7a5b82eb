"""What an opened bid is to have corrected, and what its bidder sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bids.models import Bid
from marketplace.database import Encrypted, classified, db, db_enum, new_id
from marketplace.files import File


class Fault(StrEnum):
    """What may be corrected after the opening; never a scored answer, never the price."""

    DECLARATION_MISSING = "declaration_missing"
    DOCUMENT_MISSING = "document_missing"
    DOCUMENT_UNREADABLE = "document_unreadable"
    CLERICAL_ERROR = "clerical_error"


FAULTS = {
    Fault.DECLARATION_MISSING: _l("A declaration is missing"),
    Fault.DOCUMENT_MISSING: _l("A document is missing"),
    Fault.DOCUMENT_UNREADABLE: _l("A document cannot be read"),
    Fault.CLERICAL_ERROR: _l("An obvious clerical error"),
}


class CorrectionEnd(StrEnum):
    """How a request for a correction ended."""

    ANSWERED = "answered"
    LAPSED = "lapsed"
    TAKEN_BACK = "taken_back"
    OVERTAKEN = "overtaken"


CORRECTION_ENDS = {
    CorrectionEnd.ANSWERED: _l("Corrected"),
    CorrectionEnd.LAPSED: _l("Not corrected in time"),
    CorrectionEnd.TAKEN_BACK: _l("Request taken back"),
    CorrectionEnd.OVERTAKEN: _l("Not needed any more"),
}

OPEN = "ended_at IS NULL"


class Correction(db.Model):
    """One request to correct a bid, and its answer, which stands beside what was sealed.

    `due_at` is the first moment that is too late. The files count once the answer is sent.
    """

    __tablename__ = "correction"
    __privacy__ = classified(
        none="id bid_id fault asked_at asked_by_id due_at ended_at ended_as answered_by_id",
        personal="what answer",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    fault: Mapped[Fault] = mapped_column(db_enum(Fault))
    what: Mapped[str] = mapped_column(Encrypted("correction.what"))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    due_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_as: Mapped[CorrectionEnd | None] = mapped_column(db_enum(CorrectionEnd))
    answer: Mapped[str] = mapped_column(Encrypted("correction.answer"), default="")
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    bid: Mapped[Bid] = relationship()
    files: Mapped[list[CorrectionFile]] = relationship(
        order_by="CorrectionFile.added_at, CorrectionFile.id", lazy="selectin"
    )

    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended_somehow"),
        CheckConstraint("due_at > asked_at", name="due_after_asked"),
        CheckConstraint(
            "(ended_as = 'answered') = (answered_by_id IS NOT NULL)", name="answered_by_somebody"
        ),
        CheckConstraint("ended_as <> 'answered' OR ended_at < due_at", name="answered_in_time"),
        Index("ix_correction_bid_id_asked_at", "bid_id", "asked_at"),
        Index("ix_correction_ended_at_due_at", "ended_at", "due_at"),
        # One at a time.
        Index(
            "uq_correction_open",
            "bid_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
    )


class CorrectionFile(db.Model):
    """A file that a bidder sends with its correction."""

    __tablename__ = "correction_file"
    __privacy__ = classified(none="id correction_id file_id added_at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    correction_id: Mapped[UUID] = mapped_column(ForeignKey("correction.id"), index=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey(File.id), index=True)
    added_at: Mapped[datetime]

    file: Mapped[File] = relationship(lazy="joined")
