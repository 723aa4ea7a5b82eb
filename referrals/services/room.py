"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask

from referrals.services import open_referral_views, permissions, profile_views, unmet_views, views


def register(app: Flask) -> None:
    """Pages and permissions of the directory."""
    permissions.register(app)
    for blueprint in (
        views.blueprint,
        profile_views.blueprint,
        unmet_views.blueprint,
        open_referral_views.blueprint,
    ):
        app.register_blueprint(blueprint)
