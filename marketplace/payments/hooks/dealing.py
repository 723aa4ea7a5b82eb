"""The job that deals with events: each alone, its object read again at Stripe by its handler."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from marketplace import clock, jobs
from marketplace.database import db, write
from marketplace.payments.hooks import actions
from marketplace.payments.hooks.models import ReceivedEvent
from marketplace.payments.stripes.handlers import handler_of

BATCH = 50
log = logging.getLogger(__name__)


def deal(now: datetime) -> int:
    """Deal with what has been received, the oldest first; returns how many events were."""
    dealt, seen = 0, set[tuple[UUID, str]]()
    # Each is taken once a round, whatever happens to it.
    while batch := [each for each in _due() if (each.body_id, each.id) not in seen]:
        seen |= {(each.body_id, each.id) for each in batch}
        dealt += sum(_deal_with(each) for each in batch)
    return dealt


def _due() -> Sequence[ReceivedEvent]:
    waits = (ReceivedEvent.handled_at.is_(None), ReceivedEvent.try_at <= clock.technical_now())
    found = select(ReceivedEvent).where(*waits).order_by(ReceivedEvent.try_at, ReceivedEvent.id)
    return db.session.scalars(found.limit(BATCH)).all()


def _deal_with(event: ReceivedEvent) -> bool:
    """Claim it, have its handler follow the object, and note how that went."""
    with write():
        if not actions.claim(event.body_id, event.id):
            return False
    handle = handler_of(event.kind)
    try:
        if handle is not None:
            handle(event.body_id, event.object_id, event.account_id)
    except Exception as error:
        log.exception("event not dealt with", extra={"stripe_event": event.id})
        with write():
            actions.failed(event.body_id, event.id, type(error).__name__)
        return False
    with write():
        actions.handled(event.body_id, event.id)
    return True


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
