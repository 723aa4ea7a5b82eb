"""How the demonstration’s contracts have gone: months, reviews, grants paid and reported on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lots.contracts.delivery import months, reviewing
from lots.contracts.delivery.models import PriceReview
from lots.contracts.delivery.vocabulary import ReviewState
from lots.contracts.grants import paying, reporting
from lots.contracts.models import Contract
from lots.contracts.renewal import actions as renewing
from lots.contracts.renewal import radar
from lots.contracts.renewal.models import Choice, RenewalDecision
from lots.demonstration import claims
from lots.demonstration.contracts import contract_of
from lots.demonstration.lots import find
from marketplace import calendar, clock
from marketplace.acting import Role
from marketplace.calendar import months_later
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, key_of, on_the_day

# Its review is still open; those of the others were closed for this reason.
UNDER_REVIEW = "work-wales"
CLOSED_BECAUSE = (
    "The first teams have only begun to refer. Both sides look again in half a year; price "
    "and places stay."
)
EXTENDED = "homes-north-east"
EXTENDED_BECAUSE = (
    "Landlords know the workers now, and the lot allows two more years at the same price."
)


def build() -> None:
    """Bring every month, review, instalment and reminder to today."""
    this = clock.today().replace(day=1)
    for number in range(12, -1, -1):
        settled = months_later(this, -number) + timedelta(days=months.DAYS_TO_RECORD)
        moment = calendar.start_of(settled) + timedelta(hours=7)
        if moment <= clock.now():
            with on_the_day(moment):
                months.keep_months(moment)
    _close_reviews()
    paying.fall_due(clock.now())
    claims.pay_due(paying.OWED_CAUSE)
    reporting.remind(clock.now())
    radar.tell_bands(clock.now())
    _decide_early()


def _close_reviews() -> None:
    kept_open = find(UNDER_REVIEW)
    rows = db.session.execute(
        select(PriceReview.id, PriceReview.opened_at, Contract.buyer_id)
        .join(Contract)
        .where(
            Contract.is_demonstration,
            PriceReview.state == ReviewState.OPEN,
            Contract.lot_id != (kept_open.id if kept_open else None),
        )
        .order_by(Contract.reference)
    ).all()
    for review_id, opened_at, buyer_id in rows:
        manager = acting_for(key_of(buyer_id), Role.CONTRACT_MANAGER)
        with on_the_day(opened_at + timedelta(days=9)), write():
            reviewing.close(review_id, CLOSED_BECAUSE, manager)


def _decide_early() -> None:
    """One buyer has decided long before it must; the next one to end waits for its decision."""
    lot = find(EXTENDED)
    contract = contract_of(lot) if lot else None
    if contract is None:
        return
    decided = select(RenewalDecision.id).where(RenewalDecision.contract_id == contract.id)
    if db.session.scalar(decided.limit(1)) is None:
        manager = acting_for(key_of(contract.buyer_id), Role.CONTRACT_MANAGER)
        with write():
            renewing.decide(contract.id, Choice.EXTEND, EXTENDED_BECAUSE, "", manager)
