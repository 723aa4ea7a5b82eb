"""Which room deals with which events. The job of `hooks` calls them, one event at a time."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Flask, current_app

# `handle(body_id, object_id, account_id)`; `account_id` names the connected account that the
# event is about, None for the body's own. Called outside any transaction: it asks Stripe for the
# object, opens its own write and does what the object says now, whatever the event said. It may
# be called many times, late and in any order. An exception has it called again later.
Handler = Callable[[UUID, str, str | None], None]
# Told as `events.emit(MONEY_AVAILABLE, body_id, None)` when Stripe says that money can be used.
MONEY_AVAILABLE = "money available at stripe"


def handlers(app: Flask | None = None) -> dict[str, Handler]:
    """From the beginning of an event's type ("invoice.", "account.updated") to its handler."""
    return (app or current_app).extensions["stripe_handlers"]


def handler_of(kind: str) -> Handler | None:
    """The handler whose beginning fits this type of event best; None where nobody wants it."""
    fitting = [begin for begin in handlers() if kind.startswith(begin)]
    return handlers()[max(fitting, key=len)] if fitting else None


def register(app: Flask) -> None:
    """Give the application its empty table."""
    app.extensions["stripe_handlers"] = {}
