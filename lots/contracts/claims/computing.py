"""The month's claim, computed from delivery by the contract's price list.

What was delivered is asked of the floor that knows it, through the measure `delivered`:
`(contract_id, first_day, last_day) -> [Delivered]`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import func, insert, select, update

from lots.contracts import mails
from lots.contracts.books.funding import vat_on
from lots.contracts.books.owing import due_days
from lots.contracts.claims.fees import (
    fee_afterwards,
    fees_in_advance,
    instalments_in_advance,
    month_of,
    months_over,
)
from lots.contracts.claims.models import Claim, ClaimedCase, ClaimLine, LineKind
from lots.contracts.claims.reckoning import (
    QUARTER,
    Claimed,
    Delivered,
    Line,
    Sums,
    carried_lines,
    delivery_lines,
    earned,
    guarantee_line,
    guaranteed_by,
)
from lots.contracts.models import Contract, ContractArea, Side
from lots.contracts.permissions import MANAGERS, PROVIDERS_CLAIMANTS
from lots.contracts.pricing.list import PriceList, prices_in, year_begins
from lots.contracts.pricing.models import Paid
from marketplace import audit, calendar, clock
from marketplace.calendar import months_later
from marketplace.database import db, new_id
from marketplace.registry import measures


def compute(contract_id: UUID, month: date) -> Claim | None:
    """The claim of one contract for one closed month; None where it is there already.

    A fee that is paid in advance is not in it.
    """
    contract = _locked(contract_id)
    if _is_there(contract_id, month, is_advance=False):
        return None
    prices, sums = prices_in(contract, month), _sums_before(contract_id)
    lines = [*fee_afterwards(contract, prices, month), *_delivery(contract, prices, month)]
    lines += _guarantee(contract, month, sums, sum(line.amount for line in lines))
    lines += carried_lines(month, lines, sums.get(LineKind.CARRIED, 0))
    return _put(contract, month, lines, is_advance=False)


def compute_advance(contract_id: UUID, month: date) -> Claim | None:
    """The claim of what is paid in advance as a month begins; None where there is nothing.

    What an earlier claim left to be taken off is taken off here, if it is the next one.
    """
    contract = _locked(contract_id)
    if _is_there(contract_id, month, is_advance=True):
        return None
    prices = prices_in(contract, month)
    lines = instalments_in_advance(contract, prices, month)
    lines += fees_in_advance(contract, prices, month)
    if not lines:
        return None
    lines += carried_lines(month, lines, _sums_before(contract_id).get(LineKind.CARRIED, 0))
    return _put(contract, month, lines, is_advance=True)


def compute_closing(contract_id: UUID) -> Claim | None:
    """The last claim of a contract that has ended, for what its other claims could not know.

    Records that came late, fees paid in advance for months after the end, the minimum, and what
    earlier claims left to be taken off: what is then still too much, the provider owes. None where
    there is nothing, or where this was done before; nothing is claimed afterwards.
    """
    contract = _locked(contract_id)
    if contract.settled_at is not None or contract.ended_at is None:
        return None
    ended = month_of(calendar.day_of(contract.ended_at))
    month, sums = months_later(ended, 1), _sums_before(contract_id)
    prices = prices_in(contract, ended)
    lines = [*instalments_in_advance(contract, prices), *fees_in_advance(contract, prices, ended)]
    lines += _delivery(contract, prices, month)
    lines += _guarantee(contract, ended, sums, sum(line.amount for line in lines))
    lines += carried_lines(month, lines, sums.get(LineKind.CARRIED, 0))
    contract.settled_at = clock.now()
    audit.record("contract:settled", subject=contract, by=None, fields=["settled_at"])
    return _put(contract, month, lines, is_advance=False) if lines else None


def _locked(contract_id: UUID) -> Contract:
    """The contract under its lock, after its areas: lines name them, which holds their rows."""
    held = select(ContractArea.id).where(ContractArea.contract_id == contract_id)
    in_order = held.order_by(ContractArea.id).with_for_update(read=True, key_share=True)
    db.session.scalars(in_order).all()
    return db.session.get_one(Contract, contract_id, with_for_update=True, populate_existing=True)


def _is_there(contract_id: UUID, month: date, *, is_advance: bool) -> bool:
    existing = select(Claim.id).where(
        Claim.contract_id == contract_id, Claim.month == month, Claim.is_advance == is_advance
    )
    return db.session.scalar(existing) is not None


def _sums_before(contract_id: UUID) -> Sums:
    """What the lines of a contract's claims so far come to, by kind."""
    found = (
        select(ClaimLine.kind, func.sum(ClaimLine.amount_pence))
        .join(Claim)
        .where(Claim.contract_id == contract_id)
        .group_by(ClaimLine.kind)
    )
    return {kind: int(pence) for kind, pence in db.session.execute(found)}


