"""What comes up: planned lots, who follows them, anonymous answers, alerts and feeds."""

from __future__ import annotations

from flask import Flask

from lots.pipeline import (
    alert_views,
    answering,
    digest,
    feed_views,
    news,
    panels,
    permissions,
    views,
)
from lots.pipeline.answering import invite_why_not
from lots.pipeline.following import people_following, tell_followers
from lots.pipeline.vocabulary import News

__all__ = ["News", "invite_why_not", "news", "people_following", "register", "tell_followers"]


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    news.register(app)
    answering.register(app)
    digest.register(app)
    for pages in (views, alert_views, feed_views, panels):
        pages.register(app)
