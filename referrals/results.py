"""The job that counts once a month what came of each service, for the directory.

The last twelve whole months, in three grouped statements whatever the number of services. Counted
by month and not by day, so that no figure tells of one person by changing with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, delete, distinct, func, insert, or_, select
from sqlalchemy.orm import aliased

from marketplace import calendar
from marketplace.calendar import months_later
from marketplace.database import db, write
from referrals.codes import ReferralState
from referrals.ending.models import EndReport
from referrals.models import Referral
from referrals.outcomes.models import Moment, OutcomePosition
from referrals.services.models import Counted, ServiceResult

MONTHS = 12
RESULTS = "results"
Counts = dict[UUID, dict[str, Any]]


def until(day: date) -> date:
    """The last day of the months counted on `day`."""
    return day.replace(day=1) - timedelta(days=1)


def count(now: datetime) -> int:
    """Count anew where a month has ended since; how many services have figures."""
    last = until(calendar.day_of(now))
    counted = db.session.get(Counted, RESULTS)
    if counted and counted.until_on == last:
        return 0
    first = months_later(last.replace(day=1), 1 - MONTHS)
    found = _counted(calendar.start_of(first), calendar.end_of(last))
    none = {column.name: 0 for column in ServiceResult.__table__.columns}
    rows = [
        none | {"contract_area_id": each, "until_on": last} | facts for each, facts in found.items()
    ]
    with write():
        db.session.merge(Counted(what=RESULTS, until_on=last))
        db.session.execute(delete(ServiceResult))
        if rows:
            db.session.execute(insert(ServiceResult), rows)
    return len(rows)


def next_count(after: datetime) -> datetime | None:
    """The first moment of the next month."""
    return calendar.start_of(months_later(calendar.day_of(after).replace(day=1), 1))


def _counted(start: datetime, end: datetime) -> Counts:
    found: Counts = defaultdict(dict)
    for rows in (_cases(start, end), _distances(start, end), _ratings(start, end)):
        for row in rows:
            facts = dict(row._mapping)
            found[facts.pop("contract_area_id")] |= {
                name: int(value or 0) for name, value in facts.items()
            }
    return found


def _people(condition: Any) -> Any:
    return func.count(distinct(case((condition, Referral.crn_hash))))


def _cases(start: datetime, end: datetime) -> Iterable[Any]:
    began = and_(Referral.started_at >= start, Referral.started_at < end)
    over = and_(
        Referral.ended_at >= start, Referral.ended_at < end, Referral.started_at.is_not(None)
    )
    done = and_(over, Referral.state == ReferralState.COMPLETED)
    return db.session.execute(
        select(
            Referral.contract_area_id,
            func.count(case((began, 1))).label("starts"),
            _people(began).label("start_people"),
            func.count(case((over, 1))).label("ended"),
            _people(over).label("ended_people"),
            func.count(case((done, 1))).label("completed"),
        )
        .where(or_(began, over))
        .group_by(Referral.contract_area_id)
    )


def _distances(start: datetime, end: datetime) -> Iterable[Any]:
    first, last = aliased(OutcomePosition), aliased(OutcomePosition)
    return db.session.execute(
        select(
            Referral.contract_area_id,
            func.count().label("distances"),
            func.sum(last.position - first.position).label("distance_points"),
            func.count(distinct(Referral.crn_hash)).label("distance_people"),
        )
        .select_from(EndReport)
        .join(Referral, Referral.id == EndReport.referral_id)
        .join(first, and_(first.referral_id == Referral.id, first.moment == Moment.START))
        .join(last, and_(last.outcome_id == first.outcome_id, last.moment == Moment.END))
        .where(EndReport.sent_at >= start, EndReport.sent_at < end)
        .group_by(Referral.contract_area_id)
    )


def _ratings(start: datetime, end: datetime) -> Iterable[Any]:
    return db.session.execute(
        select(
            Referral.contract_area_id,
            func.count(EndReport.rating).label("ratings"),
            func.sum(EndReport.rating).label("rating_points"),
            func.count(distinct(Referral.crn_hash)).label("rating_people"),
        )
        .select_from(EndReport)
        .join(Referral, Referral.id == EndReport.referral_id)
        .where(EndReport.sent_at >= start, EndReport.sent_at < end, EndReport.rating.is_not(None))
        .group_by(Referral.contract_area_id)
    )
