"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from marketplace.payments.paying import (
    export_views,
    lifecycle,
    pages,
    permissions,
    rails,
    sending,
    waiting,
)
from marketplace.payments.paying.permissions import PaymentPermission
from marketplace.registry import NavigationEntry, navigation


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    pages.register(app)
    rails.register(app)
    lifecycle.register(app)
    sending.register(app)
    waiting.register(app)
    app.register_blueprint(export_views.blueprint)
    entry = NavigationEntry(_l("Payments"), "payments.index", PaymentPermission.LIST, 45)
    navigation(app).append(entry)
