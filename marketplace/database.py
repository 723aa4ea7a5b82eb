"""The database: one base class, the column types, and the one way to write.

Reads run in read-only transactions. `write()` opens the single read-write transaction of a
request or a job; `observe()` opens a short one of its own for the three observations.
"""

from __future__ import annotations

import fcntl
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

import psycopg
from flask import current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from psycopg.pq import TransactionStatus
from sqlalchemy import (
    CursorResult,
    DateTime,
    Enum,
    LargeBinary,
    MetaData,
    TypeDecorator,
    UpdateBase,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session, registry

from marketplace.keyring import keyring

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator):
    """An aware UTC moment; SQLite hands back naive ones, and a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: every stored moment is aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Encrypted(TypeDecorator):
    """Text encrypted at rest under the key ring, bound to its column's name."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str):
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:
        return None if value is None else keyring().encrypt(self.purpose, value.encode())

    def process_result_value(self, value: bytes | None, dialect: Any) -> str | None:
        return None if value is None else keyring().decrypt(self.purpose, bytes(value)).decode()


def db_enum(kind: type[StrEnum]) -> Enum:
    """A StrEnum stored as its text, held to its members by a CHECK on both databases."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        name=kind.__name__.lower(),
        length=40,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


class Base(DeclarativeBase):
    """Every table's base. `__privacy__` classifies each of its columns."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES), type_annotation_map={datetime: UTCDateTime()}
    )
    __privacy__: dict[str, str]


db = SQLAlchemy(
    model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False}
)
migrate = Migrate(render_as_batch=True, compare_type=True)

# A connection that rested longer is tried before it is used: its server may have gone away.
TRUSTED_SECONDS = 1.0

_writing: ContextVar[bool] = ContextVar("writing", default=False)


def new_id() -> uuid.UUID:
    """A fresh opaque identifier; says nothing about what it names."""
    return uuid.uuid4()


def classified(*, none: str = "", personal: str = "", special: str = "") -> dict[str, str]:
    """Column name to what it holds about people (UK GDPR articles 4, 9 and 10).

    Raises ValueError for a column that stands twice.
    """
    kinds = {"none": none, "personal": personal, "special": special}
    pairs = [(column, kind) for kind, columns in kinds.items() for column in columns.split()]
    if len(dict(pairs)) < len(pairs):
        raise ValueError(f"a column is classified twice: {pairs}")
    return dict(pairs)


@contextmanager
def write() -> Iterator[None]:
    """Open the one read-write transaction; commit at the end, roll back on any exception.

    What was read before is forgotten, so that the action decides on rows read under its lock.
    The hooks in `when_done` run after it, those in `last_before_commit` (the audit chain) as the
    last thing before the commit.
    """
    if _writing.get():
        raise RuntimeError("a write transaction is already open here")
    session = db.session()
    # In this order, so that what a view read before keeps its values, for its form and its page.
    session.expunge_all()
    session.rollback()
    session.info.clear()
    with _writers_turn():
        token = _writing.set(True)
        try:
            yield
            session.flush()
            for moment in ("when_done", "last_before_commit"):
                for hook in current_app.extensions[moment]:
                    hook(session)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            _writing.reset(token)


@contextmanager
def observe() -> Iterator[Session]:
    """A short transaction apart from the request's, for observations; never inside `write()`."""
    if _writing.get():
        raise RuntimeError("an observation must not be written while the write lock is held")
    with _writers_turn():
        token = _writing.set(True)
        try:
            with Session(db.engine, join_transaction_mode="create_savepoint") as session:
                yield session
                session.commit()
        finally:
            _writing.reset(token)


def writing() -> bool:
    """Whether a read-write transaction is open here."""
    return _writing.get()


def end_reading() -> None:
    """End the open read, before somebody far away is asked; what was read keeps its values.

    Raises RuntimeError inside a write: nobody far away is asked while it is open.
    """
    if _writing.get():
        raise RuntimeError("nobody far away is asked inside a write")
    db.session.commit()


