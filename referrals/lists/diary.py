"""The diary of those who deliver: what is arranged in the days ahead, and what is to be recorded.

A caseworker has the sessions of the cases they work on, a service manager those of everybody's
cases. A group's meeting stands there once, however many of its people are in these cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy import ColumnElement, select

from marketplace import calendar, clock
from marketplace.acting import Acting, Role
from marketplace.database import db
from referrals.delivery.models import CaseSession, Method
from referrals.groups.models import Group, GroupMeeting
from referrals.lists.rows import caseworkers_of
from referrals.models import Referral
from referrals.permissions import own, visible_to

DAYS_AHEAD = 7
# So many of each list are shown; whoever has more records the first of them first.
MOST = 100


@dataclass(frozen=True)
class Entry:
    """One session, or one meeting of a group (`group_id`); `who` works on the case."""

    starts_at: datetime
    minutes: int
    method: Method
    title: str
    id: UUID
    referral_id: UUID | None = None
    group_id: UUID | None = None
    who: Sequence[str] = ()


@dataclass(frozen=True)
class Diary:
    """What is to be recorded, the oldest first, and what is ahead, by day."""

    to_record: Sequence[Entry]
    days: Sequence[tuple[date, Sequence[Entry]]]


def diary(by: Acting) -> Diary:
    """The sessions from now to the end of the seventh day, and earlier ones without a record.

    At most `MOST` of either; seven statements.
    """
    now = clock.now()
    until = calendar.end_of(clock.today() + timedelta(days=DAYS_AHEAD))
    late = _entries(by, [CaseSession.starts_at <= now])
    ahead = _entries(by, [CaseSession.starts_at > now, CaseSession.starts_at < until])
    by_day = groupby(ahead, key=lambda each: calendar.day_of(each.starts_at))
    return Diary(late, [(day, list(entries)) for day, entries in by_day])


def _entries(by: Acting, when: Sequence[ColumnElement[bool]]) -> list[Entry]:
    theirs = [visible_to(by), *when, CaseSession.recorded_at.is_(None)]
    if not by.has(Role.SERVICE_MANAGER):
        theirs.append(own(by))
    found = [*_sessions(theirs), *_meetings(theirs)]
    return sorted(found, key=lambda each: (each.starts_at, each.title))[:MOST]


def _sessions(theirs: Sequence[ColumnElement[bool]]) -> list[Entry]:
    rows = db.session.execute(
        select(CaseSession, Referral.id, Referral.name, Referral.reference)
        .join(Referral, Referral.id == CaseSession.referral_id)
        .where(*theirs, CaseSession.meeting_id.is_(None))
        .order_by(CaseSession.starts_at, CaseSession.id)
        .limit(MOST)
    ).all()
    working = caseworkers_of([row.id for row in rows])
    return [
        Entry(
            session.starts_at,
            session.minutes,
            session.method,
            f"{name}, {reference}",
            session.id,
            referral_id=referral_id,
            who=working.get(referral_id, ()),
        )
        for session, referral_id, name, reference in rows
    ]


def _meetings(theirs: Sequence[ColumnElement[bool]]) -> list[Entry]:
    expected = (
        select(CaseSession.meeting_id)
        .join(Referral, Referral.id == CaseSession.referral_id)
        .where(*theirs, CaseSession.meeting_id.is_not(None))
    )
    rows = db.session.execute(
        select(GroupMeeting, Group)
        .join(Group, Group.id == GroupMeeting.group_id)
        .where(GroupMeeting.id.in_(expected))
        .order_by(GroupMeeting.starts_at, GroupMeeting.id)
        .limit(MOST)
    )
    return [
        Entry(
            meeting.starts_at,
            meeting.minutes,
            group.method,
            group.name,
            meeting.id,
            group_id=group.id,
        )
        for meeting, group in rows
    ]
