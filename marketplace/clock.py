"""Two clocks. Business time is the database's clock plus an offset row; rules judge by it.

Technical time is the real clock: sessions, tokens, throttles, leases, heartbeats. The offset is
zero outside demonstration and tests; a production configuration refuses to start on any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, g
from sqlalchemy import BigInteger, CheckConstraint, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.expression import FunctionElement

from marketplace.database import UTCDateTime, classified, db, tables

LONDON = ZoneInfo("Europe/London")


class ClockOffset(db.Model):
    """How far business time runs ahead of the database's clock, in seconds; one row at most."""

    __tablename__ = "clock_offset"
    __privacy__ = classified(none="id seconds")
    id: Mapped[int] = mapped_column(primary_key=True)
    seconds: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (
        CheckConstraint("id = 1", name="single_row"),
        CheckConstraint("seconds >= 0", name="never_back"),
    )


class DatabaseClock(FunctionElement):
    """The database's clock at the moment it is read, not at the transaction's beginning."""

    type = UTCDateTime()
    inherit_cache = True


@compiles(DatabaseClock)
def _clock(element: DatabaseClock, compiler: Any, **kwargs: Any) -> str:
    return "clock_timestamp()"


@compiles(DatabaseClock, "sqlite")
def _clock_on_sqlite(element: DatabaseClock, compiler: Any, **kwargs: Any) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f', 'now')"


# The columns that say what time it is, for a statement that reads more on the way: see `noted`.
READING = (
    DatabaseClock().label("clock_moment"),
    select(ClockOffset.__table__.c.seconds)
    .where(ClockOffset.__table__.c.id == 1)
    .scalar_subquery()
    .label("clock_offset"),
)
_READ = select(*READING)


def now() -> datetime:
    """Business time, aware UTC, read once a request."""
    if "business_now" not in g:
        g.business_now = judged_now()
    return g.business_now


def noted(row: Any) -> None:
    """Have this request's business time be what a row with the columns of `READING` says."""
    if "business_now" not in g:
        g.business_now = _moment(row)


def judged_now() -> datetime:
    """Business time read afresh; for judging a deadline under the lock that guards it."""
    if "told_now" in g:
        return g.told_now
    return _moment(tables().execute(_READ).one())


def _moment(row: Any) -> datetime:
    if row.clock_offset and current_app.extensions["settings"].environment == "production":
        raise RuntimeError("the business clock of a production database must not be moved")
    return row.clock_moment + timedelta(seconds=row.clock_offset or 0)


@contextmanager
def telling_the_past(moment: datetime) -> Iterator[None]:
    """Have business time be `moment`, to tell the demonstration's invented history by real actions.

    Raises RuntimeError outside the demonstration and tests.
    """
    settings = current_app.extensions["settings"]
    if not settings.demonstration and settings.environment != "test":
        raise RuntimeError("only the demonstration's history is told in the past")
    g.business_now = g.told_now = moment
    try:
        yield
    finally:
        g.pop("business_now", None)
        g.pop("told_now", None)


def told() -> datetime | None:
    """The moment that `telling_the_past` tells of; None outside it."""
    return g.get("told_now")


def today() -> date:
    """The business day in London."""
    return now().astimezone(LONDON).date()


def technical_now() -> datetime:
    """The real clock, aware UTC."""
    return datetime.now(UTC)


def set_offset(seconds: int) -> None:
    """Let business time run ahead; for the demonstration clock and tests, inside a write."""
    row = db.session.get(ClockOffset, 1)
    if row is None:
        db.session.add(ClockOffset(id=1, seconds=seconds))
    else:
        row.seconds = seconds
    db.session.flush()
    g.pop("business_now", None)


def offset_seconds() -> int:
    """How far business time runs ahead, in seconds."""
    row = db.session.get(ClockOffset, 1)
    return row.seconds if row else 0
