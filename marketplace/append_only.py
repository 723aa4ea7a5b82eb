"""Tables that only grow: triggers that refuse UPDATE and DELETE, on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, FromClause, Table, event

ERRAND = "append_only_refusal"

FUNCTION = f"""
CREATE OR REPLACE FUNCTION {ERRAND}() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def statements(table: str, dialect: str) -> list[str]:
    """The statements that make a table append-only; for a migration and for `guard`."""
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


def guard(table: FromClause) -> None:
    """Make a model's `__table__` append-only whenever it is created from the models."""

    @event.listens_for(table, "after_create")
    def created(made: Table, connection: Any, **_options: Any) -> None:
        for statement in statements(made.name, connection.dialect.name):
            connection.execute(DDL(statement.replace("%", "%%")))
