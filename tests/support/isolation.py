"""Every test in one transaction that is rolled back: the database is the same before each.

The application's engine is replaced by one connection inside an outer transaction; every session,
the observing ones too, works in a savepoint of it. Two things need care, and get it here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from marketplace import database
from marketplace.database import db
from tests.support.apps import writing_freely

CHANGING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE")


class WroteOutsideWrite(AssertionError):
    """A statement changed data outside `write()` and `observe()`: refused in production."""


@contextmanager
def rolled_back(app: Flask) -> Iterator[Connection]:
    """Run the body inside one transaction of the application's database; undo it afterwards."""
    engines = db._app_engines[app]
    engine = engines[None]
    with engine.connect() as connection, _refusing_stray_writes(connection):
        with writing_freely():
            outer = connection.begin()
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        engines[None] = connection  # type: ignore[assignment]  # stands in for the engine
        try:
            with _one_session_at_a_time():
                yield connection
        finally:
            engines[None] = engine
            outer.rollback()
            # What the test wrote out of the audit tells of events that are no more.
            app.extensions["settings"].audit_heads.unlink(missing_ok=True)


@contextmanager
def _refusing_stray_writes(connection: Connection) -> Iterator[None]:
    """Inside the outer transaction the database itself no longer refuses; so this does."""

    def before(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not database._writing.get() and statement.lstrip().upper().startswith(CHANGING):
            raise WroteOutsideWrite(statement)

    event.listen(connection, "before_cursor_execute", before)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", before)


@contextmanager
def _one_session_at_a_time() -> Iterator[None]:
    """Close the savepoint of whoever read before, when another session begins.

    In production each session has a connection of its own. Here one's savepoint would enclose the
    next one's, and rolling back a read would undo what the other had committed.
    """
    begun: WeakSet[Session] = WeakSet()

    def created(session: Session, transaction: Any) -> None:
        if transaction.parent is not None:
            return
        for other in list(begun):
            if other is not session and other.in_transaction():
                if other.info.get("writes"):
                    raise AssertionError("a second session began while one was writing")
                other.commit()
        session.info["writes"] = database._writing.get()
        begun.add(session)

    event.listen(Session, "after_transaction_create", created)
    try:
        yield
    finally:
        event.remove(Session, "after_transaction_create", created)
