"""What claims and indicators ask of the referrals: what was delivered, without names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from lots.contracts.claims.models import LineKind
from lots.contracts.claims.reckoning import Delivered
from lots.contracts.models import ContractArea
from marketplace import calendar
from marketplace.database import db
from referrals.codes import Complexity
from referrals.corrections.models import STANDS, Correction
from referrals.ending.models import Achievement, EndReport, EndReportLine
from referrals.models import Referral, ReferralNeed, ReferralOutcome

RANKED = list(Complexity)


def delivered(contract_id: UUID, first_day: date, last_day: date) -> list[Delivered]:
    """The starts and the outcomes reached under a contract between two days, both counted.

    As the record says now, whenever it was made or put right. A start is the first meeting that
    was attended: the assessment or a session; its complexity is the highest among the needs. A
    case that goes on with an earlier one of the same contract starts no second time (decision
    0050). An outcome counts on the day of the end report that says it was achieved.
    """
    of_contract = ContractArea.contract_id == contract_id
    start, end = calendar.start_of(first_day), calendar.end_of(last_day)
    started = and_(of_contract, Referral.started_at >= start, Referral.started_at < end)
    reported = and_(of_contract, EndReport.sent_at >= start, EndReport.sent_at < end)
    return [*_starts(and_(started, ~_went_on(contract_id))), *_outcomes(reported)]


def _went_on(contract_id: UUID) -> ColumnElement[bool]:
    """Whether the work of a case had begun under this contract in one that it goes on with."""
    before = aliased(Referral)
    chain = (
        select(Referral.id.label("case_id"), Referral.continues_id.label("before_id"))
        .join(ContractArea, ContractArea.id == Referral.contract_area_id)
        .where(ContractArea.contract_id == contract_id, Referral.continues_id.is_not(None))
        .cte("chain", recursive=True)
    )
    further = select(chain.c.case_id, before.continues_id).join(
        before, before.id == chain.c.before_id
    )
    chain = chain.union(further.where(before.continues_id.is_not(None)))
    earlier, area = aliased(Referral), aliased(ContractArea)
    return exists().where(
        chain.c.case_id == Referral.id,
        earlier.id == chain.c.before_id,
        earlier.started_at.is_not(None),
        area.id == earlier.contract_area_id,
        area.contract_id == contract_id,
    )


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
    as_reported = and_(Correction.id.is_(None), EndReportLine.achievement == Achievement.ACHIEVED)
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
        .outerjoin(Correction, and_(Correction.line_id == EndReportLine.id, STANDS))
        .where(condition, or_(as_reported, Correction.right_result == Achievement.ACHIEVED))
    )
    for contract_area_id, reference, at, code in rows:
        day = calendar.day_of(at)
        yield Delivered(LineKind.OUTCOME, contract_area_id, reference, day, outcome_code=code)
