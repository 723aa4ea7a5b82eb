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
from marketplace.payments.paying.actions import SHORT_AGAIN, locked, settle, wait_or_hold
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

    return in_turn(_due(rail), deal)


def _try_later(payment_id: UUID) -> None:
    """What failed on our side is asked about later; what fails for ever is held."""
    with write():
        payment = locked(payment_id)
        if payment.state == PaymentState.SENDING:
            wait_or_hold(payment)
        elif payment.state == PaymentState.SHORT:
            payment.try_at = clock.technical_now() + SHORT_AGAIN


def _due(rail: Rail) -> Sequence[tuple[UUID, UUID]]:
    """What is this rail's to send, and what waits to be tried again."""
    again = and_(Payment.state.in_(WAITING), Payment.try_at <= clock.technical_now())
    due = or_(again, Payment.state == PaymentState.READY)
    found = select(Payment.id, Payment.payer_id).where(Payment.rail == rail, due)
    return db.session.execute(found.order_by(Payment.due_on, Payment.id)).all()


def send(payment_id: UUID, rail: Rail, sender: Sender) -> Answer | None:
    """Claim one payment, ask or send, and record the answer; None where it was not to be had."""
    try:
        with write():
            claimed = claim(payment_id, rail)
        if claimed is None:
            return None
        told = ask_and_send(claimed, sender)
        with write():
            settle(payment_id, rail, told, claimed.payment.idempotency_key)
    except AlreadyChanged:
        return None
    return told.answer


def claim(payment_id: UUID, rail: Rail) -> Claimed | None:
    """Make this payment ours for a while, with the key under which it is sent.

    None where it is somebody else's, or people's to pay.
    """
    payment = locked(payment_id)
    now = clock.technical_now()
    if payment.rail != rail:
        return None
    if payment.state == PaymentState.SENDING:
        return _claim_again(payment, now)
    had_key = payment.idempotency_key is not None
    facts = {
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
    """What the rail says of the payment, sent only where the rail does not know it.

    Raises AlreadyChanged where the claim has run out before it could be sent.
    """
    payment = claimed.payment
    if claimed.ask_first:
        told = sender.find(payment)
        if told.answer != Answer.NOT_FOUND:
            return told
    if payment.try_at is None or payment.try_at <= clock.technical_now():
        raise AlreadyChanged(_("This took too long: somebody else may be sending this payment."))
    return sender.send(payment)


def ask_again(payment_id: UUID, by: Acting) -> Answer:
    """Ask the rail what became of a payment that is held as unclear, and record what it says.

    UNKNOWN, also while what was sent last may still be under way, changes nothing. Raises
    NotYours, Refused, AlreadyChanged, and Refusal where there is nothing to ask.
    """
    payment = payment_of(payment_id, by)
    check(by, PaymentPermission.PAY, payment)
    sender = senders().get(payment.rail)
    if payment.held_reason != HeldReason.UNCLEAR or sender is None:
        raise Refusal(_("There is nothing to ask about this payment."))
    told = sender.find(payment)
    may_be_under_way = payment.try_at is not None and payment.try_at > clock.technical_now()
    if told.answer == Answer.NOT_FOUND and may_be_under_way:
        return Answer.UNKNOWN
    if told.answer != Answer.UNKNOWN:
        with write():
            settle(payment_id, payment.rail, told, payment.idempotency_key)
    return told.answer


def register(app: Flask) -> None:
    """Put the sending into the application's round."""
    jobs.register(app, "send payments", send_due)
