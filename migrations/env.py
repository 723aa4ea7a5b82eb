"""Runs the chain of migrations on the application's database, each in the one write transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from marketplace import database
from marketplace.database import Encrypted, UTCDateTime, db


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Write our own column types by their short names."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "UTCDateTime()"
    if kind == "type" and isinstance(item, Encrypted):
        return f"Encrypted({item.purpose!r})"
    return False


@contextmanager
def _keys_at_rest(connection: Connection) -> Iterator[None]:
    """On SQLite a table may be written anew under the keys of others; afterwards all must hold.

    The driver's own cursor is used, because inside a transaction the setting changes nothing.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
        broken = cursor.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"keys without their rows: {broken[:5]}")
    finally:
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()


def run() -> None:
    """Upgrade or downgrade with one connection, in one transaction for each migration."""
    token = database._writing.set(True)
    try:
        with db.engine.connect() as connection, _keys_at_rest(connection):
            context.configure(
                connection=connection,
                target_metadata=db.metadata,
                render_item=render_item,
                transaction_per_migration=True,
                **current_app.extensions["migrate"].configure_args,
            )
            with context.begin_transaction():
                context.run_migrations()
    finally:
        database._writing.reset(token)


run()
