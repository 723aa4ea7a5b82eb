"""How many people wait for a service, and how long it took until the first meeting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from uuid import UUID

from sqlalchemy import func, select

from marketplace import clock
from marketplace.database import db
from referrals.codes import ReferralState
from referrals.models import Referral

WAIT_DAYS = timedelta(days=90)
FEWEST_FIRST_SESSIONS = 5


@dataclass(frozen=True)
class Wait:
    """How long people waited from sending to the first attended meeting, in the last 90 days."""

    median_days: int | None


NO_WAIT = Wait(None)


def waiting_for(contract_area_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many people wait for each of these; those for which nobody does are left out."""
    counted = (
        select(Referral.contract_area_id, func.count())
        .where(
            Referral.contract_area_id.in_(contract_area_ids),
            Referral.state == ReferralState.WAITING,
        )
        .group_by(Referral.contract_area_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


def waits(contract_area_ids: Sequence[UUID]) -> dict[UUID, Wait]:
    """The wait for each of these."""
    rows = db.session.execute(
        select(Referral.contract_area_id, Referral.sent_at, Referral.started_at).where(
            Referral.contract_area_id.in_(contract_area_ids),
            Referral.started_at > clock.now() - WAIT_DAYS,
        )
    )
    days: dict[UUID, list[int]] = defaultdict(list)
    for contract_area_id, sent_at, started_at in rows:
        if started_at is not None:
            days[contract_area_id].append(max(0, (started_at - sent_at).days))
    return {each: _wait(days[each]) for each in contract_area_ids}


def _wait(days: list[int]) -> Wait:
    enough = len(days) >= FEWEST_FIRST_SESSIONS
    return Wait(round(median(days)) if enough else None)
