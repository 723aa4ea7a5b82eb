"""Making a group, who is in it, its timetable, and what came of a meeting.

One order of locks: the service, then the group, then the cases by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lots.contracts.models import ContractArea
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.clock import LONDON
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check
from referrals.codes import IN_DELIVERY, IN_HAND
from referrals.delivery.calling_off import call_off
from referrals.delivery.feedback import Feedback, record_session
from referrals.delivery.models import Attendance, CaseSession
from referrals.delivery.sessions import FARTHEST
from referrals.delivery.venues import Venue
from referrals.groups.ended import leave
from referrals.groups.models import Group, GroupMeeting, GroupMember
from referrals.groups.permissions import GroupPermission
from referrals.groups.queries import group_of, in_group, services_of
from referrals.groups.sessions import give_sessions
from referrals.models import Referral
from referrals.permissions import visible_to
from referrals.queries import locked, locked_all

MOST_WEEKS = 26


def make_group(contract_area_id: UUID, name: str, capacity: int, venue: Venue, by: Acting) -> Group:
    """Make a group of one service. Raises Refused, NotYours for a service of somebody else."""
    check(by, GroupPermission.RUN)
    if contract_area_id not in services_of(by):
        raise NotYours()
    venue.refuse_impossible()
    group = Group(
        id=new_id(),
        provider_id=by.organisation_id,
        contract_area_id=contract_area_id,
        name=name,
        capacity=capacity,
        minutes=venue.minutes,
        method=venue.method,
        office_code=venue.office_code,
        address=venue.address,
        made_by_id=by.person_id,
        made_at=clock.now(),
    )
    db.session.add(group)
    audit.record("referral_group:make", subject=group, by=by)
    return group


def locked_group(group_id: UUID, by: Acting) -> Group:
    """The group, locked after its service. Raises NotYours, Refused, Refusal once it has ended."""
    group = group_of(group_id, by)
    check(by, GroupPermission.RUN, group)
    service = select(ContractArea.id).where(ContractArea.id == group.contract_area_id)
    db.session.execute(service.with_for_update(key_share=True))
    db.session.refresh(group, with_for_update=True)
    if group.ended_at is not None:
        raise Refusal(_("This group has ended. Make a new one."))
    return group


def add_people(group_id: UUID, referral_ids: Iterable[UUID], by: Acting) -> int:
    """Put the people of these cases into the group; how many were not in it yet.

    Each is given a session for every meeting ahead. Raises NotYours, Refused, Refusal where there
    is no room for all of them.
    """
    group = locked_group(group_id, by)
    current = set(db.session.scalars(in_group(group.id)))
    new = sorted(set(referral_ids) - current)
    if len(current) + len(new) > group.capacity:
        free = group.capacity - len(current)
        raise Refusal(_("There is room for %(free)s more in this group.", free=max(free, 0)))
    cases = _cases_for(group, new, by)
    db.session.add_all(
        GroupMember(
            id=new_id(),
            group_id=group.id,
            referral_id=each.id,
            added_by_id=by.person_id,
            since=clock.now(),
        )
        for each in cases
    )
    give_sessions(group, meetings_ahead(group.id), cases, by)
    audit.record("referral_group:add", subject=group, by=by, facts={"people": len(new)})
    return len(new)


def _cases_for(group: Group, referral_ids: Sequence[UUID], by: Acting) -> Sequence[Referral]:
    found = locked_all(referral_ids, by)
    if len(found) < len(referral_ids):
        raise NotYours()
    for referral in found:
        if referral.contract_area_id != group.contract_area_id:
            raise NotYours()
    if any(referral.state not in IN_HAND for referral in found):
        raise Refusal(_("Only people whose case is being delivered can be added."))
    return found


def take_out(group_id: UUID, referral_id: UUID, by: Acting) -> None:
    """Take somebody out of the group; their meetings ahead are called off. Twice changes nothing.

    Raises NotYours, Refused.
    """
    group = locked_group(group_id, by)
    locked(referral_id, by)
    leave(GroupMember.group_id == group.id, GroupMember.referral_id == referral_id)
    ahead = [each.id for each in meetings_ahead(group.id)]
    call_off(CaseSession.meeting_id.in_(ahead), CaseSession.referral_id == referral_id)
    audit.record("referral_group:take_out", subject=group, by=by)


def meetings_ahead(group_id: UUID) -> Sequence[GroupMeeting]:
    """The meetings still to come, the next first."""
    return db.session.scalars(
        select(GroupMeeting)
        .where(
            GroupMeeting.group_id == group_id,
            GroupMeeting.cancelled_at.is_(None),
            GroupMeeting.starts_at > clock.now(),
        )
        .order_by(GroupMeeting.starts_at)
    ).all()


def add_meetings(group_id: UUID, first: datetime, weeks: int, by: Acting) -> int:
    """Add a meeting at this moment and in the weeks after it, at the same time of day in London.

    Dates that the group meets on already are left; returns how many were new. Raises NotYours,
    Refused, Refusal for a date in the past or more than six months ahead.
    """
    group = locked_group(group_id, by)
    moments = [_weeks_later(first, week) for week in range(weeks)]
    if moments[0] <= clock.now():
        raise Refusal(_("The first meeting must be in the future."))
    if moments[-1] > clock.now() + FARTHEST:
        raise Refusal(_("Meetings can be arranged for at most six months ahead."))
    known = {each.starts_at for each in meetings_ahead(group.id)}
    new = [moment for moment in moments if moment not in known]
    meetings = [
        GroupMeeting(id=new_id(), group_id=group.id, starts_at=moment, minutes=group.minutes)
        for moment in new
    ]
    db.session.add_all(meetings)
    db.session.flush()
    give_sessions(group, meetings, _members_met(group.id), by)
    audit.record("referral_group:meetings", subject=group, by=by, facts={"meetings": len(new)})
    return len(new)


def _members_met(group_id: UUID) -> Sequence[Referral]:
    """Everybody in the group who is met, locked: also whom the person adding dates may not see."""
    return db.session.scalars(
        select(Referral)
        .where(Referral.id.in_(in_group(group_id)), Referral.state.in_(IN_HAND))
        .order_by(Referral.id)
        .with_for_update(of=Referral)
        .execution_options(populate_existing=True)
    ).all()


def _weeks_later(first: datetime, weeks: int) -> datetime:
    local = first.astimezone(LONDON)
    later = (local.replace(tzinfo=None) + timedelta(weeks=weeks)).replace(tzinfo=LONDON)
    return later.astimezone(first.tzinfo)


def call_off_meeting(group_id: UUID, meeting_id: UUID, by: Acting) -> None:
    """Call a meeting off for everybody; twice changes nothing.

    Raises NotYours, Refused, Refusal once its time has come.
    """
    group = locked_group(group_id, by)
    meeting = meeting_of(group, meeting_id)
    if meeting.cancelled_at is not None:
        return
    if meeting.starts_at <= clock.now():
        raise Refusal(_("The time of this meeting has come. Record who came."))
    meeting.cancelled_at = clock.now()
    call_off(CaseSession.meeting_id == meeting.id)
    audit.record("referral_group:call_off", subject=group, by=by)


def meeting_of(group: Group, meeting_id: UUID) -> GroupMeeting:
    """One meeting of this group. Raises NotYours where it is another's."""
    meeting = db.session.get(GroupMeeting, meeting_id)
    if meeting is None or meeting.group_id != group.id:
        raise NotYours()
    return meeting


