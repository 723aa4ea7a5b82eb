"""Reading notes, and what of them is new; the record of reads says what somebody has seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, true

from marketplace.accounts.queries import names_of_people
from marketplace.acting import Acting, OrganisationKind
from marketplace.database import db
from marketplace.observations import Reading
from marketplace.organisations.models import Organisation
from marketplace.paging import Page, paged
from referrals.models import Referral
from referrals.notes.models import CaseNote, Side
from referrals.notes.permissions import side_of
from referrals.permissions import MANAGERS, own, visible_to

# What `observe_read` is told when the notes of a case are shown.
NOTES = "referral_notes"
SIZE = 20
MOST = 100


@dataclass(frozen=True)
class Notes:
    """One page of a case's notes, the newest first, with the names of the people in them.

    `seen_until`: when this reader last read them; `unread` of this side's notes nobody of the
    other has read.
    """

    page: Page
    names: dict[UUID, str]
    seen_until: datetime | None
    unread: int

    def is_new(self, note: CaseNote, by: Acting) -> bool:
        """Written by the other side since this reader last looked."""
        if note.side == side_of(by):
            return False
        return self.seen_until is None or note.at > self.seen_until


def notes_of(referral: Referral, by: Acting) -> Notes:
    """The page asked for; to be read before this reading is recorded."""
    newest = (
        select(CaseNote)
        .where(CaseNote.referral_id == referral.id)
        .order_by(CaseNote.at.desc(), CaseNote.id.desc())
    )
    page = paged(newest, SIZE)
    people = [person for each in page.items for person in (each.by_id, each.acknowledged_by_id)]
    last = select(func.max(Reading.at)).where(
        Reading.kind == NOTES,
        Reading.subject_id == referral.id,
        Reading.person_id == by.person_id,
    )
    return Notes(page, names_of_people(people), db.session.scalar(last), _unread(referral, by))


def _unread(referral: Referral, by: Acting) -> int:
    """How many of this side's notes nobody of the other side has read."""
    is_provider = Organisation.kind == OrganisationKind.PROVIDER
    mine = side_of(by)
    read_there = exists().where(
        Reading.kind == NOTES,
        Reading.subject_id == referral.id,
        Reading.at >= CaseNote.at,
        Organisation.id == Reading.organisation_id,
        ~is_provider if mine == Side.PROVIDER else is_provider,
    )
    unread = select(func.count()).where(
        CaseNote.referral_id == referral.id, CaseNote.side == mine, ~read_there
    )
    return db.session.scalar(unread) or 0


def to_acknowledge(referral_id: UUID) -> Sequence[Side]:
    """Of each urgent note of a case that nobody has acknowledged, the side that wrote it."""
    return db.session.scalars(
        select(CaseNote.side).where(CaseNote.referral_id == referral_id, *_OPEN)
    ).all()


def urgent_for(by: Acting) -> tuple[int, UUID | None]:
    """How many urgent notes wait for this person, at most 100, and the case of the oldest."""
    waiting = (
        select(CaseNote.referral_id)
        .join(Referral, Referral.id == CaseNote.referral_id)
        .where(*_OPEN, CaseNote.side != side_of(by), _is_told(by), visible_to(by))
        .order_by(CaseNote.at, CaseNote.id)
        .limit(MOST)
    )
    found = db.session.scalars(waiting).all()
    return len(found), found[0] if found else None


def new_for(by: Acting) -> tuple[int, UUID | None]:
    """How many own open cases have notes this person has not read, at most 100, and the first."""
    seen = exists().where(
        Reading.kind == NOTES,
        Reading.subject_id == CaseNote.referral_id,
        Reading.person_id == by.person_id,
        Reading.at >= CaseNote.at,
    )
    unread = exists().where(
        CaseNote.referral_id == Referral.id, CaseNote.side != side_of(by), ~seen
    )
    unseen = (
        select(Referral.id)
        .where(own(by), Referral.ended_at.is_(None), unread, visible_to(by))
        .order_by(Referral.sent_at, Referral.id)
        .limit(MOST)
    )
    found = db.session.scalars(unseen).all()
    return len(found), found[0] if found else None


_OPEN = (CaseNote.is_urgent, CaseNote.acknowledged_at.is_(None))


def _is_told(by: Acting) -> ColumnElement[bool]:
    """The case is theirs, or they manage those whose it is."""
    return true() if by.has(*MANAGERS) else own(by)
