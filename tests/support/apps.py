"""Building the product for a test, on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import flask_migrate
from flask import Flask

from marketplace import database
from marketplace.database import db
from marketplace.settings import Settings
from tests.support.client import Client

SECRET_KEY = "only for tests, where nothing is worth stealing"


def make_app(database_url: str, instance: Path, **settings: Any) -> Flask:
    """The whole product in test configuration; errors reach the test instead of an error page."""
    # Here, so that tests of rules and of single parts need not load every floor.
    from wsgi import create_app

    given = Settings(
        environment="test",
        database_url=database_url,
        instance=instance,
        secret_key=SECRET_KEY,
        # Written outside the database, so not rolled back: each product has its own.
        audit_heads=instance / f"audit-heads-{uuid4().hex}.jsonl",
        **settings,
    )
    app = create_app(settings=given)
    app.testing = True
    app.test_client_class = Client
    return app


def prepare(database_url: str, instance: Path) -> None:
    """Fill an empty database with tables, triggers and reference data, and let go of it."""
    app = make_app(database_url, instance)
    with app.app_context():
        with writing_freely():
            db.create_all()
        # A product that is served on a copy asks whether the schema is at its head.
        flask_migrate.stamp()
        loaded = app.test_cli_runner().invoke(args=["load-reference"], catch_exceptions=False)
        assert loaded.exit_code == 0, loaded.output
        db.session.remove()
        # On SQLite, closing the last connection folds the write-ahead log into the file.
        db.engine.dispose()


@contextmanager
def writing_freely() -> Iterator[None]:
    """Let statements change the database outside `write()`: only for making tables."""
    token = database._writing.set(True)
    try:
        yield
    finally:
        database._writing.reset(token)
