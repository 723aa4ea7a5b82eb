"""Outside `write()` the database itself refuses to change anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError

from marketplace.clock import ClockOffset
from marketplace.database import db, observe, write
from tests.support.apps import make_app
from tests.support.databases import NewDatabase


def test_a_read_cannot_write_before_or_after_a_write(
    new_database: NewDatabase, session_folder: Path
) -> None:
    app = make_app(new_database("read_only"), session_folder)
    with app.app_context():
        for opens in (write, observe):
            with pytest.raises(DBAPIError):
                db.session.execute(insert(ClockOffset).values(id=1, seconds=0))
            db.session.rollback()
            assert count() == 0
            with opens():
                pass
        with write():
            db.session.execute(insert(ClockOffset).values(id=1, seconds=0))
        assert count() == 1
        with pytest.raises(DBAPIError):
            db.session.execute(insert(ClockOffset).values(id=1, seconds=0))
        db.session.remove()
        db.engine.dispose()


def count() -> int:
    """How many rows there are."""
    return db.session.scalar(select(func.count()).select_from(ClockOffset)) or 0
