"""The job that asks Stripe for top-ups, and follows what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Flask
from sqlalchemy import or_, select

from marketplace import clock, events, jobs
from marketplace.database import db, write
from marketplace.jobs import pause_after
from marketplace.payments.paying.actions import MOST_ATTEMPTS, money_came
from marketplace.payments.paying.rails import Answer
from marketplace.payments.stripes.clients import client_of
from marketplace.payments.stripes.errors import answer_of, is_unclear
from marketplace.payments.stripes.handlers import MONEY_AVAILABLE, handlers
from marketplace.payments.stripes.metadata import made_since, our_id, ours_among
from marketplace.payments.topping import actions
from marketplace.payments.topping.actions import Reading
from marketplace.payments.topping.models import TopUp, TopUpState
from marketplace.payments.turns import Went, in_turn

if TYPE_CHECKING:
    from stripe import Topup

TOP_UP = "top_up"
# Longer than an answer may take, so that nobody else asks for the same meanwhile.
CLAIMED_FOR = timedelta(minutes=5)
READ_AGAIN = timedelta(hours=6)


def ask_due(now: datetime) -> int:
    """Ask for what is to be asked for, and read what is on its way; returns how many."""
    return in_turn(_due(), _follow, is_unclear)


def _due() -> Sequence[tuple[UUID, UUID]]:
    waits = TopUp.state.in_((TopUpState.ASKED, TopUpState.UNCLEAR, TopUpState.COMING))
    again = or_(TopUp.try_at.is_(None), TopUp.try_at <= clock.technical_now())
    found = select(TopUp.id, TopUp.body_id).where(waits, again)
    return db.session.execute(found.order_by(TopUp.asked_at, TopUp.id)).all()


def _follow(top_up_id: UUID) -> Went:
    """Claim it, ask or read outside any write, then note the answer."""
    with write():
        top_up = _claim(top_up_id)
    if top_up is None:
        return Went.NOTHING
    reading = FOLLOW[top_up.state](top_up)
    with write():
        if reading is None:
            actions.refused(top_up_id)
        else:
            actions.record(top_up.body_id, reading)
    return Went.DONE


def _claim(top_up_id: UUID) -> TopUp | None:
    top_up = actions.locked(top_up_id)
    now = clock.technical_now()
    is_waited_for = top_up.try_at is not None and top_up.try_at > now
    if is_waited_for or top_up.state not in FOLLOW:
        return None
    if top_up.state == TopUpState.ASKED and top_up.attempts >= MOST_ATTEMPTS:
        actions.give_up(top_up)
    top_up.attempts += 1
    if top_up.state == TopUpState.COMING:
        top_up.try_at = now + READ_AGAIN
    else:
        top_up.try_at = now + CLAIMED_FOR + pause_after(top_up.attempts)
    return top_up


def _ask(top_up: TopUp) -> Reading | None:
    """Ask for it under its key; where it was asked for before, look first. None if refused."""
    import stripe

    if top_up.attempts > 1:
        found = _find(top_up)
        if found is not None:
            return found
    try:
        made = client_of(top_up.body_id).v1.topups.create(
            params={
                "amount": top_up.pence,
                "currency": "gbp",
                "metadata": {TOP_UP: str(top_up.id)},
            },
            options={"idempotency_key": top_up.idempotency_key or ""},
        )
    except stripe.StripeError as error:
        if answer_of(error) == Answer.UNKNOWN:
            raise
        return None
    return read(made)


def _find(top_up: TopUp) -> Reading | None:
    since = made_since(top_up.noted_at)
    topups = client_of(top_up.body_id).v1.topups
    listed = topups.list(params={"created": {"gte": since}, "limit": 100})
    found = ours_among(listed.auto_paging_iter(), TOP_UP, top_up.id)
    return read(found) if found is not None else None


def _read_again(top_up: TopUp) -> Reading:
    return read(client_of(top_up.body_id).v1.topups.retrieve(top_up.rail_reference or ""))


FOLLOW = {
    TopUpState.ASKED: _ask,
    TopUpState.UNCLEAR: _find,
    TopUpState.COMING: _read_again,
}


def read(topup: Topup) -> Reading:
    """What Stripe's top-up object says."""
    day = topup.expected_availability_date
    return Reading(
        reference=topup.id,
        our_id=our_id(topup, TOP_UP),
        pence=topup.amount,
        status=topup.status,
        expected_on=datetime.fromtimestamp(day, clock.LONDON).date() if day else None,
    )


def handle(body_id: UUID, object_id: str, account_id: str | None) -> None:
    """An event told of a top-up: read it."""
    reading = read(client_of(body_id).v1.topups.retrieve(object_id))
    with write():
        actions.record(body_id, reading)


def money_is_there(body_id: UUID, object_id: str, account_id: str | None) -> None:
    """An event told that money can be used now: what waits for it is tried again."""
    if account_id is None:
        with write():
            money_came(body_id)
            events.emit(MONEY_AVAILABLE, body_id, None)


def register(app: Flask) -> None:
    """Ask in the application's round, and follow what Stripe tells."""
    jobs.register(app, "ask for top-ups", ask_due)
    handlers(app)["topup."] = handle
    handlers(app)["balance.available"] = money_is_there
