"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask

from lots.contracts.partners import lifecycle, permissions, views, waiting


def register(app: Flask) -> None:
    """Partners: their table, the steps of payments, pages and what waits."""
    permissions.register(app)
    lifecycle.register(app)
    views.register(app)
    waiting.register(app)
