"""The observations a GET may write: each in a short transaction of its own, before the page.

Session last-seen lives with the sessions; here are the reading of a case or an opened bid (if it
cannot be written the page is not shown) and a search that found nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import classified, db, new_id, observe


class Reading(db.Model):
    """Who read which case or opened bid, when, and acting for whom."""

    __tablename__ = "reading"
    __privacy__ = classified(none="id at kind subject_id person_id organisation_id")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    person_id: Mapped[UUID]
    organisation_id: Mapped[UUID]
    __table_args__ = (
        Index("ix_reading_subject", "kind", "subject_id", "at"),
        Index("ix_reading_person", "person_id", "at"),
    )


class EmptySearch(db.Model):
    """A directory search that found nothing: unmet need, without any person.

    `wanted` are the codes of what else was looked for, spaces between; None where nothing was.
    """

    __tablename__ = "empty_search"
    __privacy__ = classified(none="id at need area wanted")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime]
    need: Mapped[str | None] = mapped_column(String(60))
    area: Mapped[str | None] = mapped_column(String(60))
    wanted: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (Index("ix_empty_search_at", "at"),)


def observe_read(kind: str, subject_id: UUID, by: Acting) -> None:
    """Record that this person is about to be shown this case or opened bid."""
    observe_reads(kind, [subject_id], by)


def observe_reads(kind: str, subject_ids: Sequence[UUID], by: Acting) -> None:
    """The same of several that are shown together, at once."""
    at = clock.now()
    with observe() as session:
        session.add_all(
            Reading(
                at=at,
                kind=kind,
                subject_id=each,
                person_id=by.person_id,
                organisation_id=by.organisation_id,
            )
            for each in subject_ids
        )


def observe_empty_search(need: str | None, area: str | None, wanted: Sequence[str] = ()) -> None:
    """Record a search of the directory that found nothing; never whom it was for."""
    at = clock.now()
    with observe() as session:
        session.add(EmptySearch(at=at, need=need, area=area, wanted=" ".join(wanted) or None))
