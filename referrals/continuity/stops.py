"""What an emergency stop does to sessions: those ahead are cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from marketplace import clock
from referrals.delivery.calling_off import call_off
from referrals.delivery.models import CaseSession
from referrals.models import Referral


def cancel_sessions(contract_area_ids: Sequence[UUID]) -> int:
    """Cancel every session still ahead in these areas; how many. The areas are locked by then."""
    there = select(Referral.id).where(Referral.contract_area_id.in_(contract_area_ids))
    return call_off(CaseSession.referral_id.in_(there), CaseSession.starts_at > clock.now())
