"""The job that sends: the intent is stored with its key, then it is sent, then that is recorded.

Between these three writes the process may die at any moment. Whatever had a key before is asked
for before it is sent: only what the rail does not know is sent, under the key that is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import and_, or_, select

from marketplace import clock, jobs
from marketplace.acting import Acting
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.payments.paying.actions import locked, pause_after, settle
from marketplace.payments.paying.lifecycle import PAYMENT, SEND
from marketplace.payments.paying.models import HeldReason, Payment, PaymentState, Rail
from marketplace.payments.paying.permissions import PaymentPermission
from marketplace.payments.paying.queries import payment as payment_of
from marketplace.payments.paying.rails import Answer, Sender, Told, senders
from marketplace.payments.turns import Went, in_turn
from marketplace.permissions import check

WAITING = (PaymentState.SENDING, PaymentState.SHORT)
# Longer than a sender waits for its answers, so that nobody else takes what is under way.
CLAIMED_FOR = timedelta(minutes=5)


class Claimed(NamedTuple):
    """A payment that is this process's to send, and whether to ask first."""

    payment: Payment
    ask_first: bool


def send_due(now: datetime) -> int:
    """Send what is due over every rail that sends by itself; returns how many were dealt with."""
    return sum(_send_over(rail, sender) for rail, sender in senders().items())


def _send_over(rail: Rail, sender: Sender) -> int:
    def deal(payment_id: UUID) -> Went:
        try:
            answer = send(payment_id, rail, sender)
        except Exception:
            _try_later(payment_id)
            raise
        if answer is None:
            return Went.NOTHING
        return Went.UNCLEAR if answer == Answer.UNKNOWN else Went.DONE

    return in_turn(_due(rail, sender), deal)


def _try_later(payment_id: UUID) -> None:
    """What failed on our side is not asked about again at once."""
    with write():
        payment = locked(payment_id)
        if payment.state in WAITING:
            payment.try_at = clock.technical_now() + CLAIMED_FOR + pause_after(payment.attempts)


def _due(rail: Rail, sender: Sender) -> Sequence[tuple[UUID, UUID]]:
    """What this rail takes now, and what is its own and waits to be tried again."""
    again = and_(
        Payment.rail == rail,
        Payment.state.in_(WAITING),
        Payment.try_at <= clock.technical_now(),
    )
    fresh = and_(Payment.state == PaymentState.READY, ~Payment.by_hand, sender.takes())
    found = select(Payment.id, Payment.payer_id).where(or_(again, fresh))
    return db.session.execute(found.order_by(Payment.due_on, Payment.id)).all()


def send(payment_id: UUID, rail: Rail, sender: Sender) -> Answer | None:
    """Claim one payment, ask or send, and record the answer; None where it was not to be had."""
    try:
        with write():
            claimed = claim(payment_id, rail, sender)
        if claimed is None:
            return None
        told = ask_and_send(claimed, sender)
        with write():
            settle(payment_id, rail, told)
    except AlreadyChanged:
        return None
    return told.answer


def claim(payment_id: UUID, rail: Rail, sender: Sender) -> Claimed | None:
    """Make this payment ours for a while, with the key under which it is sent."""
    payment = locked(payment_id)
    now = clock.technical_now()
    if payment.state == PaymentState.SENDING:
        return _claim_again(payment, now)
    takes = select(Payment.id).where(Payment.id == payment.id, ~Payment.by_hand, sender.takes())
    if payment.state == PaymentState.READY and db.session.scalar(takes) is None:
        return None
    had_key = payment.idempotency_key is not None
    facts = {
        "rail": rail,
        "idempotency_key": uuid4().hex,
        "attempts": 1,
        "try_at": now + CLAIMED_FOR,
        "sent_at": clock.now(),
    }
    PAYMENT.take(SEND, payment, None, facts=facts)
    return Claimed(payment, ask_first=had_key)


def _claim_again(payment: Payment, now: datetime) -> Claimed | None:
    if payment.try_at is None or payment.try_at > now:
        return None
    payment.attempts += 1
    payment.try_at = now + CLAIMED_FOR
    return Claimed(payment, ask_first=True)


def ask_and_send(claimed: Claimed, sender: Sender) -> Told:
    """What the rail says of the payment, sent only where the rail does not know it."""
    payment = claimed.payment
    if claimed.ask_first:
        told = sender.find(payment)
        if told.answer != Answer.NOT_FOUND:
            return told
    return sender.send(payment)


def ask_again(payment_id: UUID, by: Acting) -> Answer:
    """Ask the rail what became of a payment that is held as unclear, and record what it says.

    UNKNOWN changes nothing. Raises NotYours, Refused, AlreadyChanged, and Refusal where there is
    nothing to ask.
    """
    payment = payment_of(payment_id, by)
    check(by, PaymentPermission.PAY, payment)
    sender = senders().get(payment.rail)
    if payment.held_reason != HeldReason.UNCLEAR or sender is None:
        raise Refusal(_("There is nothing to ask about this payment."))
    told = sender.find(payment)
    if told.answer != Answer.UNKNOWN:
        with write():
            settle(payment_id, payment.rail, told)
    return told.answer


def register(app: Flask) -> None:
    """Put the sending into the application's round."""
    jobs.register(app, "send payments", send_due)
