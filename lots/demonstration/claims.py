"""The demonstration's claims: every closed month claimed, approved by one or two, and paid."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from lots.contracts.claims import actions, computing, limits
from lots.contracts.claims.advancing import claim_in_advance
from lots.contracts.claims.closing import close_months
from lots.contracts.claims.models import Claim, ClaimState
from lots.contracts.models import Contract
from lots.demonstration.data import DELIVERED
from lots.models import Lot
from lots.vocabulary import Source
from marketplace import calendar, clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, key_of, on_the_day
from marketplace.payments.paying import outside
from marketplace.payments.paying.models import Payment, PaymentState, Rail

# Of this month's claims one is approved by the first of two people, and one queried; the rest wait,
# and the provider has checked this one.
FOR_A_SECOND = "women-north-east"
QUERIED_LAST_MONTH = "work-wales"
CHECKED_LAST_MONTH = "homes-north-east"
QUERY = "One person who started on the last day of the month is missing."
# Days after the claim on which it is approved, by turns: most in time, some not.
APPROVED_AFTER = (2, 3, 4, 2, 6, 3, 9)
PAID_AFTER = timedelta(days=1)
AT_ELEVEN = timedelta(hours=11)
LATE_EVERY, LATE_DAYS = 23, 31


def build() -> None:
    """Claim every month that has closed but the last, and bring the claims to today."""
    _claim(_month_ends()[:-1])


def build_last_month() -> None:
    """The same of the last month, now that something of the record was put right."""
    _claim(_month_ends())


def _claim(month_ends: list[datetime]) -> None:
    for month_end in month_ends:
        with on_the_day(month_end):
            close_months(month_end)
            claim_in_advance(month_end)
    for number, claim_id in enumerate(_waiting_claims()):
        _decide(claim_id, number)
    pay_due(actions.APPROVED_CAUSE)


def _month_ends() -> list[datetime]:
    """When the first of these contracts went live, and the first moment of each month since."""
    live = (Contract.is_demonstration, Contract.source == Source.OWN, Contract.live_at.is_not(None))
    first = db.session.scalar(select(Contract.live_at).where(*live).order_by(Contract.live_at))
    if first is None:
        return []
    month, found = calendar.day_of(first).replace(day=1), [first]
    while (month := calendar.months_later(month, 1)) <= clock.today():
        found.append(calendar.start_of(month))
    return found


def _waiting_claims() -> list[UUID]:
    return list(
        db.session.scalars(
            select(Claim.id)
            .join(Contract)
            .where(Claim.state == ClaimState.COMPUTED, Contract.is_demonstration)
            .order_by(Claim.month, Contract.reference)
        )
    )


def _decide(claim_id: UUID, number: int) -> None:
    claim = db.session.get_one(Claim, claim_id)
    lot = db.session.get_one(Lot, claim.contract.lot_id)
    told = next(each for each in DELIVERED if each.title == lot.title)
    if computing.month_of(calendar.day_of(claim.computed_at)) < computing.month_of(clock.today()):
        days = LATE_DAYS if number % LATE_EVERY == LATE_EVERY - 1 else APPROVED_AFTER[number % 7]
        _approve(claim, claim.computed_at + timedelta(days=days) + AT_ELEVEN)
        return
    # On the first day of a month there is no next day yet.
    next_day = min(claim.computed_at + timedelta(days=1) + AT_ELEVEN, clock.now())
    if told.key == FOR_A_SECOND:
        first = acting_for(key_of(claim.contract.buyer_id), Role.CONTRACT_MANAGER)
        with on_the_day(next_day), write():
            actions.approve(claim_id, first)
        return
    finance = acting_for(key_of(claim.contract.provider_id), Role.FINANCE)
    with on_the_day(next_day), write():
        if told.key == QUERIED_LAST_MONTH:
            actions.query(claim_id, QUERY, finance)
        elif told.key == CHECKED_LAST_MONTH:
            actions.agree(claim_id, finance)


def _approve(claim: Claim, moment: datetime) -> None:
    claim_id, buyer = claim.id, key_of(claim.contract.buyer_id)
    two = limits.needs_second(claim)
    with on_the_day(min(moment, clock.now())), write():
        actions.approve(claim_id, acting_for(buyer, Role.CONTRACT_MANAGER))
        if two:
            actions.approve_second(claim_id, acting_for(buyer, Role.DIRECTOR))


def pay_due(cause_kind: str) -> None:
    """Record what is owed for one kind of cause as paid from the buyer's bank, but the latest."""
    rows = db.session.execute(
        select(Payment.id, Payment.created_at, Payment.payer_id, Payment.reference)
        .where(
            Payment.is_demonstration,
            Payment.cause_kind == cause_kind,
            Payment.state == PaymentState.READY,
            Payment.rail == Rail.OUTSIDE,
        )
        .order_by(Payment.created_at, Payment.id)
    ).all()
    for payment_id, created_at, payer_id, reference in rows:
        moment = created_at + PAID_AFTER
        if moment <= clock.now():
            manager = acting_for(key_of(payer_id), Role.CONTRACT_MANAGER)
            with on_the_day(moment), write():
                outside.record([payment_id], calendar.day_of(moment), reference, manager)
