"""Reading what the case-management system is told of a case."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from marketplace.database import db
from referrals.write_back.models import WriteBack

MOST = 100


def records_of(referral_id: UUID) -> Sequence[WriteBack]:
    """The newest records of a case, the latest first; at most a hundred."""
    return db.session.scalars(
        select(WriteBack)
        .where(WriteBack.referral_id == referral_id)
        .order_by(WriteBack.told_of.desc())
        .limit(MOST)
    ).all()
