"""What claims and indicators ask of the referrals: how much was delivered, without names."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from lots.contracts.claims.models import LineKind
from lots.contracts.models import ContractArea
from marketplace import calendar
from marketplace.database import db
from referrals.models import Referral


def delivered(
    contract_id: UUID, first_day: date, last_day: date
) -> list[tuple[UUID, LineKind, int, list[str]]]:
    """For each area of a contract the starts between two days, both counted, with references.

    A start is the first meeting that was attended: the assessment or a session.
    """
    rows = db.session.execute(
        select(Referral.contract_area_id, Referral.reference)
        .join(ContractArea, ContractArea.id == Referral.contract_area_id)
        .where(
            ContractArea.contract_id == contract_id,
            Referral.started_at >= calendar.start_of(first_day),
            Referral.started_at < calendar.end_of(last_day),
        )
        .order_by(Referral.contract_area_id, Referral.started_at, Referral.reference)
    )
    started: dict[UUID, list[str]] = {}
    for contract_area_id, reference in rows:
        started.setdefault(contract_area_id, []).append(reference)
    return [
        (contract_area_id, LineKind.START, len(references), references)
        for contract_area_id, references in started.items()
    ]
