"""Where a lot is drafted: its pages, saved one by one."""

from __future__ import annotations

from flask import Flask

from lots.drafting import checking, copy_views, document_views, question_views, tasklist, views
from lots.drafting.pages import blueprint

__all__ = ["document_views", "question_views", "register", "views"]


def register(app: Flask) -> None:
    """Serve the pages of a draft."""
    app.register_blueprint(blueprint)
    copy_views.register(app)
    checking.register(app)
    tasklist.register(app)
