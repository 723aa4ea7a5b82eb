"""Files that people send: what is known of each, and, in a table of its own, the content."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from nacl.secret import SecretBox
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.models import Person
from marketplace.database import Encrypted, classified, db, db_enum, new_id
from marketplace.files.kinds import FileKind
from marketplace.keyring import Vault, vault
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


@dataclass(frozen=True)
class Owner:
    """Whose file it is, and who sent it."""

    organisation_id: UUID
    person_id: UUID


HIDDEN_BLOCK_BYTES = 256 * 1024
OPEN = ("organisation_id", "uploaded_by", "name")
HIDDEN = ("hidden_owner", "scope_hash", "sealed_name", "sealed_key")


def _all(columns: tuple[str, ...], state: str) -> str:
    return " AND ".join(f"{column} {state}" for column in columns)


ONE_SORT = (
    f"({_all(OPEN, 'IS NOT NULL')} AND {_all(HIDDEN, 'IS NULL')}) OR "
    f"({_all(OPEN, 'IS NULL')} AND {_all(HIDDEN, 'IS NOT NULL')})"
)


class File(db.Model):
    """One file. Who may have it is the business of the row that refers to it.

    `loose_since` is None while such a row stands; a file that is loose for a day is removed.

    Its owner is either open, or hidden: then no column names organisation or person, the name and
    the content's own key are under the organisation's data key, and `scope_hash`, a keyed hash of
    what the file is for together with the organisation, is all that several of them share.
    """

    __tablename__ = "file"
    __privacy__ = classified(
        none="id organisation_id kind size_bytes sha256 state uploaded_by uploaded_at scanned_at "
        "loose_since scope_hash sealed_key",
        personal="name hidden_owner sealed_name",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey(Organisation.id))
    open_name: Mapped[str | None] = mapped_column("name", Encrypted("file.name"))
    hidden_owner: Mapped[str | None] = mapped_column(Encrypted("file.hidden_owner"))
    scope_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    sealed_name: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    kind: Mapped[FileKind] = mapped_column(db_enum(FileKind))
    stored_bytes: Mapped[int] = mapped_column("size_bytes")
    sha256: Mapped[str] = mapped_column(Encrypted("file.sha256"))
    state: Mapped[FileState] = mapped_column(db_enum(FileState))
    uploaded_by: Mapped[UUID | None] = mapped_column(ForeignKey(Person.id))
    uploaded_at: Mapped[datetime]
    scanned_at: Mapped[datetime | None]
    loose_since: Mapped[datetime | None] = mapped_column(index=True)

    __table_args__ = (
        CheckConstraint("size_bytes > 0", name="not_empty"),
        CheckConstraint(
            "(scanned_at IS NOT NULL) = (state IN ('clean', 'infected'))", name="scanned_or_not"
        ),
        CheckConstraint(ONE_SORT, name="one_sort_of_owner"),
        Index("ix_file_organisation_uploaded", "organisation_id", "uploaded_at"),
        Index("ix_file_scope_uploaded", "scope_hash", "uploaded_at"),
        Index("ix_file_state", "state"),
    )

    @property
    def is_hidden(self) -> bool:
        """No column names its owner."""
        return self.hidden_owner is not None

    @property
    def owner(self) -> Owner:
        """Whose it is, of whichever sort."""
        if self.hidden_owner is not None:
            return Owner(**{key: UUID(each) for key, each in json.loads(self.hidden_owner).items()})
        assert self.organisation_id is not None and self.uploaded_by is not None  # a CHECK
        return Owner(self.organisation_id, self.uploaded_by)

    @property
    def name(self) -> str:
        """The name it was sent with, cleaned."""
        if self.sealed_name is not None:
            return self._vault.unlock("file.name", bytes(self.sealed_name)).decode()
        assert self.open_name is not None  # a CHECK
        return self.open_name

    @property
    def key(self) -> bytes:
        """The random key of a hidden file's content, for its owner and for what seals it."""
        return self._secret[: SecretBox.KEY_SIZE]

    @property
    def size_bytes(self) -> int:
        """How large the file is; a hidden one is stored filled up to whole blocks."""
        if not self.is_hidden:
            return self.stored_bytes
        return int.from_bytes(self._secret[SecretBox.KEY_SIZE :])

    @property
    def _secret(self) -> bytes:
        assert self.sealed_key is not None, "an open file has no key of its own"
        return self._vault.unlock(f"file.key:{self.id}", bytes(self.sealed_key))

    def hide(self, owner: Owner, scope_hash: bytes, name: str, key: bytes) -> None:
        """Give it an owner that no column names, and a size that tells no file from another."""
        size = self.stored_bytes
        self.stored_bytes = -(-(size + 1) // HIDDEN_BLOCK_BYTES) * HIDDEN_BLOCK_BYTES
        self.hidden_owner = json.dumps({name: str(each) for name, each in vars(owner).items()})
        self.scope_hash = scope_hash
        self.sealed_name = self._vault.lock("file.name", name.encode())
        self.sealed_key = self._vault.lock(f"file.key:{self.id}", key + size.to_bytes(8))

    @property
    def _vault(self) -> Vault:
        return vault(self.owner.organisation_id)


class FileContent(db.Model):
    """The content, encrypted and bound to its file; gone once a virus was found in it."""

    __tablename__ = "file_content"
    __privacy__ = classified(none="file_id", personal="sealed")
    file_id: Mapped[UUID] = mapped_column(
        ForeignKey("file.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
