"""The form that moves the demonstration clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from marketplace import jobs
from marketplace.web.fields import Form, RadioField, Required, SelectChoice

MOVES = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}


class MoveClockForm(Form):
    """How far to move."""

    move = RadioField(
        _l("Move the clock forward"),
        choices=[
            SelectChoice("next", _l("To the next moment at which something is due")),
            SelectChoice("hour", _l("One hour")),
            SelectChoice("day", _l("One day")),
            SelectChoice("week", _l("One week")),
            SelectChoice("month", _l("30 days")),
        ],
        validators=[Required(_l("Select how far to move the clock"))],
    )

    def target(self, now: datetime) -> datetime:
        """The moment chosen; a day ahead where nothing is due."""
        if self.move.data == "next":
            return jobs.next_due(now) or now + MOVES["day"]
        return now + MOVES[self.move.data]
