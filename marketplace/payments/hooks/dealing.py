"""The job that deals with events: each alone, its object read again at Stripe by its handler."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from marketplace import clock, jobs
from marketplace.database import db, write
from marketplace.payments.hooks import actions
from marketplace.payments.hooks.models import ReceivedEvent
from marketplace.payments.stripes.errors import is_unclear
from marketplace.payments.stripes.handlers import handler_of
from marketplace.payments.turns import Went, in_turn


def deal(now: datetime) -> int:
    """Deal with what has been received, the oldest first; returns how many events were."""
    return in_turn([(event, event.body_id) for event in _due()], _deal_with, is_unclear)


class Due(NamedTuple):
    """One event to be dealt with: only its names, which no rollback takes away."""

    body_id: UUID
    id: str
    kind: str
    object_id: str
    account_id: str | None


def _due() -> list[Due]:
    waits = (
        ReceivedEvent.handled_at.is_(None),
        ReceivedEvent.try_at <= clock.technical_now(),
        # What fails for ever waits for a person: `room.waits_for` tells of it.
        ReceivedEvent.attempts < actions.MOST_ATTEMPTS,
    )
    columns = (getattr(ReceivedEvent, name) for name in Due._fields)
    found = select(*columns).where(*waits).order_by(ReceivedEvent.try_at, ReceivedEvent.id)
    return [Due(*row) for row in db.session.execute(found)]


def _deal_with(event: Due) -> Went:
    """Claim it, have its handler follow the object, and note how that went."""
    try:
        with write():
            if not actions.claim(event.body_id, event.id):
                return Went.NOTHING
        handle = handler_of(event.kind)
        if handle is not None:
            handle(event.body_id, event.object_id, event.account_id)
    except Exception as error:
        with write():
            actions.failed(event.body_id, event.id, type(error).__name__)
        raise
    with write():
        actions.handled(event.body_id, event.id)
    return Went.DONE


def forget_old(now: datetime) -> int:
    """The job: remove events that were dealt with long ago."""
    if not actions.any_old():
        return 0
    with write():
        return actions.forget_old()


def register(app: Flask) -> None:
    """Put the dealing into the application's round."""
    jobs.register(app, "deal with Stripe's events", deal)
    jobs.register(app, "forget old Stripe events", forget_old)
