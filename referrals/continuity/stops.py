"""What an emergency stop does to sessions: those ahead are cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update

from marketplace import clock
from marketplace.database import changed
from referrals.delivery.models import Attendance, CaseSession
from referrals.models import Referral


def cancel_sessions(contract_area_ids: Sequence[UUID]) -> int:
    """Cancel every session still ahead in these areas; how many. The areas are locked by then."""
    now = clock.now()
    of_area = select(Referral.id).where(Referral.contract_area_id.in_(contract_area_ids))
    return changed(
        update(CaseSession)
        .where(
            CaseSession.referral_id.in_(of_area),
            CaseSession.starts_at > now,
            CaseSession.attendance.is_(None),
        )
        .values(attendance=Attendance.NOT_HELD, recorded_at=now, cancelled_at=now)
        .execution_options(synchronize_session=False)
    )
