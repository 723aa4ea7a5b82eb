"""Open data: what there is, grants by 360Giving, and tables of what was awarded."""

from __future__ import annotations

from flask import Flask

from lots.opendata import views


def register(app: Flask) -> None:
    """Serve the page and the files."""
    views.register(app)