def changed(statement: UpdateBase, session: Session | None = None) -> int:
    """Execute an UPDATE or DELETE; returns how many rows it changed, the proof of a guard."""
    result = (session or db.session).execute(statement)
    return cast(CursorResult[Any], result).rowcount


def insert_into(table: Any) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what happens where the row is there already, for this database."""
    return (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(table)


def tables() -> Connection:
    """The open transaction's connection, for statements on tables: what is pending goes first.

    Spares what `db.session.execute` does for entities; for the statements of every request.
    """
    session = db.session()
    session.flush()
    return session.connection()


def when_done(app: Any, hook: Callable[[Session], None]) -> None:
    """Have `hook(session)` run inside every write after its action, before the last hooks.

    For what must be locked in one order however the action went through its things.
    """
    app.extensions["when_done"].append(hook)


def last_before_commit(app: Any, hook: Callable[[Session], None]) -> None:
    """Have `hook(session)` run inside every write, just before its commit."""
    app.extensions["last_before_commit"].append(hook)


@contextmanager
def _writers_turn() -> Iterator[None]:
    """On SQLite, wait in the kernel's queue: its own busy waiting is unfair under load."""
    path = current_app.extensions["writers_queue"]
    if path is None:
        yield
        return
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def register(app: Any) -> None:
    """Bind the application to its database and prepare its connections."""
    settings = app.extensions["settings"]
    url = make_url(settings.database_url)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = (
        {"connect_args": {"check_same_thread": False}}
        if settings.on_sqlite
        else {"pool_size": 8, "max_overflow": 8}
    )
    on_file = settings.on_sqlite and url.database not in (None, "", ":memory:")
    app.extensions["writers_queue"] = Path(f"{url.database}.writers") if on_file else None
    app.extensions["when_done"] = []
    app.extensions["last_before_commit"] = []
    db.init_app(app)
    migrate.init_app(app, db, directory=str(Path(app.root_path).parent / "migrations"))
    with app.app_context():
        prepare_engine(db.engine, settings.statement_timeout_seconds)


def prepare_engine(engine: Engine, statement_timeout_seconds: int) -> None:
    """Pragmas, time limits, and read-only transactions wherever `write()` is not open."""
    on_sqlite = engine.dialect.name == "sqlite"

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        if on_sqlite:
            _prepare_sqlite(connection)
        else:
            with connection.cursor() as cursor:
                cursor.execute(f"SET statement_timeout = '{int(statement_timeout_seconds)}s'")
                cursor.execute("SET TIME ZONE 'UTC'")
            connection.commit()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        reads = not _writing.get()
        driver: Any = connection.connection.dbapi_connection
        if on_sqlite:
            connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reads else 'OFF'}")
            connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
        elif driver.read_only is not reads:
            driver.read_only = reads

    if not on_sqlite:
        _prepare_postgres(engine)


class _Connection(psycopg.Connection):
    """A driver's connection that keeps its prepared statements from one read to the next.

    The driver forgets them at every rollback. The end of a read is the same to the database
    either way, as it has changed nothing.
    """

    def rollback(self) -> None:
        if self.read_only and self.info.transaction_status == TransactionStatus.INTRANS:
            self.commit()
        else:
            super().rollback()


def _prepare_postgres(engine: Engine) -> None:
    @event.listens_for(engine, "do_connect")
    def connects(_dialect: Any, _record: Any, place: Any, options: Any) -> psycopg.Connection:
        return _Connection.connect(*place, **options)

    @event.listens_for(engine, "checkin")
    def rests(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("rests_since", 0.0) < TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError() from error


def _prepare_sqlite(connection: Any) -> None:
    # The driver would open its own transactions; `begun` opens them instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "foreign_keys = ON",
        "journal_mode = WAL",
        "synchronous = FULL",
        "busy_timeout = 15000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
