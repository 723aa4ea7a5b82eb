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
    is_ahead = (CaseSession.starts_at > now, CaseSession.attendance.is_(None))
    # As everywhere: the cases first, by id, then what belongs to them.
    cases = db.session.scalars(
        select(Referral.id)
        .where(
            Referral.contract_area_id.in_(contract_area_ids),
            Referral.id.in_(select(CaseSession.referral_id).where(*is_ahead)),
        )
        .order_by(Referral.id)
        .with_for_update(of=Referral)
    ).all()
    ahead = db.session.scalars(
        select(CaseSession.id)
        .where(CaseSession.referral_id.in_(cases), *is_ahead)
        .order_by(CaseSession.id)
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
