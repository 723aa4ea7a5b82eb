"""The dates of lots as a calendar file (RFC 5545), written by the icalendar library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from icalendar import Calendar, Event

from lots.models import Lot
from lots.pipeline.feeds import is_expected, opening
from lots.pipeline.models import LotListing
from lots.shown import public_state
from lots.vocabulary import LotState
from marketplace import clock


def calendar_file(
    listings: Sequence[LotListing], name: str, host: str, address_of: Callable[[UUID], str]
) -> bytes:
    """Opening, questions, closing and start of each lot; moments in UTC, marked as such."""
    calendar = Calendar()
    calendar.add("prodid", "-//Dynamic Framework marketplace//Opportunities//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for listing in listings:
        for kind, text, moment in _dates(listing.lot):
            calendar.add_component(
                _event(listing, kind, text, moment, host, address_of(listing.lot_id))
            )
    return calendar.to_ical()


def _dates(lot: Lot) -> list[tuple[str, str, Any]]:
    """(kind, sentence, moment or day) of everything that has a date."""
    if public_state(lot) not in (LotState.PLANNED, LotState.OPEN):
        return []
    if is_expected(lot):
        closes = lot.closes_at.astimezone(clock.LONDON).date() if lot.closes_at else None
        opens = _("Expected to open: %(lot)s", lot=lot.title)
        if lot.state == LotState.APPROVED:
            opens = _("Opens for bids: %(lot)s", lot=lot.title)
        dates = [
            ("opens", opens, opening(lot)),
            ("closes", _("Expected to close: %(lot)s", lot=lot.title), closes),
            ("starts", _("Expected start of the service: %(lot)s", lot=lot.title), lot.starts_on),
        ]
    else:
        dates = [
            ("questions", _("Last questions: %(lot)s", lot=lot.title), lot.questions_until),
            ("closes", _("Closes for bids: %(lot)s", lot=lot.title), lot.closes_at),
            ("starts", _("Start of the service: %(lot)s", lot=lot.title), lot.starts_on),
        ]
    return [each for each in dates if each[2] is not None]


def _event(
    listing: LotListing, kind: str, text: str, moment: date | datetime, host: str, address: str
) -> Event:
    event = Event()
    event.add("uid", f"{listing.lot_id}-{kind}@{host}")
    event.add("dtstamp", listing.changed_at)
    event.add("last-modified", listing.changed_at)
    event.add("sequence", listing.number)
    if isinstance(moment, datetime):
        moment = moment.astimezone(UTC)
    event.add("dtstart", moment)
    event.add("summary", text)
    event.add("url", address)
    approved = kind == "opens" and listing.lot.state == LotState.APPROVED
    fixed = approved or not is_expected(listing.lot)
    event.add("status", "CONFIRMED" if fixed else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    return event
