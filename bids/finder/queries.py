"""Reading entries, and the messages of one's own organisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from bids.finder.models import (
    SIDES,
    EntryState,
    FinderArea,
    FinderCategory,
    FinderEntry,
    FinderMessage,
    FinderThread,
    Side,
    ThreadState,
)
from bids.finder.permissions import FinderPermission
from marketplace import clock
from marketplace.acting import Acting
from marketplace.areas.queries import area_choices
from marketplace.categories.queries import category_names
from marketplace.database import db
from marketplace.organisations.models import OrganisationArea
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours, allowed


@dataclass(frozen=True)
class Wanted:
    """What a reader asks for; "" means any."""

    side: str = ""
    area: str = ""
    category: str = ""


def choices() -> dict[str, list[tuple[str, Any]]]:
    """(value, label) of everything that can be asked for, by name."""
    return {
        "side": [(side.value, label) for side, label in SIDES.items()],
        "area": list(area_choices()),
        "category": list(category_names().items()),
    }


def asked(given: Mapping[str, str], offered: Mapping[str, list[tuple[str, Any]]]) -> Wanted:
    """What the address asks for; what is not offered is left out."""
    known = {name: {value for value, _label in each} for name, each in offered.items()}
    return Wanted(**{name: given[name] for name in known if given.get(name) in known[name]})


def shown() -> Any:
    """The condition of an entry that others find: judged by its last day, not by a job."""
    return (FinderEntry.state == EntryState.SHOWN) & (FinderEntry.ends_on >= clock.today())


def _whole(found: Select[Any]) -> Select[Any]:
    return found.options(
        joinedload(FinderEntry.organisation),
        selectinload(FinderEntry.areas),
        selectinload(FinderEntry.categories),
    )


def entries(wanted: Wanted, by: Acting) -> Page:
    """What other organisations look for, newest first."""
    found = select(FinderEntry).where(shown(), FinderEntry.organisation_id != by.organisation_id)
    if wanted.side:
        found = found.where(FinderEntry.side == Side(wanted.side))
    if wanted.area:
        found = found.where(FinderEntry.areas.any(FinderArea.area_code == wanted.area))
    if wanted.category:
        found = found.where(
            FinderEntry.categories.any(FinderCategory.category_code == wanted.category)
        )
    return paged(_whole(found.order_by(FinderEntry.created_at.desc(), FinderEntry.id)))


def own_entries(by: Acting) -> Page:
    """Everything the organisation has looked for, newest first."""
    found = select(FinderEntry).where(FinderEntry.organisation_id == by.organisation_id)
    return paged(_whole(found.order_by(FinderEntry.created_at.desc(), FinderEntry.id)))


def areas_covered(by: Acting) -> list[str]:
    """The areas in which the organisation works, for a new entry."""
    found = select(OrganisationArea.area_code).where(
        OrganisationArea.organisation_id == by.organisation_id
    )
    return list(db.session.scalars(found))


def own_entry(entry_id: UUID, by: Acting, *, locked: bool = False) -> FinderEntry:
    """The organisation's own entry. Raises NotYours."""
    entry = _get(FinderEntry, entry_id, locked)
    if not allowed(by, FinderPermission.KEEP, entry):
        raise NotYours(entry_id)
    return entry


def others_entry(entry_id: UUID, by: Acting) -> FinderEntry:
    """An entry of another organisation that is shown. Raises NotYours."""
    found = _whole(select(FinderEntry).where(FinderEntry.id == entry_id, shown()))
    entry = db.session.scalars(found).one_or_none()
    if entry is None or entry.organisation_id == by.organisation_id:
        raise NotYours(entry_id)
    return entry


def thread_about(entry_id: UUID, by: Acting) -> FinderThread | None:
    """What our organisation has begun to write about an entry."""
    found = select(FinderThread).where(
        FinderThread.entry_id == entry_id, FinderThread.asker_id == by.organisation_id
    )
    return db.session.scalar(found)


def own_thread(thread_id: UUID, by: Acting, *, locked: bool = False) -> FinderThread:
    """A conversation that our organisation takes part in. Raises NotYours."""
    thread = _get(FinderThread, thread_id, locked)
    if not allowed(by, FinderPermission.TALK, thread):
        raise NotYours(thread_id)
    return thread


def _get(model: Any, row_id: UUID, locked: bool) -> Any:
    found = select(model).where(model.id == row_id)
    if locked:
        found = found.with_for_update().execution_options(populate_existing=True)
    row = db.session.scalar(found)
    if row is None:
        raise NotYours(row_id)
    return row


def _with(organisation_id: UUID) -> Any:
    return or_(FinderThread.asker_id == organisation_id, FinderThread.owner_id == organisation_id)


def own_threads(by: Acting) -> Page:
    """The organisation's conversations, the last written first."""
    found = select(FinderThread).where(_with(by.organisation_id))
    return paged(
        found.order_by(FinderThread.last_at.desc(), FinderThread.id).options(
            joinedload(FinderThread.asker),
            joinedload(FinderThread.owner),
            joinedload(FinderThread.entry),
        )
    )


def unanswered(by: Acting) -> int:
    """How many open conversations wait for this organisation's answer."""
    found = select(func.count()).where(
        _with(by.organisation_id),
        FinderThread.state == ThreadState.OPEN,
        FinderThread.last_by_id != by.organisation_id,
    )
    return db.session.scalar(found) or 0


def messages(thread: FinderThread) -> Page:
    """What was written, the newest first, so that it is on the first page."""
    found = select(FinderMessage).where(FinderMessage.thread_id == thread.id)
    return paged(
        found.order_by(FinderMessage.written_at.desc(), FinderMessage.id).options(
            joinedload(FinderMessage.organisation), joinedload(FinderMessage.person)
        )
    )
