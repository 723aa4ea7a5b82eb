"""Reading what of a case counts, and what was put right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, func, select

from lots.contracts.claims.closing import closes_on
from lots.contracts.models import ContractArea
from marketplace import calendar, clock
from marketplace.accounts.models import Person
from marketplace.categories.queries import category_names
from marketplace.database import db
from referrals.corrections.models import STANDS, Correction
from referrals.delivery.models import CAME, Assessment, CaseSession
from referrals.ending.models import Achievement, EndReport, EndReportLine
from referrals.models import Referral
from referrals.outcomes.queries import outcomes_of

# After the end of a case what was recorded can be put right this long (decision 0050).
MONTHS_AFTER_END = 6


class RecordKind(StrEnum):
    """What kind of record is put right."""

    ASSESSMENT = "assessment"
    SESSION = "session"
    OUTCOME = "outcome"


@dataclass(frozen=True)
class Record:
    """One record that can be put right; `at` is when it took place, or its report was sent.

    `correction` is what stands against it, with the name of who said so; `result` and `outcome`
    are those of an outcome.
    """

    kind: RecordKind
    id: UUID
    at: datetime
    correction: Correction | None
    corrected_by: str | None
    result: Achievement | None = None
    outcome: str = ""

    @property
    def is_meeting(self) -> bool:
        """Whether it is a meeting, with which the work may have begun."""
        return self.kind != RecordKind.OUTCOME

    @property
    def counts_at(self) -> datetime | None:
        """When the meeting counts as held; None where it was never held."""
        if self.correction is None:
            return self.at
        day = self.correction.right_on
        return calendar.start_of(day) if day else None


def records_of(referral: Referral) -> list[Record]:
    """Every attended meeting and every reported result of a case, by time; four statements."""
    found = [*_assessments(referral.id), *_sessions(referral.id)]
    found.sort(key=lambda each: each.at)
    return [*found, *_results(referral.id)]


def record_of(referral: Referral, kind: RecordKind, record_id: UUID) -> Record | None:
    """One of them; None where there is none of this kind and id in this case."""
    for each in records_of(referral):
        if (each.kind, each.id) == (kind, record_id):
            return each
    return None


def _assessments(referral_id: UUID) -> Iterator[Record]:
    rows = db.session.execute(
        select(Assessment, Correction, Person.name)
        .outerjoin(Correction, and_(Correction.assessment_id == Assessment.id, STANDS))
        .outerjoin(Person, Person.id == Correction.by_id)
        .where(Assessment.referral_id == referral_id)
    )
    for assessment, correction, name in rows:
        # Of an assessment only the day is asked; on that day it is recorded at its own time.
        same_day = calendar.day_of(assessment.recorded_at) == assessment.held_on
        at = assessment.recorded_at if same_day else calendar.start_of(assessment.held_on)
        yield Record(RecordKind.ASSESSMENT, assessment.id, at, correction, name)


def _sessions(referral_id: UUID) -> Iterator[Record]:
    rows = db.session.execute(
        select(CaseSession.id, CaseSession.starts_at, Correction, Person.name)
        .outerjoin(Correction, and_(Correction.session_id == CaseSession.id, STANDS))
        .outerjoin(Person, Person.id == Correction.by_id)
        .where(CaseSession.referral_id == referral_id, CaseSession.attendance.in_(CAME))
    )
    for session_id, starts_at, correction, name in rows:
        yield Record(RecordKind.SESSION, session_id, starts_at, correction, name)


def _results(referral_id: UUID) -> Iterator[Record]:
    rows = db.session.execute(
        select(EndReportLine, EndReport.sent_at, Correction, Person.name)
        .join(EndReport, EndReport.id == EndReportLine.report_id)
        .outerjoin(Correction, and_(Correction.line_id == EndReportLine.id, STANDS))
        .outerjoin(Person, Person.id == Correction.by_id)
        .where(EndReport.referral_id == referral_id)
    ).all()
    if not rows:
        return
    by_outcome = {row[0].outcome_id: row for row in rows}
    for each in outcomes_of(referral_id, category_names()):
        line, sent_at, correction, name = by_outcome[each.outcome_id]
        yield Record(
            RecordKind.OUTCOME,
            line.id,
            sent_at,
            correction,
            name,
            line.achievement,
            each.outcome,
        )


def first_meeting(referral: Referral) -> datetime | None:
    """When the work began: the first meeting that was attended and was not put right otherwise."""
    held = [*_assessments(referral.id), *_sessions(referral.id)]
    return min((each.counts_at for each in held if each.counts_at), default=None)


def last_day(referral: Referral) -> date | None:
    """Until when something of a case can be put right; None while it goes on (decision 0050).

    Nothing after the last claim of its contract could take back or add what it changes.
    """
    if referral.ended_at is None:
        return None
    last = calendar.months_later(calendar.day_of(referral.ended_at), MONTHS_AFTER_END)
    area = db.session.get_one(ContractArea, referral.contract_area_id)
    closes = closes_on(area.contract)
    return min(last, closes - timedelta(days=1)) if closes else last


def is_in_time(referral: Referral) -> bool:
    """Whether something of this case can still be put right."""
    last = last_day(referral)
    return last is None or clock.today() <= last


def standing(referral_id: UUID) -> int:
    """How many records of a case were put right."""
    found = select(func.count()).where(Correction.referral_id == referral_id, STANDS)
    return db.session.scalar(found) or 0


def corrections_of(referral_id: UUID) -> list[tuple[Correction, str]]:
    """Every correction of a case with who made it, the earliest first."""
    found = (
        select(Correction, Person.name)
        .join(Person, Person.id == Correction.by_id)
        .where(Correction.referral_id == referral_id)
        .order_by(Correction.at, Correction.id)
    )
    return [(correction, name) for correction, name in db.session.execute(found)]
