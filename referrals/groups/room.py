"""What this room adds to the product."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from marketplace import events
from marketplace.registry import NavigationEntry, navigation
from referrals.groups import ended, permissions, views
from referrals.groups.permissions import GroupPermission
from referrals.lifecycle import COMPLETE, END_EARLY, WITHDRAW


def register(app: Flask) -> None:
    """Pages, permission, the link in the header, and the end of a member's case."""
    permissions.register(app)
    app.register_blueprint(views.blueprint)
    for step in (WITHDRAW, COMPLETE, END_EARLY):
        events.when(app, step, ended.case_ended)
    navigation(app).append(NavigationEntry(_l("Groups"), "groups.index", GroupPermission.RUN, 31))
