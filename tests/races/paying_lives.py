"""Processes that send payments and end themselves where they are told to, one after the other.

    python -m tests.races.paying_lives DATABASE INSTANCE STAND_IN_FOLDER < plan.json

The plan gives each payment its troubles: points at which the process ends itself at once, and
faults of the stand-in. Each trouble happens once, in this order, as soon as it can. The process
that reads the plan only waits: every life is a process of its own that knows nothing of the one
before but what stands in the database. Says how many lives there were.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update

from marketplace import clock
from marketplace.database import db, write
from marketplace.payments import turns
from marketplace.payments.paying import actions, sending
from marketplace.payments.paying.models import Payment, PaymentState, Rail
from marketplace.payments.paying.rails import senders
from tests.support import standin
from tests.support.apps import make_app

# The points before and after every step of paying.
POINTS = (
    "before the claim",
    "claim not committed",
    "claim committed",
    "before asking",
    "asked",
    "before sending",
    "sent",
    "answered",
    "record not committed",
    "recorded",
)
FAULTS = ("dropped", "delayed", "answered_late", "conflict", "too_many", "broken", "broken_after")
MOST_ROUNDS = 60
DIED = 17
ANSWER_SECONDS = 0.4
FAULT_SECONDS = 0.6


class Troubles:
    """What is still to happen to each payment; what has happened is on disk before it does."""

    def __init__(self, plan: dict[str, list[str]], folder: Path):
        self.plan = plan
        self.happened = folder / "happened"
        self.stand_in = standin.in_folder(folder)
        done = self.happened.read_text().splitlines() if self.happened.exists() else []
        for line in done:
            reference, trouble = line.split("\t")
            self.plan[reference].remove(trouble)

    def _is_next(self, payment: Payment, trouble: str) -> bool:
        wanted = self.plan.get(payment.reference)
        if not wanted or wanted[0] != trouble:
            return False
        wanted.pop(0)
        with self.happened.open("a") as file:
            file.write(f"{payment.reference}\t{trouble}\n")
            file.flush()
            os.fsync(file.fileno())
        return True

    def at(self, point: str, payment: Payment) -> None:
        """End this process where the plan says so."""
        if self._is_next(payment, point):
            os._exit(DIED)

    def order_fault(self, payment: Payment, request: str) -> None:
        """Have the next request go wrong where the plan says so."""
        for fault in FAULTS:
            if self._is_next(payment, fault):
                self.stand_in.fault(fault, request, seconds=FAULT_SECONDS)


def between(owner: Any, name: str, before: Any = None, after: Any = None) -> None:
    """Have `before` and `after` be called around a function, with its first argument."""
    real = getattr(owner, name)

    def called(subject: Any, *more: Any) -> Any:
        if before is not None:
            before(subject)
        answer = real(subject, *more)
        if after is not None:
            after(subject)
        return answer

    setattr(owner, name, called)


def prepare(troubles: Troubles, app: Flask) -> None:
    """Put every point between the steps; nothing is waited for."""
    turns.MOST_UNCLEAR = 10**6
    turns.LONGEST = timedelta(days=1)
    actions.pause_after = lambda *_given: timedelta(0)
    rail = senders(app)[Rail.STRIPE]

    def by_id(point: str) -> Callable[[Any], None]:
        return lambda payment_id: troubles.at(point, db.session.get_one(Payment, payment_id))

    def of_claimed(point: str) -> Callable[[Any], None]:
        return lambda claimed: troubles.at(point, claimed.payment)

    def of(point: str) -> Callable[[Any], None]:
        return lambda payment: troubles.at(point, payment)

    def asking(payment: Payment) -> None:
        troubles.at("before asking", payment)
        troubles.order_fault(payment, "GET /v1/transfers")

    def making(payment: Payment) -> None:
        troubles.at("before sending", payment)
        troubles.order_fault(payment, "POST /v1/transfers")

    between(sending, "claim", by_id("before the claim"), by_id("claim not committed"))
    between(sending, "ask_and_send", of_claimed("claim committed"), of_claimed("answered"))
    between(rail, "find", asking, of("asked"))
    between(rail, "send", making, of("sent"))
    between(sending, "settle", None, by_id("record not committed"))
    between(sending, "send", None, by_id("recorded"))


def let_claims_run_out() -> None:
    """What an earlier life claimed, or would wait for, is to be had at once."""
    waits = (Payment.state != PaymentState.PAID, Payment.try_at.is_not(None))
    if db.session.scalar(select(Payment.id).where(*waits).limit(1)) is not None:
        with write():
            db.session.execute(update(Payment).where(*waits).values(try_at=clock.technical_now()))


def live(app: Flask, plan: dict[str, list[str]], folder: Path) -> int:
    """Send until everything is paid; 0 where it is, else 1."""
    import stripe

    with app.app_context():
        app.extensions["stripe_http"] = stripe.RequestsClient(timeout=(5, ANSWER_SECONDS))
        prepare(Troubles(plan, folder), app)
        for _round in range(MOST_ROUNDS):
            let_claims_run_out()
            sending.send_due(clock.now())
            db.session.rollback()
            unpaid = select(func.count()).where(Payment.state != PaymentState.PAID)
            if not db.session.scalar(unpaid):
                return 0
        return 1


def main(database: str, instance: str, folder: str) -> int:
    """One life after the other, until one has nothing left to do."""
    plan, lives = json.load(sys.stdin), 0
    app = make_app(database, Path(instance))
    while True:
        lives += 1
        child = os.fork()
        if child == 0:
            os._exit(live(app, plan, Path(folder)))
        _child, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code != DIED:
            print(lives)
            return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
