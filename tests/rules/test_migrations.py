"""The chain of migrations makes exactly the tables of the models, checks and triggers included."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import flask_migrate
import pytest
from sqlalchemy import Connection, Uuid, bindparam, inspect, text

from marketplace.database import db
from tests.support.apps import make_app, writing_freely

MIGRATIONS = Path(__file__).parents[2] / "migrations" / "versions"


def schema(connection: Connection) -> dict[str, object]:
    """Everything the database knows of its tables, in a form that can be compared."""
    inspector = inspect(connection)
    tables = {}
    for name in sorted(inspector.get_table_names()):
        if name == "alembic_version":
            continue
        tables[name] = {
            "columns": sorted(
                (each["name"], str(each["type"]), each["nullable"])
                for each in inspector.get_columns(name)
            ),
            "primary key": inspector.get_pk_constraint(name)["constrained_columns"],
            "indexes": sorted(
                (each["name"], tuple(each["column_names"]), bool(each["unique"]))
                for each in inspector.get_indexes(name)
            ),
            "unique": sorted(
                (str(each["name"]), tuple(each["column_names"]))
                for each in inspector.get_unique_constraints(name)
            ),
            "foreign keys": sorted(
                (tuple(each["constrained_columns"]), each["referred_table"])
                for each in inspector.get_foreign_keys(name)
            ),
            "checks": sorted(
                (str(each["name"]), " ".join(each["sqltext"].split()))
                for each in inspector.get_check_constraints(name)
            ),
        }
    return {"tables": tables, "triggers": triggers(connection), "partial": partial(connection)}


def triggers(connection: Connection) -> list[str]:
    """All triggers, word for word."""
    asks = (
        "SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        if connection.dialect.name == "sqlite"
        else "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    )
    return list(connection.scalars(text(asks)))


def partial(connection: Connection) -> list[str]:
    """The conditions of partial indexes."""
    asks = (
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %' ORDER BY name"
        if connection.dialect.name == "sqlite"
        else "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' "
        "AND indexdef LIKE '% WHERE %' ORDER BY indexname"
    )
    return [" ".join(definition.split()) for definition in connection.scalars(text(asks))]


@pytest.fixture
def migrated(empty_database, session_folder):
    """A product on a database that only the migrations made."""
    app = make_app(empty_database("migrated"), session_folder)
    with app.app_context():
        flask_migrate.upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_migrated_equals_models(migrated, empty_database, session_folder):
    made = make_app(empty_database("made"), session_folder)
    with made.app_context():
        with writing_freely():
            db.create_all()
        with db.engine.connect() as connection:
            from_models = schema(connection)
        db.engine.dispose()
    with db.engine.connect() as connection:
        from_migrations = schema(connection)
    assert from_migrations["tables"].keys() == from_models["tables"].keys()
    for name, expected in from_models["tables"].items():
        assert from_migrations["tables"][name] == expected, name
    assert from_migrations == from_models


BEFORE = """
INSERT INTO organisation (id, kind, name, org_ids, is_voluntary, source, is_demonstration)
  VALUES (:org, 'provider', 'Harbour & Sons', '["GB-CHC-1234567"]', TRUE, 'own', FALSE);
INSERT INTO person (id, name, email, email_hash, state, is_demonstration, created_at, totp_step)
  VALUES (:person, :sealed, :sealed, :sealed, 'active', FALSE, :then, 0);
INSERT INTO question_set (id, purpose, version, valid_from)
  VALUES (:set, 'qualification', 1, '2021-01-01');
INSERT INTO question
  (id, set_id, position, concept, kind, text, text_cy, why, why_cy, most_words, legal)
  VALUES (:question, :set, 1, 'policy', 'confirm', 'We have one', '', '', '', NULL, FALSE);
INSERT INTO qualification_application
  (id, organisation_id, set_id, state, created_at, created_by_id, submitted_at, due_on)
  VALUES (:application, :org, :set, 'qualified', :then, :person, :then, '2026-03-20');
INSERT INTO qualification_application_category VALUES (:application, 'accommodation');
INSERT INTO qualification_application_category VALUES (:application, 'women');
INSERT INTO qualification_answer VALUES (:application, :question, :sealed);
INSERT INTO qualification (id, organisation_id, category_code, application_id, since)
  VALUES (:held, :org, 'women', :application, :then);
"""


def test_what_stood_before_is_carried_over(migrated):
    flask_migrate.downgrade(revision="0004_referrals")
    ids = {name: uuid4() for name in ("org", "person", "set", "question", "application", "held")}
    values = ids | {"sealed": b"sealed", "then": datetime(2026, 3, 2, 9, tzinfo=UTC)}
    with writing_freely(), db.engine.begin() as connection:
        for statement in BEFORE.split(";")[:-1]:
            named = {name: values[name] for name in re.findall(r":(\w+)", statement)}
            kinds = [bindparam(name, type_=Uuid()) for name in named if name in ids]
            connection.execute(text(statement).bindparams(*kinds), named)
    flask_migrate.upgrade()

    with db.engine.connect() as connection:

        def all_of(asked: str) -> list[tuple]:
            return [tuple(row) for row in connection.execute(text(asked))]

        assert all_of("SELECT org_id FROM register_number") == [("GB-CHC-1234567",)]
        assert all_of("SELECT state FROM question_set WHERE purpose = 'qualification'") == [
            ("published",)
        ]
        assert all_of(
            "SELECT category_code, state FROM qualification_application ORDER BY category_code"
        ) == [("accommodation", "qualified"), ("women", "qualified")]
        assert len(all_of("SELECT answer FROM qualification_answer")) == 2
        assert all_of(
            "SELECT a.category_code, q.state FROM qualification q "
            "JOIN qualification_application a ON a.id = q.application_id"
        ) == [("women", "qualified")]


def test_the_chain_is_one_line_numbered_in_order():
    files = sorted(path.stem for path in MIGRATIONS.glob("*.py"))
    assert [name[:4] for name in files] == [f"{n:04}" for n in range(1, len(files) + 1)]
    for before, name in zip([None, *files], files, strict=False):
        source = (MIGRATIONS / f"{name}.py").read_text()
        assert f"down_revision = {before!r}".replace("'", '"') in source.replace("'", '"'), name


def test_a_migrated_database_can_go_back_and_forth(migrated):
    flask_migrate.downgrade(revision="base")
    with db.engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    flask_migrate.upgrade()
