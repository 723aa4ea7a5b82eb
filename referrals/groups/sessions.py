"""The sessions that the meetings of a group are on the cases of those in it.

Many at once: as many statements for a year of meetings as for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace import audit
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.permissions import check
from referrals.delivery.models import STANDS, CaseSession
from referrals.delivery.sessions import new_session, put_sessions
from referrals.delivery.venues import Venue
from referrals.groups.models import Group, GroupMeeting
from referrals.models import Referral
from referrals.permissions import ReferralPermission, visible_to
from referrals.stopped import refuse_where_stopped


def give_sessions(
    group: Group, meetings: Sequence[GroupMeeting], cases: Sequence[Referral], by: Acting
) -> None:
    """A session for each of these meetings on each of these locked cases, unless it is there.

    The cases are of the group's service, which is locked, and are being delivered. Raises
    Refused, Refusal where somebody has another session then, or the service has been stopped.
    """
    if not meetings or not cases:
        return
    # All are of one service, so that one tells for all.
    check(by, ReferralPermission.DELIVER, cases[0])
    refuse_where_stopped(group.contract_area_id)
    venue = Venue(group.method, group.minutes, group.office_code, group.address)
    venue.refuse_impossible()
    taken = _taken(meetings, cases)
    new = []
    for case in cases:
        for meeting in meetings:
            moment = (case.id, meeting.starts_at)
            if moment not in taken:
                new.append(new_session(case.id, meeting.starts_at, venue, by, meeting.id))
            elif taken[moment] != meeting.id:
                raise _has_another(case, by)
    if not new:
        return
    put_sessions(new)
    for session in new:
        audit.record("referral_session:arrange", subject=session, by=by)


def _taken(
    meetings: Sequence[GroupMeeting], cases: Sequence[Referral]
) -> dict[tuple[UUID, datetime], UUID | None]:
    """The moments at which these people have sessions, and of which meeting each is."""
    found = db.session.execute(
        select(CaseSession.referral_id, CaseSession.starts_at, CaseSession.meeting_id).where(
            CaseSession.referral_id.in_([each.id for each in cases]),
            CaseSession.starts_at.in_([each.starts_at for each in meetings]),
            STANDS,
        )
    )
    return {(referral_id, starts_at): meeting_id for referral_id, starts_at, meeting_id in found}


def _has_another(case: Referral, by: Acting) -> Refusal:
    seen = select(Referral.reference).where(Referral.id == case.id, visible_to(by))
    reference = db.session.scalar(seen)
    if reference is None:
        return Refusal(
            _(
                "Somebody whose case you cannot see has another session at the time of a meeting. "
                "Choose another time, or ask your manager."
            )
        )
    return Refusal(
        _(
            "Somebody has another session at the time of a meeting. Move that session first: "
            "%(reference)s.",
            reference=reference,
        )
    )