def _delivery(contract: Contract, prices: PriceList, month: date) -> list[Line]:
    if not (prices.pays(Paid.START) or prices.pays(Paid.OUTCOME)):
        return []
    # Asked from the first day on, so that what was recorded late comes into this claim.
    last_day = months_later(month, 1) - timedelta(days=1)
    delivered = measures()["delivered"](contract.id, contract.starts_on, last_day)
    priced_as = cache(prices.priced_as)
    delivered = [
        each if priced_as(each.complexity) == each.complexity else each._replace(complexity="")
        for each in delivered
    ]
    in_month = cache(prices.at)

    def price(each: Delivered, number: int) -> int | None:
        then = in_month(month_of(each.on))
        if each.kind == LineKind.OUTCOME:
            return then.outcome(each.outcome_code)
        return then.start(each.complexity, number)

    year_of = cache(lambda of: year_begins(contract, of))
    return delivery_lines(delivered, _claimed_before(contract.id), price, year_of)


def _claimed_before(contract_id: UUID) -> list[Claimed]:
    """What earlier claims hold and no later one took back: none is paid twice."""
    held = (
        select(
            ClaimedCase.id,
            ClaimedCase.kind,
            ClaimLine.contract_area_id,
            ClaimedCase.reference,
            ClaimLine.month,
            ClaimLine.complexity,
            ClaimedCase.outcome_code,
            ClaimLine.unit_pence,
            ClaimedCase.number,
        )
        .join(ClaimLine, ClaimLine.id == ClaimedCase.line_id)
        .where(ClaimedCase.contract_id == contract_id, ClaimedCase.taken_back_id.is_(None))
    )
    return [Claimed(*row) for row in db.session.execute(held)]


def _guarantee(contract: Contract, month: date, sums: Sums, now_pence: int) -> list[Line]:
    over, term = months_over(contract, month), contract.value_term_months
    ends = contract.ended_at is not None and month_of(calendar.day_of(contract.ended_at)) == month
    # What never opened has earned no minimum, whatever it was paid in advance.
    if not contract.guaranteed_pence or contract.live_at is None:
        return []
    if not (ends or over >= term or over % QUARTER == 0):
        return []
    line = guarantee_line(
        month,
        guaranteed_by(contract.guaranteed_pence, term, over),
        earned(sums) + now_pence,
        sums.get(LineKind.GUARANTEED, 0),
    )
    return [line] if line else []


def _put(contract: Contract, month: date, lines: Iterable[Line], *, is_advance: bool) -> Claim:
    """Write a claim with its lines and the cases behind them, and tell both sides."""
    now, lines = clock.now(), list(lines)
    due_on, law_due_on = due_days(contract, calendar.day_of(now))
    claim = Claim(
        id=new_id(),
        contract_id=contract.id,
        month=month,
        is_advance=is_advance,
        vat_pence=vat_on(contract, sum(line.amount for line in lines)),
        computed_at=now,
        due_on=due_on,
        law_due_on=law_due_on,
    )
    claim.contract = contract
    rows = [(_row(position, line), line) for position, line in enumerate(lines, 1)]
    claim.lines = [row for row, _line in rows]
    db.session.add(claim)
    db.session.flush()
    for row, line in rows:
        _keep_cases(contract.id, row, line)
    audit.record("claim:computed", subject=claim, by=None, facts={"month": month})
    sides = {Side.BUYER: MANAGERS, Side.PROVIDER: PROVIDERS_CLAIMANTS}
    mails.tell(contract, "claim_ready", sides, claim_id=str(claim.id))
    return claim


def _row(position: int, line: Line) -> ClaimLine:
    return ClaimLine(
        id=new_id(),
        position=position,
        kind=line.kind,
        month=line.month,
        contract_area_id=line.contract_area_id,
        complexity=line.complexity,
        outcome_code=line.outcome_code,
        quantity=line.quantity,
        unit_pence=line.unit_pence,
        amount_pence=line.amount,
    )


def _keep_cases(contract_id: UUID, row: ClaimLine, line: Line) -> None:
    """Taken back lines come first, so a case that is claimed anew is free again."""
    if line.quantity < 0 and line.items:
        was = [item.was for item in line.items]
        back = update(ClaimedCase).where(ClaimedCase.id.in_(was)).values(taken_back_id=row.id)
        db.session.execute(back.execution_options(synchronize_session=False))
    elif line.items:
        kept = {"contract_id": contract_id, "line_id": row.id, "kind": line.kind}
        kept["outcome_code"] = line.outcome_code
        db.session.execute(
            insert(ClaimedCase),
            [
                kept | {"id": new_id(), "reference": item.reference, "number": item.number}
                for item in line.items
            ],
        )
