"""Looking for a lead or for partners, and writing to those who do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from bids.finder import queries
from bids.finder.lifecycle import END, ENTRY, TAKE_DOWN, THREAD
from bids.finder.models import (
    EntryState,
    FinderArea,
    FinderCategory,
    FinderEntry,
    FinderMessage,
    FinderThread,
    Side,
    ThreadState,
)
from bids.finder.naming import names_a_lot
from bids.finder.permissions import FinderPermission
from bids.finder.telling import tell
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.overtaken import Overtaken, fingerprint
from marketplace.permissions import check

MOST_DAYS = 180
# What one organisation may hold or do, so that nobody fills the list or other people's mail.
MOST_ENTRIES = 10
MOST_FIRST_MESSAGES = 10
MOST_IN_A_ROW = 5
DAY = timedelta(days=1)


class NamesLot(Refusal):
    """The words of an entry say which lot somebody has in mind."""

    def __init__(self) -> None:
        super().__init__(
            _("Take out which lot you have in mind. Say the kind of service and the areas.")
        )


@dataclass(frozen=True)
class Sought:
    """What an entry says."""

    side: Side
    area_codes: tuple[str, ...]
    category_codes: tuple[str, ...]
    words: str
    ends_on: date


def held(entry: FinderEntry) -> dict[str, Any]:
    """What an entry says now, to tell whether a colleague changed it meanwhile."""
    return {
        "side": entry.side.value,
        "areas": sorted(each.area_code for each in entry.areas),
        "categories": sorted(each.category_code for each in entry.categories),
        "words": entry.words,
        "ends_on": entry.ends_on,
    }


def post_entry(sought: Sought, by: Acting) -> FinderEntry:
    """Let others find that this organisation looks for a lead or for partners.

    Raises NamesLot, and Refusal for a last day too far away and for one entry too many.
    """
    check(by, FinderPermission.WRITE)
    _alone(by)
    _check(sought)
    own = select(func.count()).where(
        queries.shown(), FinderEntry.organisation_id == by.organisation_id
    )
    if (db.session.scalar(own) or 0) >= MOST_ENTRIES:
        raise Refusal(
            _(
                "Your organisation has %(most)s entries, the most there can be. Take one down.",
                most=MOST_ENTRIES,
            )
        )
    entry = FinderEntry(
        id=new_id(), organisation_id=by.organisation_id, side=sought.side, created_at=clock.now()
    )
    _say(entry, sought)
    db.session.add(entry)
    audit.record("finder_entry:posted", subject=entry, by=by)
    return entry


def change_entry(entry_id: UUID, sought: Sought, seen: str, by: Acting) -> None:
    """Change an entry that is not taken down; a later last day shows it again.

    Raises Overtaken where a colleague changed it after the page with `seen` was opened, NamesLot
    and Refusal as `post_entry` does.
    """
    entry = queries.own_entry(entry_id, by, locked=True)
    check(by, FinderPermission.KEEP, entry)
    if entry.state != EntryState.SHOWN:
        raise Refusal(_("This entry was taken down. Write a new one."))
    if fingerprint(held(entry)) != seen:
        raise Overtaken()
    _check(sought)
    _say(entry, sought)
    audit.record("finder_entry:changed", subject=entry, by=by)


def take_down(entry_id: UUID, by: Acting) -> None:
    """Nobody finds the entry any more; conversations about it go on."""
    ENTRY.take(TAKE_DOWN, queries.own_entry(entry_id, by, locked=True), by)


def _say(entry: FinderEntry, sought: Sought) -> None:
    entry.side, entry.words, entry.ends_on = sought.side, sought.words, sought.ends_on
    areas = {each.area_code: each for each in entry.areas}
    categories = {each.category_code: each for each in entry.categories}
    entry.areas = [
        areas.get(code) or FinderArea(id=new_id(), area_code=code)
        for code in dict.fromkeys(sought.area_codes)
    ]
    entry.categories = [
        categories.get(code) or FinderCategory(id=new_id(), category_code=code)
        for code in dict.fromkeys(sought.category_codes)
    ]


def problem_of_day(ends_on: date) -> str | None:
    """What is wrong with the last day of an entry."""
    today = clock.today()
    if today < ends_on <= today + timedelta(days=MOST_DAYS):
        return None
    return _("The last day must be after today and at most %(most)s days from now", most=MOST_DAYS)


def _check(sought: Sought) -> None:
    if problem := problem_of_day(sought.ends_on):
        raise Refusal(problem)
    if names_a_lot(sought.words):
        raise NamesLot()


def _alone(by: Acting) -> None:
    # One after another for each organisation, so that what is counted holds.
    db.session.get(Organisation, by.organisation_id, with_for_update=True)


def write_first(entry_id: UUID, text: str, by: Acting) -> FinderThread:
    """Write to the organisation behind an entry; goes on where a colleague has begun already.

    Raises Refusal for more first messages than a day allows, or where they ended one before.
    """
    check(by, FinderPermission.WRITE)
    _alone(by)
    entry = queries.others_entry(entry_id, by)
    begun = queries.thread_about(entry_id, by)
    if begun is not None:
        write_message(begun.id, text, by)
        return begun
    _check_wanted(entry, by)
    now = clock.now()
    thread = FinderThread(
        id=new_id(),
        entry_id=entry.id,
        asker_id=by.organisation_id,
        owner_id=entry.organisation_id,
        started_at=now,
        last_at=now,
        last_by_id=by.organisation_id,
    )
    db.session.add(thread)
    db.session.flush()
    audit.record("finder_thread:started", subject=thread, by=by)
    _add(thread, text, by)
    tell(thread, entry.organisation_id)
    return thread


def _check_wanted(entry: FinderEntry, by: Acting) -> None:
    begun = FinderThread.asker_id == by.organisation_id
    today = select(func.count()).where(begun, FinderThread.started_at > clock.now() - DAY)
    if (db.session.scalar(today) or 0) >= MOST_FIRST_MESSAGES:
        raise Refusal(
            _(
                "Your organisation has written to %(most)s others within a day, which is the most "
                "it can. Try again tomorrow.",
                most=MOST_FIRST_MESSAGES,
            )
        )
    ended = select(FinderThread.id).where(begun, FinderThread.ended_by_id == entry.organisation_id)
    if db.session.scalar(ended.limit(1)) is not None:
        raise Refusal(
            _("This organisation has ended a conversation with yours, so you cannot write to it.")
        )


def write_message(thread_id: UUID, text: str, by: Acting) -> None:
    """Write on in a conversation.

    Raises Refusal where it was ended, or where so many messages in a row had no answer.
    """
    thread = queries.own_thread(thread_id, by, locked=True)
    check(by, FinderPermission.TALK, thread)
    if thread.state != ThreadState.OPEN:
        raise Refusal(_("This conversation was ended. Nothing more can be written."))
    answered = thread.last_by_id != by.organisation_id
    if not answered and _in_a_row(thread) >= MOST_IN_A_ROW:
        raise Refusal(
            _(
                "Your last %(most)s messages have no answer yet. Wait until they have written.",
                most=MOST_IN_A_ROW,
            )
        )
    _add(thread, text, by)
    thread.last_at, thread.last_by_id = clock.now(), by.organisation_id
    # One mail until it is answered, not one for each message.
    if answered:
        tell(thread, thread.other_than(by.organisation_id).id)


def _in_a_row(thread: FinderThread) -> int:
    last = select(FinderMessage.organisation_id).where(FinderMessage.thread_id == thread.id)
    last = last.order_by(FinderMessage.written_at.desc(), FinderMessage.id).limit(MOST_IN_A_ROW)
    return sum(writer == thread.last_by_id for writer in db.session.scalars(last))


def _add(thread: FinderThread, text: str, by: Acting) -> None:
    message = FinderMessage(
        id=new_id(),
        thread_id=thread.id,
        organisation_id=by.organisation_id,
        person_id=by.person_id,
        written_at=clock.now(),
        text=text,
    )
    db.session.add(message)
    audit.record("finder_message:written", subject=message, by=by)


def end_thread(thread_id: UUID, by: Acting) -> None:
    """End a conversation for good; the other organisation can begin none with this one."""
    thread = queries.own_thread(thread_id, by, locked=True)
    THREAD.take(END, thread, by, facts={"ended_by_id": by.organisation_id})
