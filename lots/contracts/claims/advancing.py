"""The job that claims what is paid in advance, as its month begins; the first from signing on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from flask import Flask
from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from lots.contracts.changes.models import ChangeKind, ContractChange
from lots.contracts.claims.closing import is_claimed, next_month, pays_for
from lots.contracts.claims.computing import compute_advance
from lots.contracts.claims.fees import month_of, months_over
from lots.contracts.claims.models import Claim, ClaimLine, LineKind
from lots.contracts.grants.lifecycle import PAYS
from lots.contracts.models import Contract
from lots.contracts.pricing.drawing import first_month
from lots.contracts.pricing.models import ContractPrice, Paid
from lots.models import Lot
from lots.prices.arithmetic import EARLY
from lots.vocabulary import PaymentProfile, Route
from marketplace import calendar, jobs
from marketplace.database import db


def claim_in_advance(now: datetime) -> int:
    """Claim every instalment and fee in advance whose month has begun; the first from signing on.

    Each is a write of its own; one that cannot be claimed holds up its own contract alone.
    """
    return jobs.batch_after_batch(
        lambda: [*_instalments_due(now), *_fees_due(now), *_changed(now)],
        lambda due: compute_advance(*due) is not None,
    )


def _is_running() -> ColumnElement[bool]:
    # A grant is paid by its own schedule.
    return is_claimed() & Contract.state.in_(PAYS) & (Contract.route == Route.CONTRACT)


def _instalments_due(now: datetime) -> Sequence[tuple[UUID, date]]:
    has_come = or_(
        ContractPrice.valid_from <= calendar.day_of(now),
        ContractPrice.valid_from <= Contract.starts_on,
    )
    return [(row[0], row[1]) for row in db.session.execute(_instalments().where(has_come))]


def _instalments() -> Select[UUID, date]:
    """(contract, month) of each contract's first instalment in advance that is not claimed yet."""
    claimed = exists().where(
        Claim.contract_id == Contract.id,
        Claim.month == ContractPrice.valid_from,
        Claim.is_advance,
    )
    return (
        select(Contract.id, func.min(ContractPrice.valid_from))
        .join(ContractPrice, ContractPrice.contract_id == Contract.id)
        .where(
            ContractPrice.paid == Paid.INSTALMENT,
            ContractPrice.pence > 0,
            _is_running(),
            ~claimed,
        )
        .group_by(Contract.id)
        .order_by(func.min(ContractPrice.valid_from), Contract.id)
    )


def _fees_due(now: datetime) -> Sequence[tuple[UUID, date]]:
    """(contract, month) of each fee in advance: of this month, and the first before it opens."""
    month = month_of(calendar.day_of(now))
    first = exists().where(Claim.contract_id == Contract.id, Claim.is_advance)
    this = exists().where(Claim.contract_id == Contract.id, Claim.month == month, Claim.is_advance)
    fee = exists().where(
        ClaimLine.claim_id == Claim.id,
        Claim.contract_id == Contract.id,
        ClaimLine.kind == LineKind.MONTHLY_FEE,
        ClaimLine.month == month,
    )
    is_open = Contract.live_at.is_not(None)
    found = _with_fees().where(or_(is_open & ~this & ~fee, ~is_open & ~first))
    return [
        (contract.id, month if contract.live_at else first_month(contract))
        for contract in db.session.scalars(found.order_by(Contract.id))
        if not contract.live_at or months_over(contract, month) <= contract.value_term_months
    ]


def _changed(now: datetime) -> Sequence[tuple[UUID, date]]:
    """(contract, this month) where all was paid up front, and a signed change moved prices since.

    Whatever is paid by the month or the quarter has a next claim, which puts that right.
    """
    month = month_of(calendar.day_of(now))
    early = (Claim.contract_id == Contract.id) & Claim.is_advance
    last = select(func.max(Claim.computed_at)).where(early).scalar_subquery()
    moved = exists().where(
        ContractChange.contract_id == Contract.id,
        ContractChange.kind == ChangeKind.VALUE,
        ContractChange.in_force_at >= last,
    )
    found = (
        select(Contract.id)
        .join(Lot, Lot.id == Contract.lot_id)
        .where(
            Lot.payment_profile == PaymentProfile.UP_FRONT,
            pays_for(*EARLY),
            _is_running(),
            moved,
            ~exists().where(early, Claim.month == month),
        )
    )
    return [(each, month) for each in db.session.scalars(found.order_by(Contract.id))]


def _with_fees() -> Select[Contract]:
    return (
        select(Contract)
        .join(Lot, Lot.id == Contract.lot_id)
        .where(
            pays_for(Paid.FEE),
            Lot.payment_profile != PaymentProfile.MONTHLY_IN_ARREARS,
            _is_running(),
        )
    )


def next_advance(after: datetime) -> datetime | None:
    """The first moment of the next month in which something is paid in advance."""
    begins = next_month(after)
    if db.session.scalar(_with_fees().where(Contract.live_at.is_not(None)).limit(1)) is not None:
        return begins
    later = _instalments().where(ContractPrice.valid_from >= calendar.day_of(begins))
    soonest = db.session.execute(later.limit(1)).first()
    return calendar.start_of(soonest[1]) if soonest else None


def register(app: Flask) -> None:
    """Put what is paid in advance into the application's round."""
    jobs.register(app, "claim in advance", claim_in_advance, next_advance)
