"""Reading the record of the work."""

from __future__ import annotations

from uuid import UUID

from marketplace.database import db
from marketplace.permissions import NotYours
from referrals.delivery.models import CaseSession


def session_of(referral_id: UUID, session_id: UUID) -> CaseSession:
    """One session of this case. Raises NotYours where it belongs to another."""
    session = db.session.get(CaseSession, session_id)
    if session is None or session.referral_id != referral_id:
        raise NotYours()
    return session
