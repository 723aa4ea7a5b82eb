"""Where a lot is drafted: its pages, saved one by one."""

from __future__ import annotations

from flask import Flask

from lots.drafting import views


def register(app: Flask) -> None:
    """Serve the pages of a draft."""
    app.register_blueprint(views.blueprint)
