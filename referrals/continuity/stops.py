"""What an emergency stop does to sessions: those ahead are cancelled, none is arranged."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from lots.contracts.continuity.cases import stopped_in_emergency
from lots.contracts.models import ContractArea
from marketplace import clock
from marketplace.database import changed, db
from marketplace.lifecycle import Refusal
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


def refuse_where_stopped(contract_area_id: UUID) -> None:
    """Raise Refusal where an emergency stop holds this service.

    The share of the area's lock has a stop of this very moment either seen here, or find what is
    being begun or arranged.
    """
    db.session.execute(
        select(ContractArea.id)
        .where(ContractArea.id == contract_area_id)
        .with_for_update(read=True)
    )
    if stopped_in_emergency(contract_area_id):
        raise Refusal(_("This service has been stopped. Nothing new can begin there."))
