"""Files that people send: what is known of each, and, in a table of its own, the content."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.models import Person
from marketplace.database import Encrypted, classified, db, db_enum, new_id
from marketplace.files.kinds import FileKind
from marketplace.organisations.models import Organisation


class FileState(StrEnum):
    """What is known of a file's harmlessness; one that nobody scanned is never called clean."""

    QUARANTINED = "quarantined"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNED = "unscanned"


FILE_STATES = {
    FileState.QUARANTINED: _l("Being checked for viruses"),
    FileState.CLEAN: _l("No virus found"),
    FileState.INFECTED: _l("Removed: it held a virus"),
    FileState.UNSCANNED: _l("Not scanned for viruses"),
}


class File(db.Model):
    """One file. Who may have it is the business of the row that refers to it.

    `loose_since` is None while such a row stands; a file that is loose for a day is removed.
    """

    __tablename__ = "file"
    __privacy__ = classified(
        none="id organisation_id kind size_bytes sha256 state uploaded_by uploaded_at scanned_at "
        "loose_since",
        personal="name",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    name: Mapped[str] = mapped_column(Encrypted("file.name"))
    kind: Mapped[FileKind] = mapped_column(db_enum(FileKind))
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(Encrypted("file.sha256"))
    state: Mapped[FileState] = mapped_column(db_enum(FileState))
    uploaded_by: Mapped[UUID] = mapped_column(ForeignKey(Person.id))
    uploaded_at: Mapped[datetime]
    scanned_at: Mapped[datetime | None]
    loose_since: Mapped[datetime | None] = mapped_column(index=True)

    __table_args__ = (
        CheckConstraint("size_bytes > 0", name="not_empty"),
        CheckConstraint(
            "(scanned_at IS NOT NULL) = (state IN ('clean', 'infected'))", name="scanned_or_not"
        ),
        Index("ix_file_organisation_uploaded", "organisation_id", "uploaded_at"),
        Index("ix_file_state", "state"),
    )


class FileContent(db.Model):
    """The content, encrypted and bound to its file; gone once a virus was found in it."""

    __tablename__ = "file_content"
    __privacy__ = classified(none="file_id", personal="sealed")
    file_id: Mapped[UUID] = mapped_column(
        ForeignKey("file.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
