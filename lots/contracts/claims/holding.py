"""Triggers, on both databases: the lines of an approved claim, and the cases behind them, stay.

A case behind one may still be taken back, once, by a line of a claim that is not approved yet.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, FromClause, Table, event

from marketplace.append_only import stands, undo_stands

LINE, CASE = "claim_line", "claimed_case"
GUARDED = (LINE, CASE)
# A key of what stands in them; a case that was taken back may be claimed anew.
KEYS: dict[str, list[tuple[str, ...]]] = {
    LINE: [("id",), ("claim_id", "position")],
    CASE: [("id",)],
}
_APPROVED = "state IN ('approved', 'paid', 'nothing')"
_OF_LINES = (
    "SELECT 1 FROM claim_line JOIN claim ON claim.id = claim_line.claim_id "
    f"WHERE {_APPROVED} AND claim_line.id IN"
)
_OF_CLAIMS = f"SELECT 1 FROM claim WHERE {_APPROVED} AND claim.id IN"
# What SQLite's INSERT OR REPLACE would replace besides the keys: the case as it is claimed now.
_CLAIMED = (
    "SELECT 1 FROM claimed_case AS held WHERE held.taken_back_id IS NULL AND "
    + " AND ".join(
        f"held.{name} = NEW.{name}" for name in ("contract_id", "kind", "reference", "outcome_code")
    )
)
_SAME = ("id", "contract_id", "line_id", "kind", "reference", "outcome_code", "number")


def _refused(table: str, verb: str, same: str) -> str:
    """When a change is refused; `same` is how the database compares what may be empty."""
    if table == LINE:
        rows = {"INSERT": "NEW.claim_id", "DELETE": "OLD.claim_id"}
        return f"EXISTS ({_OF_CLAIMS} ({rows.get(verb, 'OLD.claim_id, NEW.claim_id')}))"
    if verb != "UPDATE":
        return f"EXISTS ({_OF_LINES} ({'NEW' if verb == 'INSERT' else 'OLD'}.line_id))"
    stays = " AND ".join(f"OLD.{name} {same} NEW.{name}" for name in _SAME)
    is_taken_back = f"OLD.taken_back_id IS NULL AND {stays}"
    return (
        f"EXISTS ({_OF_LINES} (OLD.taken_back_id, NEW.taken_back_id)) "
        f"OR EXISTS ({_OF_LINES} (OLD.line_id, NEW.line_id)) AND NOT ({is_taken_back})"
    )


def statements(table: str, dialect: str) -> list[str]:
    """The statements that hold one of both tables; for the migration and the models."""
    said = f"{table} of an approved claim stays"
    replacing = stands(table, KEYS[table], dialect)
    if dialect != "postgresql":
        once = (
            f"CREATE TRIGGER {CASE}_once BEFORE INSERT ON {CASE} WHEN EXISTS ({_CLAIMED}) "
            f"BEGIN SELECT RAISE(ABORT, '{CASE} is claimed already'); END"
        )
        return [*replacing, *([once] if table == CASE else [])] + [
            f"CREATE TRIGGER {table}_held_{verb.lower()} BEFORE {verb} ON {table} "
            f"WHEN {_refused(table, verb, 'IS')} BEGIN SELECT RAISE(ABORT, '{said}'); END"
            for verb in ("INSERT", "UPDATE", "DELETE")
        ]
    checks = " ".join(
        f"IF TG_OP = '{verb}' THEN IF {_refused(table, verb, 'IS NOT DISTINCT FROM')} THEN "
        f"RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; END IF;"
        for verb in ("INSERT", "UPDATE", "DELETE")
    )
    return replacing + [
        f"CREATE OR REPLACE FUNCTION {table}_held() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {checks} RETURN COALESCE(NEW, OLD); END $$",
        f"CREATE TRIGGER {table}_held BEFORE INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_held()",
    ]


def undo(table: str, dialect: str) -> list[str]:
    """The statements that take these back; for a migration that alters the tables."""
    if dialect == "postgresql":
        return [
            *undo_stands(table, dialect),
            f"DROP TRIGGER {table}_held ON {table}",
            f"DROP FUNCTION {table}_held()",
        ]
    return [
        *undo_stands(table, dialect),
        *([f"DROP TRIGGER {CASE}_once"] if table == CASE else []),
        *(f"DROP TRIGGER {table}_held_{verb}" for verb in ("insert", "update", "delete")),
    ]


def hold(table: FromClause) -> None:
    """Hold a model's `__table__` whenever it is created from the models."""

    @event.listens_for(table, "after_create")
    def created(made: Table, connection: Any, **_options: Any) -> None:
        for statement in statements(made.name, connection.dialect.name):
            connection.execute(DDL(statement.replace("%", "%%")))
