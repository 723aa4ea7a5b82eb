"""The demonstration's payments: bank details, one in a file, one that came back, one by Stripe."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lots.contracts.claims import actions as claims
from lots.contracts.claims import limits
from lots.contracts.claims.models import Claim, ClaimState
from lots.contracts.models import Contract
from marketplace import clock
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, write
from marketplace.demonstration.cast import EVERYBODY
from marketplace.demonstration.stripe_accounts import REGION, catch_up
from marketplace.demonstration.world import acting_for, days_ago, on_the_day, organisation
from marketplace.payments.paying import actions, banks, outside, queries
from marketplace.payments.paying.models import Payment, PaymentState, Rail, ReturnReason
from marketplace.payments.paying.sending import send_due

# The sort code is one that banks never give out.
SORT_CODE, FIRST_NUMBER = "08-99-99", 66374950
ENTERED_DAYS_AGO = 200
# Which region's last payment came back, when, and whether its provider has a new bank account.
CAME_BACK = ((REGION, 8, False), ("wales", 2, True))
IN_A_FILE, APPROVED_DAYS_AGO, FILE_DAYS_AGO = "yorkshire", 3, 2


def build() -> None:
    """Say where providers are paid, and bring what is to be paid to today."""
    if db.session.scalar(select(Payment.id).where(Payment.returned_at.is_not(None))) is not None:
        return
    _enter_bank_details()
    for key, days, has_moved in CAME_BACK:
        _return_last(key, days, has_moved)
    ready = _payments(REGION, PaymentState.READY)
    _choose_stripe(ready)
    # In the first days of a month something may be ready only since.
    with on_the_day(max([days_ago(CAME_BACK[0][1] - 1), *(each.created_at for each in ready)])):
        send_due(clock.now())
    catch_up()
    _make_file()


def _enter_bank_details() -> None:
    payees = [each for each in EVERYBODY if each.kind == OrganisationKind.PROVIDER]
    for number, cast in enumerate(payees):
        if any(Role.FINANCE in roles for _name, roles in cast.people):
            with on_the_day(days_ago(ENTERED_DAYS_AGO)), write():
                finance = acting_for(cast.key, Role.FINANCE)
                banks.set_details(cast.name, SORT_CODE, str(FIRST_NUMBER + 7 * number), finance)


def _return_last(key: str, days: int, has_moved: bool) -> None:
    """The bank sent the last payment before that day back; it is put forward again.

    Where there is one, that of a provider which can be paid through Stripe by now.
    """
    paid = _payments(key, PaymentState.PAID)
    before = [each for each in paid if each.paid_at and each.paid_at < days_ago(days)]
    by_stripe = [each for each in before if queries.rail_that_takes(each) != Rail.OUTSIDE]
    manager = acting_for(key, Role.CONTRACT_MANAGER)
    for payment in (by_stripe or before)[:1]:
        payee = next(each for each in EVERYBODY if each.full_name == payment.payee.name)
        with on_the_day(days_ago(days)), write():
            outside.record_return(payment.id, ReturnReason.SENT_BACK, manager)
        with on_the_day(days_ago(days - 1)), write():
            if has_moved:
                finance = acting_for(payee.key, Role.FINANCE)
                banks.set_details(payee.name, SORT_CODE, str(FIRST_NUMBER + 1001), finance)
            actions.pay_again(payment.id, manager)


def _choose_stripe(payments: Sequence[Payment]) -> None:
    """The buyer says that what its provider can now be paid there goes through Stripe."""
    manager = acting_for(REGION, Role.CONTRACT_MANAGER)
    for payment in payments:
        if queries.rail_that_takes(payment) != Rail.OUTSIDE:
            with on_the_day(payment.created_at), write():
                outside.choose(payment.id, False, manager)


def _payments(key: str, state: PaymentState) -> Sequence[Payment]:
    """The payments of one region that stand so, the latest first."""
    found = select(Payment).where(Payment.payer_id == organisation(key).id, Payment.state == state)
    return db.session.scalars(found.order_by(Payment.created_at.desc(), Payment.id)).all()


def _make_file() -> None:
    """A claim approved this week is with the bank."""
    manager = acting_for(IN_A_FILE, Role.CONTRACT_MANAGER)
    for claim_id, two, computed_at in _claims_to_approve():
        # In the first days of a month there was nothing to approve some days ago.
        with on_the_day(max(days_ago(APPROVED_DAYS_AGO), computed_at)), write():
            claims.approve(claim_id, manager)
            if two:
                claims.approve_second(claim_id, acting_for(IN_A_FILE, Role.DIRECTOR))
    ready = _payments(IN_A_FILE, PaymentState.READY)
    if ready:
        made_at = max(days_ago(FILE_DAYS_AGO), ready[0].created_at)
        ids = [each.id for each in ready]
        with on_the_day(made_at), write():
            outside.export(ids, manager)


def _claims_to_approve() -> list[tuple[UUID, bool, datetime]]:
    """(claim, whether a second person approves it too, when it was computed)."""
    waiting = (
        select(Claim)
        .join(Contract)
        .where(Contract.buyer_id == organisation(IN_A_FILE).id, Claim.state == ClaimState.COMPUTED)
    )
    return [
        (each.id, limits.needs_second(each), each.computed_at)
        for each in db.session.scalars(waiting)
    ]
