"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask

from lots.funding import (
    commands,
    cosigning,
    fund_views,
    funder_views,
    lifecycle,
    permissions,
    rules,
    views,
    waiting,
)


def register(app: Flask) -> None:
    """Add this room to the application."""
    for part in (permissions, lifecycle, rules, cosigning, views, funder_views, fund_views):
        part.register(app)
    waiting.register(app)
    commands.register(app)
