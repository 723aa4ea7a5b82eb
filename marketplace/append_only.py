"""Tables that only grow: triggers that refuse every way to change or lose a row, on both databases.

A row can be changed, deleted, replaced by inserting its key again (SQLite's INSERT OR REPLACE fires
no delete trigger), or lost with all others (PostgreSQL's TRUNCATE fires no row trigger).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import DDL, FromClause, Table, UniqueConstraint, event

ERRAND = "append_only_refusal"

FUNCTION = f"""
CREATE OR REPLACE FUNCTION {ERRAND}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""

Keys = Sequence[Sequence[str]]


def statements(table: str, dialect: str) -> list[str]:
    """The statements that refuse change and deletion of a row; for a migration and for `guard`."""
    if dialect == "postgresql":
        return [
            FUNCTION,
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {ERRAND}()",
        ]
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def stands(table: str, keys: Keys, dialect: str) -> list[str]:
    """The statements that refuse replacing a row, or emptying the table; for both as above.

    `keys` are the columns of each key that a row has to itself.
    """
    if dialect == "postgresql":
        return [
            FUNCTION,
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {ERRAND}()",
        ]
    # SQLite's own number of a row is a key too.
    refusals = (_refusal(table, key) for key in [*keys, ("rowid",)])
    return [
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} BEGIN {' '.join(refusals)} END"
    ]


def _refusal(table: str, key: Sequence[str]) -> str:
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    # The words name the key as the database's own refusal would: whoever posts twice reads them.
    return (
        f"SELECT RAISE(ABORT, '{table} is append-only: {', '.join(key)} stands already') "
        f"WHERE EXISTS (SELECT 1 FROM {table} WHERE {same});"
    )


def undo(table: str, dialect: str) -> list[str]:
    """The statements that take back `statements`; for a migration that alters the table."""
    if dialect == "postgresql":
        return [f"DROP TRIGGER {table}_append_only ON {table}"]
    return [f"DROP TRIGGER {table}_no_{verb}" for verb in ("update", "delete")]


def undo_stands(table: str, dialect: str) -> list[str]:
    """The statements that take back `stands`; for a migration that alters the table."""
    if dialect == "postgresql":
        return [f"DROP TRIGGER {table}_no_truncate ON {table}"]
    return [f"DROP TRIGGER {table}_no_replace"]


def guard(table: FromClause) -> None:
    """Make a model's `__table__` append-only whenever it is created from the models."""

    @event.listens_for(table, "after_create")
    def created(made: Table, connection: Any, **_options: Any) -> None:
        dialect = connection.dialect.name
        for statement in (
            *statements(made.name, dialect),
            *stands(made.name, keys_of(made), dialect),
        ):
            connection.execute(DDL(statement.replace("%", "%%")))


def keys_of(table: Table) -> list[tuple[str, ...]]:
    """The columns of the primary key, and of each unique constraint and index, in a fixed order."""
    unique = [each.columns for each in table.constraints if isinstance(each, UniqueConstraint)]
    unique += [each.columns for each in table.indexes if each.unique]
    others = sorted(tuple(column.name for column in columns) for columns in unique)
    return [tuple(column.name for column in table.primary_key), *others]
