"""Notices of a competition to the central platform: written with what they tell, then sent."""

from __future__ import annotations

from flask import Flask

from lots.notices import carriers, periodic, posting, views
from lots.notices.lifecycle import NOTICE
from lots.notices.permissions import permissions
from marketplace.lifecycle import lifecycles


def register(app: Flask) -> None:
    """Post notices with the steps they belong to, and send them."""
    permissions(app)
    lifecycles(app).append(NOTICE)
    posting.register(app)
    periodic.register(app)
    carriers.register(app)
    views.register(app)
