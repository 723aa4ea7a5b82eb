"""Reading the end of service report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.database import db
from referrals.delivery.models import CaseSession
from referrals.ending.models import EndReport, EndReportLine


@dataclass(frozen=True)
class Report:
    """The report of one case, who wrote it, and its lines by the outcome they speak of."""

    report: EndReport
    author: str
    lines: Mapping[UUID, EndReportLine]


def report_of(referral_id: UUID) -> Report | None:
    """The end of service report of a case; None before it is sent. Two statements."""
    found = db.session.execute(
        select(EndReport, Person.name)
        .join(Person, Person.id == EndReport.by_id)
        .where(EndReport.referral_id == referral_id)
    ).one_or_none()
    if found is None:
        return None
    report, author = found
    lines = db.session.scalars(select(EndReportLine).where(EndReportLine.report_id == report.id))
    return Report(report, author, {line.outcome_id: line for line in lines})


def sessions_ahead(referral_id: UUID) -> int:
    """How many sessions are arranged for later: the end of the case calls them off."""
    found = select(func.count()).where(
        CaseSession.referral_id == referral_id,
        CaseSession.recorded_at.is_(None),
        CaseSession.starts_at > clock.now(),
    )
    return db.session.scalar(found) or 0
