"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask

from marketplace.payments.bodies import permissions
from marketplace.payments.stripes import books, clients, commands, handlers, views


def register(app: Flask) -> None:
    """Add this room to the application."""
    clients.register(app)
    handlers.register(app)
    permissions.register(app)
    commands.register(app)
    views.register(app)
    books.register(app)
