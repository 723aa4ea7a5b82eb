"""What happens to lots by itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Flask

from lots import actions, queries
from marketplace import jobs
from marketplace.database import write
from marketplace.lifecycle import Refusal


def close_due(now: datetime) -> int:
    """Close every lot whose moment has come; each in a transaction of its own."""
    closed = 0
    while due := queries.lots_to_close(now):
        done = sum(_close(lot_id) for lot_id in due)
        closed += done
        if not done:
            break
    return closed


def _close(lot_id: UUID) -> bool:
    try:
        with write():
            actions.close_lot(lot_id)
    except Refusal:
        return False  # somebody closed or cancelled it a moment before
    return True


def register(app: Flask) -> None:
    """Close lots with every round of jobs."""
    jobs.register(app, "close lots", close_due, queries.next_closing)
