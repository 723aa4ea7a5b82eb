"""Leaving a group: the seat is free for somebody else, as when a member's case ends."""

from __future__ import annotations

from sqlalchemy import ColumnElement, update

from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db
from referrals.groups.models import GroupMember
from referrals.models import Referral


def case_ended(referral: Referral, by: Acting | None) -> None:
    """The handler of whatever ends a case; its service is locked by then, as for joining."""
    leave(GroupMember.referral_id == referral.id)


def leave(*which: ColumnElement[bool]) -> None:
    """Have these members be in their group no longer."""
    db.session.execute(
        update(GroupMember)
        .where(*which, GroupMember.until.is_(None))
        .values(until=clock.now())
        .execution_options(synchronize_session=False)
    )