@dataclass(frozen=True)
class Came:
    """What came of a meeting for one person, with a short note."""

    attendance: Attendance
    note: str


def record_meeting(group_id: UUID, meeting_id: UUID, came: Mapping[UUID, Came], by: Acting) -> int:
    """Record for each of these sessions who came; how many were not recorded before.

    Raises NotYours, Refused, Refusal before the meeting's time.
    """
    group = group_of(group_id, by)
    check(by, GroupPermission.RUN, group)
    meeting = meeting_of(group, meeting_id)
    if meeting.starts_at > clock.now():
        raise Refusal(_("This meeting has not taken place yet. Record it afterwards."))
    found = db.session.execute(
        select(CaseSession.id, CaseSession.referral_id)
        .join(Referral, Referral.id == CaseSession.referral_id)
        .where(
            CaseSession.meeting_id == meeting.id,
            CaseSession.id.in_(list(came)),
            CaseSession.recorded_at.is_(None),
            Referral.state.in_(IN_DELIVERY),
            visible_to(by),
        )
        .order_by(CaseSession.referral_id)
    ).all()
    for session_id, referral_id in found:
        each = came[session_id]
        record_session(referral_id, session_id, Feedback(each.attendance, each.note), by)
    audit.record("referral_group:record", subject=group, by=by, facts={"people": len(found)})
    return len(found)


def end_group(group_id: UUID, by: Acting) -> None:
    """End the group: its meetings ahead are called off. Twice changes nothing.

    Raises NotYours, Refused.
    """
    group = locked_group(group_id, by)
    ahead = meetings_ahead(group.id)
    for meeting in ahead:
        meeting.cancelled_at = clock.now()
    call_off(CaseSession.meeting_id.in_([each.id for each in ahead]))
    group.ended_at = clock.now()
    leave(GroupMember.group_id == group.id)
    audit.record("referral_group:end", subject=group, by=by)
