"""The ground floor of the application: everything the floors above stand on."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from marketplace import (
    accounts,
    areas,
    audit,
    categories,
    commands,
    database,
    demonstration,
    events,
    files,
    jobs,
    lifecycle,
    once,
    organisations,
    outbox,
    payments,
    permissions,
    qualification,
    questions,
    registry,
    web,
)
from marketplace.keyring import RING, load_or_make, secret_key
from marketplace.settings import Settings
from marketplace.web import protection

MOST_REQUEST_BYTES = 4 * 1024 * 1024


def create_ground(settings: Settings) -> Flask:
    """An application with the ground floor only; `wsgi.create_app` adds the others."""
    app = Flask("marketplace", static_folder="static", template_folder="templates")
    app.extensions["settings"] = settings
    app.extensions["keyring"] = load_or_make(settings.instance / RING)
    app.config.update(
        SECRET_KEY=settings.secret_key or secret_key(settings.instance / "secret-key"),
        MAX_CONTENT_LENGTH=MOST_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_REQUEST_BYTES,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.address.startswith("https://"),
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]  # made to be wrapped
    for part in (registry, permissions, events, lifecycle, database, audit):
        part.register(app)
    jobs.prepare(app)
    jobs.register(app, "write out the audit head", audit.write_out_head)
    jobs.register(app, "forget used keys", once.forget_old)
    web.register(app)
    rooms = (
        *(outbox, areas, categories, organisations, accounts, files, payments),
        *(questions, qualification),
    )
    for room in rooms:
        room.register(app)
    for part in (protection, demonstration, commands):
        part.register(app)
    return app
