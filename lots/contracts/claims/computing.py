"""The month's claim, computed from delivery by the contract's price basis.

What was delivered is asked of the floor that knows it, through the measure `delivered`:
`(contract_id, first_day, last_day) -> [(contract_area_id, kind, count, references)]`, a reference
naming one case and standing once.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import exists, func, or_, select

from lots.contracts import mails
from lots.contracts.changes.terms import price_in
from lots.contracts.claims.models import Claim, ClaimLine, LineKind
from lots.contracts.continuity.models import ActKind, ContinuityAct
from lots.contracts.grants.models import GrantInstalment
from lots.contracts.models import Contract, ContractState, Side
from lots.contracts.permissions import MANAGERS, PROVIDERS_CLAIMANTS
from lots.vocabulary import PriceBasis, Source
from marketplace import audit, calendar, clock, jobs
from marketplace.calendar import months_later
from marketplace.database import db, new_id, write
from marketplace.registry import measures


def month_of(day: date) -> date:
    """The first day of this day's month."""
    return day.replace(day=1)


def months_between(earlier: date, later: date) -> int:
    """Calendar months from the month of one day to the month of another."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def last_claimable_month(contract: Contract, today: date) -> date:
    """The last closed month in which this contract was live; fees end with its term.

    People placed before the last day may start after it, so starts count until it has ended.
    """
    last = months_later(month_of(today), -1)
    if contract.ended_at is not None:
        last = min(last, month_of(calendar.day_of(contract.ended_at)))
    if contract.price_basis == PriceBasis.MONTHLY_FEE:
        last = min(last, months_later(month_of(contract.starts_on), contract.value_term_months - 1))
    return last


def compute(contract_id: UUID, month: date) -> Claim | None:
    """The claim of one contract for one closed month; None where it is there already.

    As the agreement says, a fee is for each month in which the service is open, and a month begun
    counts whole; never more months than its term. A month after an emergency stop says so in a
    line of nothing.
    """
    contract = db.session.get_one(Contract, contract_id, with_for_update=True)
    existing = select(Claim.id).where(Claim.contract_id == contract_id, Claim.month == month)
    if db.session.scalar(existing) is not None:
        return None
    claim = Claim(id=new_id(), contract_id=contract_id, month=month, computed_at=clock.now())
    claim.contract = contract
    claim.lines = _lines(contract, month)
    db.session.add(claim)
    db.session.flush()
    audit.record("claim:computed", subject=claim, by=None, facts={"month": month})
    mails.tell(
        contract,
        "claim_ready",
        {Side.BUYER: MANAGERS, Side.PROVIDER: PROVIDERS_CLAIMANTS},
        claim_id=str(claim.id),
    )
    return claim


def _lines(contract: Contract, month: date) -> list[ClaimLine]:
    if contract.price_basis == PriceBasis.MONTHLY_FEE:
        is_open = int(not _was_stopped(contract.id, month))
        return [_line(1, LineKind.MONTHLY_FEE, is_open, price_in(contract, month))]
    price = price_in(contract, month)
    # Asked from the first day on, so that what was recorded late comes into the next claim.
    last_day = months_later(month, 1) - timedelta(days=1)
    delivered = measures()["delivered"](contract.id, contract.starts_on, last_day)
    claimed = _claimed_before(contract.id)
    started = [
        (area_id, sorted(set(references) - claimed))
        for area_id, kind, _count, references in delivered
        if kind == LineKind.START
    ]
    due = [(area_id, references) for area_id, references in started if references]
    return [
        _line(
            position,
            LineKind.START,
            len(references),
            price,
            contract_area_id=area_id,
            case_references=references,
        )
        for position, (area_id, references) in enumerate(due, 1)
    ]


def _was_stopped(contract_id: UUID, month: date) -> bool:
    """Whether an emergency stop kept every area closed on each day of a month."""
    stops = select(ContinuityAct.id).where(
        ContinuityAct.contract_id == contract_id,
        ContinuityAct.kind == ActKind.EMERGENCY,
        ContinuityAct.notice_at <= calendar.start_of(month),
        or_(
            ContinuityAct.cancelled_at.is_(None),
            ContinuityAct.cancelled_at >= calendar.start_of(months_later(month, 1)),
        ),
    )
    return db.session.scalar(stops.limit(1)) is not None


def _claimed_before(contract_id: UUID) -> set[str]:
    """References of the cases whose start stands in an earlier claim: none is paid twice."""
    earlier = select(ClaimLine.case_references).join(Claim).where(Claim.contract_id == contract_id)
    return {reference for line in db.session.scalars(earlier) for reference in line}


def _line(position: int, kind: LineKind, quantity: int, unit: int, **more) -> ClaimLine:
    return ClaimLine(
        id=new_id(),
        position=position,
        kind=kind,
        quantity=quantity,
        unit_pence=unit,
        amount_pence=quantity * unit,
        **more,
    )


def close_months(now: datetime) -> int:
    """Compute every claim of a closed month that is not there yet; returns how many were made."""
    today = calendar.day_of(now)
    latest = func.max(Claim.month)
    own = (
        select(Contract, latest)
        .outerjoin(Claim, Claim.contract_id == Contract.id)
        .where(
            Contract.source == Source.OWN,
            Contract.live_at.is_not(None),
            # What is paid by a schedule is not claimed.
            ~exists().where(GrantInstalment.contract_id == Contract.id),
        )
        .group_by(Contract.id)
        .having((latest.is_(None)) | (latest < months_later(month_of(today), -1)))
        .order_by(Contract.id)
    )
    due = []
    for contract, done in db.session.execute(own).all():
        first = (
            month_of(calendar.day_of(contract.live_at or now))
            if not done
            else months_later(done, 1)
        )
        wanted = months_between(first, last_claimable_month(contract, today)) + 1
        due += [(contract.id, months_later(first, offset)) for offset in range(wanted)]
    made = 0
    for contract_id, month in due:
        with write():
            made += compute(contract_id, month) is not None
    return made


def next_month_close(after: datetime) -> datetime | None:
    """The first moment of the next month, where a contract is live or still has people placed."""
    running = select(Contract.id).where(
        Contract.source == Source.OWN,
        Contract.state.in_((ContractState.LIVE, ContractState.ENDING)),
    )
    if db.session.scalar(running.limit(1)) is None:
        return None
    return calendar.start_of(months_later(month_of(calendar.day_of(after)), 1))


def register(app: Flask) -> None:
    """Put the month's close into the application's round."""
    jobs.register(app, "compute claims", close_months, next_month_close)
