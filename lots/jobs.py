"""What happens to lots by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import Flask

from lots import actions, queries
from marketplace import jobs
from marketplace.database import write
from marketplace.lifecycle import Refusal


def open_due(now: datetime) -> int:
    """Open every approved lot whose moment has come; each in a transaction of its own."""
    done = 0
    while due := queries.lots_to_open(now):
        taken = sum(_taken(actions.open_lot, lot_id) for lot_id in due)
        done += taken
        if not taken:
            break
    return done


def close_due(now: datetime) -> int:
    """Close every lot whose moment has come; each in a transaction of its own."""
    closed = 0
    while due := queries.lots_to_close(now):
        done = sum(_taken(actions.close_lot, lot_id) for lot_id in due)
        closed += done
        if not done:
            break
    return closed


def _taken(action: Callable[[UUID], object], lot_id: UUID) -> bool:
    try:
        with write():
            action(lot_id)
    except Refusal:
        return False  # somebody closed, took back or cancelled it a moment before
    return True


def register(app: Flask) -> None:
    """Open and close lots with every round of jobs."""
    jobs.register(app, "open lots", open_due, queries.next_opening)
    jobs.register(app, "close lots", close_due, queries.next_closing)
