"""The published awards, and the market report made of them."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lots.market import commands, views
from marketplace.registry import NavigationEntry, navigation


def register(app: Flask) -> None:
    """Add the report's page, its open data and the commands."""
    views.register(app)
    commands.register(app)
    navigation(app).append(NavigationEntry(_l("Market report"), "market.report", position=30))
