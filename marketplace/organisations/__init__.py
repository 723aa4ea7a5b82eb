"""The organisations that take part, and their profiles."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from marketplace.organisations import permissions, views
from marketplace.organisations.permissions import OrganisationPermission
from marketplace.registry import NavigationEntry, navigation


def register(app: Flask) -> None:
    """Add the permissions and pages of organisations."""
    permissions.register(app)
    app.register_blueprint(views.blueprint)
    entry = NavigationEntry(
        _l("Organisations"), "organisations.all", OrganisationPermission.SEE_ALL, position=70
    )
    navigation(app).append(entry)
