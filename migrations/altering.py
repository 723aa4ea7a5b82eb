"""Change a table that stands already, with its checks, the same on both databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations


@contextmanager
def altered(
    table: str, *, gone: Sequence[str], made: Mapping[str, str], kept: Mapping[str, str]
) -> Iterator[BatchOperations]:
    """Change columns and keys inside; checks `gone` go before it and `made` come after it.

    SQLite cannot change a check in place: there the table is written anew, and because its checks
    are not read back from it, those `kept` are named as well (name to condition).
    """
    if op.get_bind().dialect.name == "sqlite":
        checks = [
            sa.CheckConstraint(sa.text(condition), name=op.f(name))
            for name, condition in {**kept, **made}.items()
        ]
        with op.batch_alter_table(table, recreate="always", table_args=checks) as batch:
            yield batch
        return
    for name in gone:
        op.drop_constraint(name, table, type_="check")
    with op.batch_alter_table(table) as batch:
        yield batch
    for name, condition in made.items():
        op.create_check_constraint(op.f(name), table, sa.text(condition))
