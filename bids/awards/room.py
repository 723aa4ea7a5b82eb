"""Deciding, and telling every bidder, as parts of the application."""

from __future__ import annotations

from flask import Flask

# What adds pages to the blueprint is imported for that.
from bids.awards import (
    jobs,
    outcome_views,
    panels,
    report_views,
    review_views,
    shown,
    views,
)


def register(app: Flask) -> None:
    """Serve the pages, confirm awards, and know how days are told."""
    shown.register(app)
    app.register_blueprint(views.blueprint)
    jobs.register(app)
    panels.register(app)


__all__ = ["outcome_views", "register", "report_views", "review_views"]
