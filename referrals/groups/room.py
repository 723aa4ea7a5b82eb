"""What this room adds to the product."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from marketplace.registry import NavigationEntry, navigation
from referrals.groups import permissions, views
from referrals.groups.permissions import GroupPermission


def register(app: Flask) -> None:
    """Pages, permission and the link in the header."""
    permissions.register(app)
    app.register_blueprint(views.blueprint)
    navigation(app).append(NavigationEntry(_l("Groups"), "groups.index", GroupPermission.RUN, 31))
