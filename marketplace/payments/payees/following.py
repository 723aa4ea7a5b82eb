"""Keep up with what Stripe says of a provider's account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Flask
from sqlalchemy import and_, or_, select

from marketplace import clock, jobs
from marketplace.database import db, write
from marketplace.payments.payees import actions
from marketplace.payments.payees.actions import Reading
from marketplace.payments.payees.models import PayeeAccount, PayeeState
from marketplace.payments.stripes.clients import client_of
from marketplace.payments.stripes.errors import is_unclear
from marketplace.payments.stripes.handlers import handlers
from marketplace.payments.turns import Went, in_turn

if TYPE_CHECKING:
    from stripe import Account

# What moves is read often, in case an event was lost; what rests once a day.
READ_AGAIN = {
    PayeeState.STARTED: timedelta(hours=1),
    PayeeState.WAITING: timedelta(hours=1),
    PayeeState.READY: timedelta(days=1),
    PayeeState.REFUSED: timedelta(days=1),
}
MOST_READINGS = 5


class NeverStill(Exception):
    """Other readings overlapped each of ours; it is tried again later."""


def follow(account_id: UUID) -> None:
    """Read the account at Stripe and note what it says. Raises what Stripe's library raises."""
    for _attempt in range(MOST_READINGS):
        reading = reading_of(db.session.get_one(PayeeAccount, account_id))
        if reading is None:
            return
        with write():
            if actions.record(account_id, reading):
                return
    raise NeverStill(str(account_id))


def reading_of(account: PayeeAccount) -> Reading | None:
    """What Stripe says of the account now; None where it was not opened yet."""
    if account.stripe_id is None:
        return None
    begun_at = clock.technical_now()
    return read(client_of(account.body_id).v1.accounts.retrieve(account.stripe_id), begun_at)


def read(account: Account, begun_at: datetime) -> Reading:
    """What Stripe's account object means for us.

    Ready is who can be sent money and gets it out to a bank.
    """
    asks = account.requirements
    wants = sorted({*((asks and asks.currently_due) or []), *((asks and asks.past_due) or [])})
    refused = ((asks and asks.disabled_reason) or "").startswith("rejected")
    able = getattr(account.capabilities, "transfers", None) == "active"
    if refused:
        state = PayeeState.REFUSED
    elif able and account.payouts_enabled:
        state = PayeeState.READY
    elif wants or not account.details_submitted:
        state = PayeeState.STARTED
    else:
        state = PayeeState.WAITING
    return Reading(state, wants, begun_at)


def handle(body_id: UUID, object_id: str, account_id: str | None) -> None:
    """An event told of a connected account: read it."""
    stripe_id = account_id or object_id
    known = select(PayeeAccount.id).where(
        PayeeAccount.body_id == body_id, PayeeAccount.stripe_id == stripe_id
    )
    found = db.session.scalar(known)
    if found is not None:
        follow(found)


def follow_due(now: datetime) -> int:
    """The job: read what has not been read for long; returns how many were."""
    at = clock.technical_now()
    due = or_(
        *(
            and_(
                PayeeAccount.state == state,
                or_(PayeeAccount.read_at.is_(None), PayeeAccount.read_at < at - pause),
            )
            for state, pause in READ_AGAIN.items()
        )
    )
    found = select(PayeeAccount.id, PayeeAccount.body_id).where(due)
    in_order = found.order_by(PayeeAccount.read_at, PayeeAccount.id)
    waiting = db.session.execute(in_order).all()
    return in_turn(waiting, _follow_alone, is_unclear)


def _follow_alone(account_id: UUID) -> Went:
    follow(account_id)
    return Went.DONE


def register(app: Flask) -> None:
    """Read accounts when Stripe tells of them, and now and then."""
    jobs.register(app, "follow providers' Stripe accounts", follow_due)
    for begin in ("account.updated", "capability.", "payout."):
        handlers(app)[begin] = handle
