"""What claims and indicators ask of the referrals: what was delivered, without names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select

from lots.contracts.claims.models import LineKind
from lots.contracts.claims.reckoning import Delivered
from lots.contracts.models import ContractArea
from marketplace import calendar
from marketplace.database import db
from referrals.codes import Complexity
from referrals.ending.models import Achievement, EndReport, EndReportLine
from referrals.models import Referral, ReferralNeed, ReferralOutcome

RANKED = list(Complexity)


def delivered(contract_id: UUID, first_day: date, last_day: date) -> list[Delivered]:
    """The starts and the outcomes reached under a contract between two days, both counted.

    As the record says now, whenever it was made. A start is the first meeting that was attended:
    the assessment or a session; its complexity is the highest among the needs. An outcome counts
    on the day of the end report that says it was achieved.
    """
    of_contract = ContractArea.contract_id == contract_id
    start, end = calendar.start_of(first_day), calendar.end_of(last_day)
    started = and_(of_contract, Referral.started_at >= start, Referral.started_at < end)
    reported = and_(of_contract, EndReport.sent_at >= start, EndReport.sent_at < end)
    return [*_starts(started), *_outcomes(reported)]


def _starts(condition: ColumnElement[bool]) -> Iterator[Delivered]:
    ranks = {complexity: rank for rank, complexity in enumerate(RANKED)}
    highest = func.max(case(ranks, value=ReferralNeed.complexity))
    rows = db.session.execute(
        select(Referral.contract_area_id, Referral.reference, Referral.started_at, highest)
        .join(ContractArea, ContractArea.id == Referral.contract_area_id)
        .outerjoin(ReferralNeed, ReferralNeed.referral_id == Referral.id)
        .where(condition)
        .group_by(Referral.id)
    )
    for contract_area_id, reference, at, rank in rows:
        complexity = "" if rank is None else RANKED[rank].value
        day = calendar.day_of(at)
        yield Delivered(LineKind.START, contract_area_id, reference, day, complexity)


def _outcomes(condition: ColumnElement[bool]) -> Iterator[Delivered]:
    rows = db.session.execute(
        select(
            Referral.contract_area_id,
            Referral.reference,
            EndReport.sent_at,
            ReferralOutcome.outcome_code,
        )
        .join(ContractArea, ContractArea.id == Referral.contract_area_id)
        .join(EndReport, EndReport.referral_id == Referral.id)
        .join(EndReportLine, EndReportLine.report_id == EndReport.id)
        .join(ReferralOutcome, ReferralOutcome.id == EndReportLine.outcome_id)
        .where(condition, EndReportLine.achievement == Achievement.ACHIEVED)
    )
    for contract_area_id, reference, at, code in rows:
        day = calendar.day_of(at)
        yield Delivered(LineKind.OUTCOME, contract_area_id, reference, day, outcome_code=code)
