"""Groups, concerns and feedback, for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select, update

from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db
from referrals.delivery import concerns
from referrals.delivery.models import Attendance, CaseSession, Concern, ConcernKind, Method
from referrals.delivery.sessions import arrange_session
from referrals.delivery.venues import Venue
from referrals.groups import actions as groups
from referrals.groups.models import GroupMeeting
from tests.support.people import written

if TYPE_CHECKING:
    from tests.support.world import World

PHONE = Venue(Method.PHONE)


def arranged(
    referral_id: UUID, by: Acting, starts_at: datetime | None = None, venue: Venue = PHONE
) -> UUID:
    """A session, now where no moment is given."""
    with written():
        return arrange_session(referral_id, starts_at or clock.now(), venue, by).id


def attended(
    referral_id: UUID,
    by: Acting,
    starts_at: datetime,
    attendance: Attendance = Attendance.ATTENDED,
) -> None:
    """A session with what came of it, also where its time has yet to come."""
    session_id = arranged(referral_id, by, starts_at)
    recorded = {"recorded_at": clock.now(), "recorded_by_id": by.person_id}
    of_session = update(CaseSession).where(CaseSession.id == session_id)
    with written():
        db.session.execute(of_session.values(attendance=attendance, **recorded))


def concern_about(referral_id: UUID, by: Acting) -> UUID:
    """A concern that nobody has acknowledged."""
    with written():
        concerns.raise_concern(referral_id, {ConcernKind.CONCERN: "Sleeps rough"}, by)
    newest = select(Concern.id).where(Concern.referral_id == referral_id)
    return db.session.scalars(newest.order_by(Concern.at.desc()).limit(1)).one()


def group_of(contract_area_id: UUID, by: Acting, capacity: int = 3) -> UUID:
    """A group without dates and people."""
    with written():
        return groups.make_group(contract_area_id, "Tenancy skills", capacity, PHONE, by).id


def meetings(group_id: UUID, by: Acting, weeks: int = 1) -> list[UUID]:
    """Weekly dates from tomorrow on; their ids, the first first."""
    with written():
        groups.add_meetings(group_id, clock.now() + timedelta(days=1), weeks, by)
    found = select(GroupMeeting.id).where(GroupMeeting.group_id == group_id)
    return list(db.session.scalars(found.order_by(GroupMeeting.starts_at)))


def sessions_in(referral_id: UUID) -> list[CaseSession]:
    """The sessions of a case as they are stored now, by time."""
    found = select(CaseSession).where(CaseSession.referral_id == referral_id)
    return list(
        db.session.scalars(
            found.order_by(CaseSession.starts_at, CaseSession.arranged_at).execution_options(
                populate_existing=True
            )
        )
    )


def add_sessions(world: World) -> None:
    """What the pages of sessions and groups ask for."""
    by = world.by("assigned")
    case = world.things["active case"]
    case["concern_id"] = concern_about(case["referral_id"], by)
    hidden = world.things["restricted case"]
    hidden["concern_id"] = concern_about(hidden["referral_id"], by)
    area_id = world.things["service"]["contract_area_id"]
    group_id = group_of(area_id, by)
    world.things["group"] = {
        "group_id": group_id,
        "meeting_id": meetings(group_id, by)[0],
        "referral_id": case["referral_id"],
    }
