"""What a contract's indicators count, from the record of the work; no names, nothing asked for.

Each is so many of so many, and how many different people those are. A clock counts in the month
of its last day; one that lapsed, because the case or the session ended before that day, counts in
neither figure; one still to come, or paused by a question, not yet.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, distinct, func, or_, select
from sqlalchemy.orm import aliased

from lots.contracts.delivery.vocabulary import Indicator
from lots.contracts.models import ContractArea
from marketplace import calendar, clock
from marketplace.database import db
from referrals.corrections.models import NEVER_WAS
from referrals.delivery.models import CAME, Attendance, CaseSession
from referrals.ending.models import EndReport
from referrals.models import ClockKind, Referral, ReferralClock
from referrals.outcomes.models import Moment, OutcomePosition

CLOCKS = {
    Indicator.RESPONSE: ClockKind.RESPONSE,
    Indicator.CONTACT: ClockKind.CONTACT,
    Indicator.ASSESSMENT: ClockKind.ASSESSMENT,
    Indicator.PLAN: ClockKind.PLAN,
    Indicator.FEEDBACK: ClockKind.FEEDBACK,
    Indicator.REPORT: ClockKind.REPORT,
}
Figures = dict[Indicator, tuple[int, int, int]]
# One person may be referred more than once under the same contract.
PEOPLE = func.count(distinct(Referral.crn_hash))


def indicators(contract_id: UUID, first_day: date, last_day: date) -> Figures:
    """Each indicator of a contract between two days, both counted; three statements."""
    of_contract = (
        Referral.contract_area_id == ContractArea.id,
        ContractArea.contract_id == contract_id,
    )
    kept = _clocks(of_contract, first_day, last_day)
    figures: Figures = {each: kept.get(kind, (0, 0, 0)) for each, kind in CLOCKS.items()}
    figures[Indicator.ATTENDED] = _sessions(of_contract, first_day, last_day)
    figures[Indicator.DISTANCE] = _distance(of_contract, first_day, last_day)
    return {each: figures[each] for each in Indicator}


def _count(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _clocks(
    of_contract: Any, first_day: date, last_day: date
) -> dict[ClockKind, tuple[int, int, int]]:
    in_time = and_(
        ReferralClock.stopped_on.is_not(None),
        # One stopped while a question was open had stood still since the question.
        func.coalesce(ReferralClock.paused_on, ReferralClock.stopped_on) <= ReferralClock.due_on,
    )
    rows = db.session.execute(
        select(ReferralClock.kind, _count(in_time), func.count(), PEOPLE)
        .select_from(ReferralClock)
        .join(Referral, Referral.id == ReferralClock.referral_id)
        .join(ContractArea, and_(*of_contract))
        .where(
            ReferralClock.kind.in_(list(CLOCKS.values())),
            ReferralClock.due_on.between(first_day, last_day),
            ReferralClock.lapsed.is_(False),
            or_(
                ReferralClock.stopped_on.is_not(None),
                and_(ReferralClock.paused_on.is_(None), ReferralClock.due_on < clock.today()),
            ),
        )
        .group_by(ReferralClock.kind)
    )
    return {kind: (int(so_many), int(of), int(people)) for kind, so_many, of, people in rows}


def _sessions(of_contract: Any, first_day: date, last_day: date) -> tuple[int, int, int]:
    so_many, of, people = db.session.execute(
        select(_count(CaseSession.attendance.in_(CAME)), func.count(), PEOPLE)
        .select_from(CaseSession)
        .join(Referral, Referral.id == CaseSession.referral_id)
        .join(ContractArea, and_(*of_contract))
        .where(
            CaseSession.starts_at >= calendar.start_of(first_day),
            CaseSession.starts_at < calendar.end_of(last_day),
            CaseSession.attendance.in_((*CAME, Attendance.ABSENT)),
            ~NEVER_WAS,
        )
    ).one()
    return int(so_many), int(of), int(people)


def _distance(of_contract: Any, first_day: date, last_day: date) -> tuple[int, int, int]:
    start, end = aliased(OutcomePosition), aliased(OutcomePosition)
    so_many, of, people = db.session.execute(
        select(_count(end.position > start.position), func.count(), PEOPLE)
        .select_from(EndReport)
        .join(Referral, Referral.id == EndReport.referral_id)
        .join(ContractArea, and_(*of_contract))
        .join(start, and_(start.referral_id == Referral.id, start.moment == Moment.START))
        .join(end, and_(end.outcome_id == start.outcome_id, end.moment == Moment.END))
        .where(
            EndReport.sent_at >= calendar.start_of(first_day),
            EndReport.sent_at < calendar.end_of(last_day),
        )
    ).one()
    return int(so_many), int(of), int(people)
