"""Everything that this room adds to the application."""

from __future__ import annotations

from flask import Flask

from bids.evaluation import (
    moderation_views,
    panel_views,
    permissions,
    reminders,
    sent_files,
    views,
    waiting,
)
from bids.evaluation.lifecycle import EVALUATION, SEAT
from marketplace import registry
from marketplace.lifecycle import lifecycles

# All of them fill the one blueprint, which is registered with the pages that look over it.
PAGES = (views, panel_views, moderation_views)


def register(app: Flask) -> None:
    """Pages, permissions, state machines, reminders and what waits."""
    permissions.register(app)
    lifecycles(app).extend([EVALUATION, SEAT])
    app.register_blueprint(sent_files.blueprint)
    reminders.register(app)
    registry.waiting(app).append(waiting.waiting_for)
