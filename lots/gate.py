"""A queue at each lot: first come, first served, however many bids are being submitted.

Submissions hold the lot's row together, so that none waits for another. PostgreSQL lets such a
shared lock join others while somebody waits to have the row alone: a stream of submissions could
keep a later closing waiting until its moment has passed. Its advisory locks are given in turn, so
whoever submits, closes or changes the lot asks for one of these before the row. They end with the
transaction. SQLite has one writer at a time anyway.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from marketplace.database import db


def pass_together(lot_id: UUID) -> None:
    """Wait for whoever came before to change the lot; then hold it beside others who submit."""
    _wait(func.pg_advisory_xact_lock_shared, lot_id)


def pass_alone(lot_id: UUID) -> None:
    """Wait for those who came before; whoever submits after this waits until the change is made."""
    _wait(func.pg_advisory_xact_lock, lot_id)


def _wait(lock: Any, lot_id: UUID) -> None:
    if db.session.get_bind().dialect.name == "postgresql":
        # Two lots with the same half of an id would only wait for one another.
        key = int.from_bytes(lot_id.bytes[:8], signed=True)
        db.session.execute(select(lock(key)))
