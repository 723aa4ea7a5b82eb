"""Telling the case-management system again what could not be delivered."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.permissions import check
from referrals.permissions import ReferralPermission
from referrals.queries import locked
from referrals.write_back.models import WriteBack, WriteBackState


def tell_again(referral_id: UUID, by: Acting) -> None:
    """Have everything of a case that failed tried anew. Raises NotYours, Refused."""
    referral = locked(referral_id, by)
    check(by, ReferralPermission.END, referral)
    db.session.execute(
        update(WriteBack)
        .where(WriteBack.referral_id == referral_id, WriteBack.state == WriteBackState.FAILED)
        .values(
            state=WriteBackState.PENDING,
            attempts=0,
            due_at=clock.technical_now(),
            finished_at=None,
        )
    )
    audit.record("referral:tell_again", subject=referral, by=by)
