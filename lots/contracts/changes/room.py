"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask

from lots.contracts.changes import jobs, lifecycle, permissions, views, waiting


def register(app: Flask) -> None:
    """Changes: their table, steps, job, pages and what waits."""
    permissions.register(app)
    lifecycle.register(app)
    jobs.register(app)
    views.register(app)
    waiting.register(app)
