"""What an emergency stop does to sessions: those ahead are cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update

from marketplace import clock
from marketplace.database import changed, db
from referrals import clocks
from referrals.delivery.models import Attendance, CaseSession
from referrals.models import Referral


def cancel_sessions(contract_area_ids: Sequence[UUID]) -> int:
    """Cancel every session still ahead in these areas; how many. The areas are locked by then."""
    now = clock.now()
    ahead = db.session.scalars(
        select(CaseSession.id)
        .join(Referral, Referral.id == CaseSession.referral_id)
        .where(
            Referral.contract_area_id.in_(contract_area_ids),
            CaseSession.starts_at > now,
            CaseSession.attendance.is_(None),
        )
        .with_for_update(of=CaseSession)
    ).all()
    cancelled = changed(
        update(CaseSession)
        .where(CaseSession.id.in_(ahead))
        .values(attendance=Attendance.NOT_HELD, recorded_at=now, cancelled_at=now)
        .execution_options(synchronize_session=False)
    )
    clocks.lapse_feedback(clock.today(), *ahead)
    return cancelled
