"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask

from marketplace.payments.paying import lifecycle, permissions, rails, sending


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    rails.register(app)
    lifecycle.register(app)
    sending.register(app)
