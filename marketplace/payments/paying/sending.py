"""The job that sends: the intent is stored with its key, then it is sent, then that is recorded.

Between these three writes the process may die at any moment. Whatever had a key before is asked
for before it is sent: only what the rail does not know is sent, under the key that is stored.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import and_, or_, select

from marketplace import clock, jobs
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged
from marketplace.payments.paying.actions import locked, settle
from marketplace.payments.paying.lifecycle import PAYMENT, SEND
from marketplace.payments.paying.models import Payment, PaymentState, Rail
from marketplace.payments.paying.rails import Answer, Sender, Told, senders

BATCH = 50
# Longer than a sender waits for its answers, so that nobody else takes what is under way.
CLAIMED_FOR = timedelta(minutes=5)
# A rail that fails so often in a row is left alone until the next round: other jobs wait.
MOST_UNCLEAR = 3
log = logging.getLogger(__name__)


class Claimed(NamedTuple):
    """A payment that is this process's to send, and whether to ask first."""

    payment: Payment
    ask_first: bool


def send_due(now: datetime) -> int:
    """Send what is due over every rail that sends by itself; returns how many were dealt with."""
    return sum(_send_over(rail, sender) for rail, sender in senders().items())


def _send_over(rail: Rail, sender: Sender) -> int:
    done, unclear, seen = 0, 0, set[UUID]()
    # Each is taken once a round, whatever happens to it.
    while batch := [each for each in _due(rail, sender) if each not in seen]:
        seen |= set(batch)
        for payment_id in batch:
            answer = _send_safely(payment_id, rail, sender)
            done += answer is not None
            unclear = unclear + 1 if answer == Answer.UNKNOWN else 0
            if unclear == MOST_UNCLEAR:
                return done
    return done


def _send_safely(payment_id: UUID, rail: Rail, sender: Sender) -> Answer | None:
    try:
        return send(payment_id, rail, sender)
    except Exception:
        log.exception("payment not sent", extra={"payment": str(payment_id)})
        return Answer.UNKNOWN


def _due(rail: Rail, sender: Sender) -> Sequence[UUID]:
    """What this rail takes now, and what is its own and waits to be tried again."""
    mine = Payment.rail == rail
    waits = Payment.state.in_((PaymentState.SENDING, PaymentState.SHORT))
    again = and_(mine, waits, Payment.try_at <= clock.technical_now())
    fresh = and_(Payment.state == PaymentState.READY, ~Payment.by_hand, sender.takes())
    found = select(Payment.id).where(or_(again, fresh)).order_by(Payment.due_on, Payment.id)
    return db.session.scalars(found.limit(BATCH)).all()


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


def register(app: Flask) -> None:
    """Put the sending into the application's round."""
    jobs.register(app, "send payments", send_due)
