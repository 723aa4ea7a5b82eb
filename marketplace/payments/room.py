"""What the money rooms of the ground add to the application."""

from __future__ import annotations

from flask import Flask

from marketplace.payments.paying import room as paying
from marketplace.payments.stripes import clients, handlers


def register(app: Flask) -> None:
    """Register each room, the lower ones first."""
    paying.register(app)
    clients.register(app)
    handlers.register(app)
