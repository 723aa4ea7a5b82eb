"""Owe a payment, and what becomes of it: what a rail told, what came back, what is paid again.

What is owed is sent by a job (`sending`), or exported and recorded by a person (`outside`).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.fresh import fresh_reference
from marketplace.jobs import pause_after
from marketplace.lifecycle import AlreadyChanged
from marketplace.payments.actions import Cause, post
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.paying import mails, queries
from marketplace.payments.paying.lifecycle import (
    CHOOSE,
    FALL_SHORT,
    HOLD,
    LEARN,
    PAY,
    PAYMENT,
    RETURN,
)
from marketplace.payments.paying.models import (
    HeldReason,
    Payment,
    PaymentState,
    Rail,
    ReturnReason,
)
from marketplace.payments.paying.permissions import PaymentPermission
from marketplace.payments.paying.rails import Answer, Told
from marketplace.permissions import check

# After so many attempts without a clear answer somebody must look.
MOST_ATTEMPTS = 8
SHORT_AGAIN = timedelta(hours=1)
# For so long a rail may still be doing what it was asked and did not answer to.
UNDER_WAY = timedelta(minutes=5)
HELD_FOR = {
    Answer.REFUSED: HeldReason.REFUSED,
    Answer.PAYEE_NOT_READY: HeldReason.PAYEE_NOT_READY,
}


def owe(
    *,
    cause: Cause,
    payer_id: UUID,
    payee_id: UUID,
    pence: int,
    about: str,
    owed_from: date,
    due_on: date,
    law_due_on: date,
    payable_id: UUID,
    paid_id: UUID,
    is_demonstration: bool,
    by: Acting | None,
    round: int = 0,
) -> Payment:
    """A new payment of `pence` (with VAT, above 0), to be sent; once for a cause and round.

    It is for the rail that takes it now. What nobody takes is people's to pay, and stays so: they
    may be paying it at their bank when the provider becomes ready.
    """
    payment = Payment(
        id=new_id(),
        reference=fresh_reference(Payment, "PAY"),
        payer_id=payer_id,
        payee_id=payee_id,
        pence=pence,
        cause_kind=cause.kind,
        cause_id=cause.id,
        about=about,
        owed_from=owed_from,
        due_on=due_on,
        law_due_on=law_due_on,
        rail=Rail.OUTSIDE,
        payable_account_id=payable_id,
        paid_account_id=paid_id,
        created_at=clock.now(),
        round=round,
        is_demonstration=is_demonstration,
    )
    db.session.add(payment)
    db.session.flush()
    payment.rail = queries.rail_that_takes(payment)
    audit.record("payment:owed", subject=payment, by=by, facts={"cause": cause.kind})
    return payment


def locked(payment_id: UUID) -> Payment:
    """The payment as it is now, locked; the first lock of everything done with it."""
    return db.session.get_one(Payment, payment_id, with_for_update=True, populate_existing=True)


def settle(payment_id: UUID, rail: Rail, told: Told, key: str | None = None) -> Payment:
    """Record what a rail said of a payment; told again, it changes nothing.

    What is said of an older `key` than the one under which it is sent now no longer counts, but
    that it was paid.
    Raises AlreadyChanged where the payment has gone another way in the meantime: what the rail
    did then stands in its own books, and the daily comparison finds it.
    """
    payment = locked(payment_id)
    if payment.state == PaymentState.PAID and payment.rail_reference == told.reference:
        return payment
    if payment.state == PaymentState.EXPORTED:
        raise AlreadyChanged(_("This payment has been given to the bank."))
    if told.answer != Answer.PAID and key not in (None, payment.idempotency_key):
        raise AlreadyChanged(_("This payment has been tried again in the meantime."))
    if told.answer == Answer.PAID:
        paid(payment, by=None, rail=rail, rail_reference=told.reference, paid_on=clock.today())
    elif told.answer == Answer.NOT_FOUND:
        if payment.held_reason != HeldReason.NOT_SENT:
            PAYMENT.take(LEARN, payment, None, facts={"held_reason": HeldReason.NOT_SENT})
    elif told.answer == Answer.SHORT:
        _wait_for_money(payment)
    elif told.answer in HELD_FOR:
        _hold(payment, HELD_FOR[told.answer])
    elif payment.state == PaymentState.SENDING:
        wait_or_hold(payment)
    return payment


def _wait_for_money(payment: Payment) -> None:
    """The first that waits is told of; not each that joins it, nor every hour."""
    waiting = select(Payment.id).where(
        Payment.payer_id == payment.payer_id, Payment.state == PaymentState.SHORT
    )
    is_first = payment.short_since is None and db.session.scalar(waiting.limit(1)) is None
    facts = {
        "try_at": clock.technical_now() + SHORT_AGAIN,
        "short_since": payment.short_since or clock.now(),
    }
    PAYMENT.take(FALL_SHORT, payment, None, facts=facts)
    if is_first:
        mails.tell_payers(payment, "short")


def _hold(payment: Payment, reason: HeldReason) -> None:
    is_unclear = reason == HeldReason.UNCLEAR
    known_at = clock.technical_now() + UNDER_WAY if is_unclear else None
    facts = {"held_reason": reason, "try_at": known_at}
    PAYMENT.take(HOLD, payment, None, facts=facts, reason=reason)
    mails.tell_payers(payment, "held")


def wait_or_hold(payment: Payment) -> None:
    """Have what is being sent be asked about after a while; after many attempts by somebody."""
    if payment.attempts >= MOST_ATTEMPTS:
        _hold(payment, HeldReason.UNCLEAR)
        return
    payment.try_at = clock.technical_now() + pause_after(payment.attempts)


def paid(payment: Payment, by: Acting | None, **facts: Any) -> None:
    """Take the locked payment's step PAY with its postings. Raises Refused, AlreadyChanged."""
    now = clock.now()
    facts |= {"paid_at": now, "held_reason": None, "try_at": None}
    PAYMENT.take(PAY, payment, by, facts=facts)
    _post(payment, "paid", payment.payable_account_id, payment.paid_account_id, by)
    books = _books_at_stripe(payment)
    if books is not None:
        _post(payment, "transferred", books.moved_account_id, books.balance_account_id, by)
    mails.tell_payees(payment, "paid")


