"""What happens to decided lots by itself."""

from __future__ import annotations

from datetime import datetime

from flask import Flask

from bids.awards import actions, queries
from marketplace import jobs


def confirm_due(now: datetime) -> int:
    """Award every lot whose standstill is over; each in a transaction of its own."""
    return jobs.each_alone(queries.standstills_over(now), actions.confirm_award)


def register(app: Flask) -> None:
    """Confirm awards with every round of jobs."""
    jobs.register(app, "confirm awards", confirm_due, queries.next_standstill_end)
