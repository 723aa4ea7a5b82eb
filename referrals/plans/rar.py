"""Enforceable (RAR) days used: the days on which the person came to a session.

One day counts once, however many sessions it held; the assessment does not count (decision 0035).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from marketplace import calendar
from marketplace.database import db
from referrals.codes import OPEN
from referrals.delivery.models import CAME, CaseSession
from referrals.models import Referral


@dataclass(frozen=True)
class DaysUsed:
    """Days used in this case of those referred for, and in all of the person's open referrals.

    `court_maximum` is the court's, where the practitioner gave it.
    """

    here: int
    of_referral: int
    in_all: int
    court_maximum: int | None

    @property
    def is_reached(self) -> bool:
        """Whether no further enforceable day is left, here or at all."""
        here = 0 < self.of_referral <= self.here
        return here or (self.court_maximum is not None and 0 < self.court_maximum <= self.in_all)


def days_used(referral: Referral) -> DaysUsed:
    """The days used so far; one statement.

    Of the person's other open referrals only the number of days is told, so that it may be shown
    to a reader who may not see those.
    """
    rows = db.session.execute(
        select(CaseSession.referral_id, CaseSession.starts_at)
        .join(Referral, Referral.id == CaseSession.referral_id)
        .where(
            Referral.crn_hash == referral.crn_hash,
            or_(Referral.state.in_(OPEN), Referral.id == referral.id),
            CaseSession.attendance.in_(CAME),
        )
    )
    days: dict[UUID, set[date]] = {}
    for referral_id, starts_at in rows:
        days.setdefault(referral_id, set()).add(calendar.day_of(starts_at))
    maximum = referral.rar_maximum
    return DaysUsed(
        len(days.get(referral.id, ())),
        int(referral.rar_days),
        len(set().union(*days.values())),
        int(maximum) if maximum else None,
    )
