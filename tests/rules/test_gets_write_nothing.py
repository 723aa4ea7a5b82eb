"""Reading changes no record: every page, as people who may see it, on a database that commits."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marketplace.database import db
from tests.rules.answers import TABLE
from tests.support.walking import Walker, changed_tables, contents, judged
from tests.support.world import World

PAGES = [row for row in TABLE if "GET" in row.methods.split()]


@pytest.fixture(scope="module")
def reader(the_world: World) -> Walker:
    """Walks the world as committed: nothing is undone, so nothing may change."""
    with the_world.app.app_context(), db.engine.connect() as connection:
        return Walker(the_world, connection)


@pytest.mark.parametrize("row", PAGES, ids=lambda row: f"{row.endpoint} of {row.thing}")
def test_a_page_changes_nothing(reader: Walker, row):
    path = reader.address(row.endpoint, "GET", row.thing)
    for who in reader.readers(row):
        assert judged(reader.ask(who, "GET", path), who) == "yes", (path, who)
    with reader.world.app.app_context(), db.engine.connect() as connection:
        after = contents(connection)
    assert not changed_tables(reader.before, after), f"{path} wrote"


def test_the_database_itself_refuses_a_write_outside_a_write(the_world):
    with the_world.app.app_context():
        refused = "readonly|read-only"
        for statement in ("DELETE FROM membership", "UPDATE lot SET title = 'mine'"):
            with pytest.raises(DBAPIError, match=refused):
                db.session.execute(text(statement))
            db.session.rollback()


def test_a_view_that_writes_in_a_get_is_refused(new_database, session_folder):
    from marketplace.permissions import public
    from tests.support import apps

    app = apps.make_app(new_database("writing_get"), session_folder)

    @app.get("/writes")
    @public
    def writes() -> str:
        db.session.execute(text("DELETE FROM region"))
        return "written"

    try:
        answered = app.test_client().get("/writes").status_code
    except DBAPIError:
        answered = 500
    assert answered >= 500
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM region"))
