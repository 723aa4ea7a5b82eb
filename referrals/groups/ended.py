"""A member's case ends: the seat in the group is free for somebody else."""

from __future__ import annotations

from sqlalchemy import update

from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db
from referrals.groups.models import GroupMember
from referrals.models import Referral


def case_ended(referral: Referral, by: Acting | None) -> None:
    """The handler of whatever ends a case; its service is locked by then, as for joining."""
    db.session.execute(
        update(GroupMember)
        .where(GroupMember.referral_id == referral.id, GroupMember.until.is_(None))
        .values(until=clock.now())
        .execution_options(synchronize_session=False)
    )
