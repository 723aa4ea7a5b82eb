"""Runs the chain of migrations on the application's database, each in the one write transaction."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app

from marketplace import database
from marketplace.database import Encrypted, UTCDateTime, db


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Write our own column types by their short names."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "UTCDateTime()"
    if kind == "type" and isinstance(item, Encrypted):
        return f"Encrypted({item.purpose!r})"
    return False


def run() -> None:
    """Upgrade or downgrade with one connection, in one transaction for each migration."""
    token = database._writing.set(True)
    try:
        with db.engine.connect() as connection:
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
