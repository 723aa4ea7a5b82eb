"""The moment at which a submission was judged, as exactly as it was."""

from __future__ import annotations

from datetime import UTC, datetime

from flask_babel import format_date

from marketplace import clock


def in_london(moment: datetime) -> str:
    """21 November 2026, 11:59:59.999999 in London's time, to the microsecond."""
    local = moment.astimezone(clock.LONDON)
    return f"{format_date(local.date(), 'd MMMM y')}, {local:%H:%M:%S.%f}"


def in_utc(moment: datetime) -> str:
    """2026-11-21T11:59:59.999999Z, as programs write it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
