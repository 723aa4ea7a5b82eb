"""What happens to lots by itself."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from lots import actions, queries
from marketplace import jobs


def open_due(now: datetime) -> int:
    """Open every approved lot whose moment has come; each in a transaction of its own."""
    return jobs.batch_after_batch(lambda: queries.lots_to_open(now), actions.open_lot)


def close_due(now: datetime) -> int:
    """Close every lot whose moment has come; each in a transaction of its own."""
    return jobs.batch_after_batch(lambda: queries.lots_to_close(now), actions.close_lot)


def register(app: Flask) -> None:
    """Open and close lots with every round of jobs."""
    jobs.register(app, "open lots", open_due, queries.next_opening)
    jobs.register(app, "close lots", close_due, queries.next_closing)
