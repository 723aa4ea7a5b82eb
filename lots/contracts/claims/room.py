"""Claims: computed at each month's close, checked or queried, approved, and paid."""

from __future__ import annotations

from flask import Flask

from lots.contracts.claims import (
    actions,
    advancing,
    closing,
    lifecycle,
    overdue,
    permissions,
    views,
    waiting,
)
from marketplace import events
from marketplace.payments.paying.lifecycle import PAY, RETURN


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    lifecycle.register(app)
    closing.register(app)
    advancing.register(app)
    overdue.register(app)
    views.register(app)
    waiting.register(app)
    events.when(app, PAY, actions.paid)
    events.when(app, RETURN, actions.came_back)
