"""Many times the data: rows of the database copied in bulk, each copy a thing of its own."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import LargeBinary, String, Table, UniqueConstraint, insert, select

from marketplace.database import db, tables, write

Row = dict[str, Any]
Made = dict[str, Callable[[Row], Any]]
BATCH = 2000


def copy_all(models: Sequence[Any], times: int, **made: Callable[[Row], Any]) -> None:
    """Copy every row of these models so many times; models stand after those they point to.

    A reference from one copied row to another is to its copy, any other stays; what must be
    unique is made up anew, or by the function given for its column.
    """
    sources = [(model.__table__, _rows(model.__table__)) for model in models]
    with write():
        for _time in range(times):
            renamed: dict[Any, Any] = {}
            for table, rows in sources:
                copies = [_copy(table, row, renamed, made) for row in rows]
                for start in range(0, len(copies), BATCH):
                    tables().execute(insert(table), copies[start : start + BATCH])
        if tables().dialect.name == "postgresql":
            # It counts its rows by itself soon after they have grown; here nobody waits for that.
            tables().exec_driver_sql("ANALYZE")


def _rows(table: Table) -> list[Row]:
    return [dict(row._mapping) for row in db.session.execute(select(table))]


def _copy(table: Table, row: Row, renamed: dict[Any, Any], made: Made) -> Row:
    copy = {
        name: renamed.get(value, value) if isinstance(value, uuid.UUID) else value
        for name, value in row.items()
    }
    if "id" in table.c:
        copy["id"] = renamed[row["id"]] = uuid.uuid4()
    for column in _unique_alone(table):
        if row[column.name] is None or column.foreign_keys or column.primary_key:
            continue
        if column.name in made:
            copy[column.name] = made[column.name](copy)
        elif isinstance(column.type, LargeBinary):
            copy[column.name] = os.urandom(32)
        elif isinstance(column.type, String):
            copy[column.name] = uuid.uuid4().hex[: column.type.length or 36]
    return copy


def _unique_alone(table: Table) -> list[Any]:
    constraints = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    columns = [list(each.columns) for each in constraints]
    columns += [list(each.columns) for each in table.indexes if each.unique]
    return [each[0] for each in columns if len(each) == 1]
