"""What happens to decided lots by itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Flask

from bids.awards import actions, queries
from marketplace import jobs
from marketplace.database import write
from marketplace.lifecycle import Refusal


def confirm_due(now: datetime) -> int:
    """Award every lot whose standstill is over; each in a transaction of its own."""
    return sum(_confirm(lot_id) for lot_id in queries.standstills_over(now))


def _confirm(lot_id: UUID) -> bool:
    try:
        with write():
            actions.confirm_award(lot_id)
    except Refusal:
        return False  # cancelled or confirmed a moment before
    return True


def register(app: Flask) -> None:
    """Confirm awards with every round of jobs."""
    jobs.register(app, "confirm awards", confirm_due, queries.next_standstill_end)
