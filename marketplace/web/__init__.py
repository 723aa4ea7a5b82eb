"""The web shell: layout, form fields, language, errors, headers, logs and health."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect

from marketplace.web import (
    addresses,
    errors,
    filters,
    headers,
    health,
    home,
    language,
    logs,
    navigation,
    pages,
    pictures,
    uploads,
)
from marketplace.web import static as static_files

csrf = CSRFProtect()


def register(app: Flask) -> None:
    """Put the web shell around the application; before any package registers its pages."""
    # A page typed at for longer than an hour must still be accepted: the token lives as long as
    # the session it is bound to.
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    logs.register(app)
    headers.register(app)
    addresses.register(app)
    # Looking for the token reads the form: what may be sent is known by then.
    uploads.register(app)
    csrf.init_app(app)
    language.register(app)
    filters.register(app)
    pictures.register(app)
    static_files.register(app)
    navigation.register(app)
    errors.register(app)
    health.register(app)
    pages.register(app)
    home.register(app)