def returned(payment: Payment, reason: ReturnReason, by: Acting | None) -> None:
    """Take the locked payment's step RETURN: it is owed again. Raises Refused, AlreadyChanged."""
    facts = {"returned_at": clock.now(), "return_reason": reason}
    PAYMENT.take(RETURN, payment, by, facts=facts, reason=reason)
    _post(payment, "returned", payment.paid_account_id, payment.payable_account_id, by)
    books = _books_at_stripe(payment)
    if books is not None:
        _post(payment, "reversed", books.balance_account_id, books.moved_account_id, by)
    mails.tell_payers(payment, "returned")
    mails.tell_payees(payment, "returned")


def _books_at_stripe(payment: Payment) -> StripeAccount | None:
    """The payer's books at Stripe, where its payment went through them."""
    if payment.rail != Rail.STRIPE:
        return None
    return db.session.get_one(StripeAccount, payment.payer_id)


def _post(payment: Payment, what: str, debit: UUID, credit: UUID, by: Acting | None) -> None:
    cause = Cause(f"payment:{what}", payment.id)
    post(debit=debit, credit=credit, pence=payment.pence, cause=cause, by=by)


def pay_again(payment_id: UUID, by: Acting) -> Payment:
    """Put forward anew what came back: the same cause, the next round, by the bank if it was.

    Raises Refused, AlreadyChanged where that has been done or the payment did not come back.
    """
    payment = locked(payment_id)
    check(by, PaymentPermission.PAY, payment)
    again = select(Payment.id).where(
        Payment.cause_kind == payment.cause_kind,
        Payment.cause_id == payment.cause_id,
        Payment.round > payment.round,
    )
    if payment.state != PaymentState.RETURNED or db.session.scalar(again) is not None:
        raise AlreadyChanged(_("This is being paid again already. Nothing was done a second time."))
    return _put_forward(payment, by)


def _put_forward(payment: Payment, by: Acting) -> Payment:
    fresh = owe(
        cause=Cause(payment.cause_kind, payment.cause_id),
        payer_id=payment.payer_id,
        payee_id=payment.payee_id,
        pence=payment.pence,
        about=payment.about,
        owed_from=payment.owed_from,
        due_on=payment.due_on,
        law_due_on=payment.law_due_on,
        payable_id=payment.payable_account_id,
        paid_id=payment.paid_account_id,
        is_demonstration=payment.is_demonstration,
        by=by,
        round=payment.round + 1,
    )
    if payment.rail == Rail.OUTSIDE:
        fresh.rail = Rail.OUTSIDE
    return fresh


def money_came(payer_id: UUID) -> None:
    """Money has come to a payer's account: what waits for it is tried at once."""
    now = clock.technical_now()
    for payment in _locked_of(PaymentState.SHORT, Payment.payer_id == payer_id):
        payment.try_at = now


def payee_is_ready(payer_id: UUID, payee_id: UUID) -> None:
    """A provider has finished its account: what was held for it is to be paid again."""
    pair = (Payment.payer_id == payer_id, Payment.payee_id == payee_id)
    waits = Payment.held_reason == HeldReason.PAYEE_NOT_READY
    for payment in _locked_of(PaymentState.HELD, *pair, waits):
        PAYMENT.take(CHOOSE, payment, None, facts={"held_reason": None})


def came_back(payment_id: UUID) -> None:
    """The rail took a whole payment back; told again, it changes nothing."""
    payment = locked(payment_id)
    if payment.state == PaymentState.PAID and payment.rail == Rail.STRIPE:
        returned(payment, ReturnReason.REVERSED, None)


def _locked_of(state: PaymentState, *wanted: Any) -> list[Payment]:
    found = select(Payment).where(Payment.state == state, *wanted).order_by(Payment.id)
    again = found.with_for_update().execution_options(populate_existing=True)
    return list(db.session.scalars(again))
