"""Calling sessions off: nothing comes of them, and nothing is due any more."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update

from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import changed, db
from referrals import clocks
from referrals.delivery.models import Attendance, CaseSession
from referrals.models import Referral


def call_off(*which: ColumnElement[bool]) -> int:
    """Call off these sessions, of which nothing is recorded; how many.

    As everywhere the cases are locked first, by id, then what belongs to them; where sessions could
    be arranged meanwhile, the caller has locked their service.
    """
    ahead = (*which, CaseSession.recorded_at.is_(None))
    cases = db.session.scalars(
        select(Referral.id)
        .where(Referral.id.in_(select(CaseSession.referral_id).where(*ahead)))
        .order_by(Referral.id)
        .with_for_update(of=Referral)
    ).all()
    sessions = db.session.scalars(
        select(CaseSession.id)
        .where(CaseSession.referral_id.in_(cases), *ahead)
        .order_by(CaseSession.id)
        .with_for_update(of=CaseSession)
    ).all()
    if not sessions:
        return 0
    now = clock.now()
    called_off = changed(
        update(CaseSession)
        .where(CaseSession.id.in_(sessions))
        .values(attendance=Attendance.NOT_HELD, recorded_at=now, cancelled_at=now)
        .execution_options(synchronize_session=False)
    )
    clocks.lapse_feedback(clock.today(), *sessions)
    return called_off


def case_ended(referral: Referral, by: Acting | None) -> None:
    """The handler of whatever ends a case, moving it to another service included."""
    call_off(CaseSession.referral_id == referral.id, CaseSession.starts_at > clock.now())
