"""Monthly fees and instalments: claimed when a month is over or, in advance, as it begins.

A fee is for each month in which the service is open; a month begun counts whole, and there are
never more of them than the term has months.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from lots.contracts.claims.models import Claim, ClaimLine, LineKind
from lots.contracts.claims.reckoning import Line, early_lines
from lots.contracts.continuity.models import ActKind, ContinuityAct
from lots.contracts.models import Contract
from lots.contracts.pricing.drawing import first_month
from lots.contracts.pricing.list import PriceList
from lots.models import Lot
from lots.prices.arithmetic import paid_until
from lots.vocabulary import PaymentProfile
from marketplace import calendar
from marketplace.calendar import months_later
from marketplace.database import db

# When notice of each emergency stop was given, and when it was taken back.
Stops = Sequence[tuple[datetime, datetime | None]]


def month_of(day: date) -> date:
    """The first day of this day's month."""
    return day.replace(day=1)


def months_between(earlier: date, later: date) -> int:
    """Calendar months from the month of one day to the month of another."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def months_over(contract: Contract, month: date) -> int:
    """How many months of its term a contract has behind it when a month (its first day) ends."""
    return months_between(contract.starts_on, month) + 1


def fee_afterwards(contract: Contract, prices: PriceList, month: date) -> list[Line]:
    """The fee of a month that is over; a stopped month says so in a line of nothing."""
    fee = prices.fee()
    if fee is None or _profile(contract) != PaymentProfile.MONTHLY_IN_ARREARS:
        return []
    if months_over(contract, month) > contract.value_term_months:
        return []
    return [Line(LineKind.MONTHLY_FEE, month, int(not was_stopped(contract.id, month)), fee)]


def fees_in_advance(contract: Contract, prices: PriceList, month: date) -> list[Line]:
    """The fees that are due as a month begins, with what the lot pays together with it.

    What was claimed so and is due otherwise now (a stop or its end, another price, the end of the
    contract, a later beginning) is taken back and claimed anew. What was claimed when its month
    was over stays as it is.
    """
    profile = _profile(contract)
    if profile == PaymentProfile.MONTHLY_IN_ARREARS or prices.fee() is None:
        return []
    early, afterwards = _claimed(contract.id, LineKind.MONTHLY_FEE)
    months = {*_beginning(contract, profile, month), *early} - afterwards
    due, stops = {}, _stops(contract.id)
    for each in months:
        is_paid = _is_due(contract, each) and not _is_stopped(stops, each)
        due[each] = (int(is_paid), prices.at(each).fee() or 0)
    return early_lines(LineKind.MONTHLY_FEE, due, early)


def instalments_in_advance(
    contract: Contract, prices: PriceList, month: date | None = None
) -> list[Line]:
    """The instalment of a month, and what a signed change has made of those claimed before.

    None is due for a month that begins after an emergency stop.
    """
    early, _afterwards = _claimed(contract.id, LineKind.INSTALMENT)
    due, stops = {}, _stops(contract.id)
    for each in {*early, *([month] if month else [])}:
        pence = prices.instalment(each) or 0
        if pence or each in early:
            due[each] = (int(pence > 0 and not _is_stopped(stops, each)), pence)
    return early_lines(LineKind.INSTALMENT, due, early)


def _profile(contract: Contract) -> PaymentProfile:
    """When the lot pays; what was signed says the same."""
    return db.session.get_one(Lot, contract.lot_id).payment_profile


def _claimed(contract_id: UUID, kind: LineKind) -> tuple[dict[date, int], set[date]]:
    """What of a kind was claimed in advance, in pence by month; and the months afterwards."""
    found = (
        select(ClaimLine.month, Claim.is_advance, func.sum(ClaimLine.amount_pence))
        .join(Claim)
        .where(Claim.contract_id == contract_id, ClaimLine.kind == kind)
        .group_by(ClaimLine.month, Claim.is_advance)
    )
    rows = db.session.execute(found).all()
    early = {month: int(pence) for month, is_advance, pence in rows if is_advance}
    return early, {month for month, is_advance, _pence in rows if not is_advance}


def _beginning(contract: Contract, profile: PaymentProfile, month: date) -> list[date]:
    """The months whose fee is due by the beginning of one, from the first that is open.

    Before the service opens that is the first payment alone.
    """
    first = first_month(contract)
    begins = month_of(calendar.day_of(contract.live_at)) if contract.live_at else first
    if not contract.live_at and month != first:
        return []
    until = paid_until(profile, months_between(first, month), contract.value_term_months)
    months = [months_later(first, number) for number in range(until + 1)]
    return [each for each in months if each >= begins and _is_due(contract, each)]


def _is_due(contract: Contract, month: date) -> bool:
    """Whether the service was, or is to be, open in a month of the term."""
    if months_over(contract, month) > contract.value_term_months:
        return False
    if contract.ended_at and month > month_of(calendar.day_of(contract.ended_at)):
        return False
    if contract.live_at is None:
        return contract.ended_at is None
    return month >= month_of(calendar.day_of(contract.live_at))


def was_stopped(contract_id: UUID, month: date) -> bool:
    """Whether an emergency stop kept every area closed on each day of a month."""
    return _is_stopped(_stops(contract_id), month)


def _stops(contract_id: UUID) -> Stops:
    acts = select(ContinuityAct.notice_at, ContinuityAct.cancelled_at).where(
        ContinuityAct.contract_id == contract_id,
        ContinuityAct.kind == ActKind.EMERGENCY,
    )
    return [(begun, over) for begun, over in db.session.execute(acts) if begun is not None]


def _is_stopped(stops: Stops, month: date) -> bool:
    begins, ends = calendar.start_of(month), calendar.start_of(months_later(month, 1))
    return any(
        notice_at <= begins and (cancelled_at is None or cancelled_at >= ends)
        for notice_at, cancelled_at in stops
    )
