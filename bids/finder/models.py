"""Who looks for a lead or for partners, and what two organisations write to each other about it.

Nothing here leads to a lot or a bid: it would tie an organisation to a lot before its opening.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Person
from marketplace.database import Encrypted, classified, db, db_enum, new_id
from marketplace.organisations.models import Organisation


class Side(StrEnum):
    """Which side of a partnership is still missing."""

    LEAD = "lead"
    PARTNERS = "partners"


SIDES = {
    Side.LEAD: _l("Looks for a lead"),
    Side.PARTNERS: _l("Looks for partners"),
}


class EntryState(StrEnum):
    """Whether its organisation still wants to be found; past its last day nobody finds it."""

    SHOWN = "shown"
    TAKEN_DOWN = "taken_down"


ENTRY_STATES = {
    EntryState.SHOWN: _l("Shown"),
    EntryState.TAKEN_DOWN: _l("Taken down"),
}


class FinderEntry(db.Model):
    """An organisation looks for a lead or for partners, in its own words, up to its last day."""

    __tablename__ = "finder_entry"
    __privacy__ = classified(
        none="id organisation_id side state created_at ends_on", personal="words"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    side: Mapped[Side] = mapped_column(db_enum(Side))
    state: Mapped[EntryState] = mapped_column(db_enum(EntryState), default=EntryState.SHOWN)
    words: Mapped[str] = mapped_column(Encrypted("finder_entry.words"))
    created_at: Mapped[datetime]
    ends_on: Mapped[date]

    organisation: Mapped[Organisation] = relationship()
    areas: Mapped[list[FinderArea]] = relationship(
        cascade="all, delete-orphan", order_by="FinderArea.area_code"
    )
    categories: Mapped[list[FinderCategory]] = relationship(
        cascade="all, delete-orphan", order_by="FinderCategory.category_code"
    )

    __table_args__ = (
        Index("ix_finder_entry_state_ends_on", "state", "ends_on"),
        Index("ix_finder_entry_organisation_id", "organisation_id", "created_at"),
    )


class FinderArea(db.Model):
    """One PCC area that an entry is about."""

    __tablename__ = "finder_area"
    __privacy__ = classified(none="id entry_id area_code")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("finder_entry.id"))
    area_code: Mapped[str] = mapped_column(String(60))
    __table_args__ = (
        UniqueConstraint("entry_id", "area_code"),
        Index("ix_finder_area_area_code", "area_code"),
    )


class FinderCategory(db.Model):
    """One service category that an entry is about."""

    __tablename__ = "finder_category"
    __privacy__ = classified(none="id entry_id category_code")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("finder_entry.id"))
    category_code: Mapped[str] = mapped_column(String(60))
    __table_args__ = (
        UniqueConstraint("entry_id", "category_code"),
        Index("ix_finder_category_category_code", "category_code"),
    )


class ThreadState(StrEnum):
    """Whether the two organisations can still write to each other."""

    OPEN = "open"
    ENDED = "ended"


THREAD_STATES = {
    ThreadState.OPEN: _l("Open"),
    ThreadState.ENDED: _l("Ended"),
}


class FinderThread(db.Model):
    """What two organisations write to each other about an entry: whose it is, and who asked.

    `last_by_id` wrote last, so that the other one is asked to answer.
    """

    __tablename__ = "finder_thread"
    __privacy__ = classified(
        none="id entry_id asker_id owner_id state started_at last_at last_by_id ended_by_id"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("finder_entry.id"))
    asker_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[ThreadState] = mapped_column(db_enum(ThreadState), default=ThreadState.OPEN)
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]
    last_by_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))

    entry: Mapped[FinderEntry] = relationship()
    asker: Mapped[Organisation] = relationship(foreign_keys=asker_id)
    owner: Mapped[Organisation] = relationship(foreign_keys=owner_id)

    __table_args__ = (
        UniqueConstraint("entry_id", "asker_id"),
        CheckConstraint("asker_id <> owner_id", name="two_organisations"),
        CheckConstraint("(state = 'ended') = (ended_by_id IS NOT NULL)", name="ended_by_one"),
        CheckConstraint("last_by_id IN (asker_id, owner_id)", name="last_by_one_of_them"),
        Index("ix_finder_thread_asker_id", "asker_id", "started_at"),
        Index("ix_finder_thread_owner_id", "owner_id", "last_at"),
    )

    def other_than(self, organisation_id: UUID) -> Organisation:
        """The one of the two organisations that is not this one."""
        return self.asker if organisation_id == self.owner_id else self.owner


class FinderMessage(db.Model):
    """One message, in the words of the person who wrote it for their organisation."""

    __tablename__ = "finder_message"
    __privacy__ = classified(
        none="id thread_id organisation_id person_id written_at", personal="text"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    thread_id: Mapped[UUID] = mapped_column(ForeignKey("finder_thread.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Encrypted("finder_message.text"))

    organisation: Mapped[Organisation] = relationship()
    person: Mapped[Person] = relationship()

    __table_args__ = (Index("ix_finder_message_thread_id_written_at", "thread_id", "written_at"),)
