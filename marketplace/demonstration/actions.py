"""Moving the demonstration clock: forward only, stopping wherever a job has something to do."""

from __future__ import annotations

import math
from datetime import datetime

from flask import Flask
from flask_babel import gettext as _

from marketplace import clock, jobs
from marketplace.database import write
from marketplace.lifecycle import Refusal

MOST_STOPS = 2000


def move_clock(app: Flask, target: datetime) -> int:
    """Bring business time to `target` (aware UTC); returns at how many moments jobs were run.

    Raises Refusal where the target is not ahead: the clock never goes back.
    """
    with app.app_context():
        if target <= clock.judged_now():
            raise Refusal(_("The demonstration clock only moves forward. Choose a later moment."))
    for stop in range(1, MOST_STOPS + 1):
        with app.app_context():
            due = jobs.next_due(clock.now())
        moment = min(due, target) if due else target
        with app.app_context():
            _set_clock(moment)
        jobs.sweep_all(app)
        if moment >= target:
            return stop
    raise Refusal(
        _(
            "The clock stopped after %(count)s moments at which something was due. "
            "Move it again to go on.",
            count=MOST_STOPS,
        )
    )


def _set_clock(moment: datetime) -> None:
    with write():
        ahead = (moment - clock.judged_now()).total_seconds()
        if ahead > 0:
            clock.set_offset(clock.offset_seconds() + math.ceil(ahead))
