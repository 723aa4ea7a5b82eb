"""Competitions and contracts as releases and records of the Open Contracting Data Standard."""

from __future__ import annotations

from flask import Flask

from lots.releases import changing, contracts, delivery, handlers, market, numbering, panels, views


def register(app: Flask) -> None:
    """Write a release with every public step, number them, and serve them."""
    handlers.register(app)
    changing.register(app)
    contracts.register(app)
    delivery.register(app)
    market.register(app)
    numbering.register(app)
    panels.register(app)
    views.register(app)
