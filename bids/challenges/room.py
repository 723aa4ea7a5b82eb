"""Challenges as parts of the application."""

from __future__ import annotations

from flask import Flask

from bids.challenges import panels, permissions, views
from bids.challenges.lifecycle import CHALLENGE
from marketplace.lifecycle import lifecycles


def register(app: Flask) -> None:
    """Know who may, serve the pages, list the lifecycle."""
    permissions.register(app)
    lifecycles(app).append(CHALLENGE)
    app.register_blueprint(views.blueprint)
    panels.register(app)
