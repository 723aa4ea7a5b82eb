"""Public lots for machines: in the order in which they last changed, and as they stand.

Only lots run in this service are in the feeds; published awards of other years are in the market
report. Nothing here reads a bid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from lots.models import Lot
from lots.pipeline.models import LotListing
from lots.queries import is_public
from lots.shown import Names, public_state, shown_state
from lots.vocabulary import LOT_STATES, LotState, Source
from lots.wanted import Show, Wanted, fits
from marketplace.database import db
from marketplace.permissions import NotYours
from marketplace.web.filters import shown_date, shown_datetime, shown_pounds

PAGE = 100
ENTRIES = 50
EVENTS = 100
MOST_DIGITS = 15


class BadCursor(Exception):
    """A cursor that this service never gave."""


@dataclass(frozen=True)
class Piece:
    """Some lots in the order of their last change, and the cursor from which to read on."""

    listings: Sequence[LotListing]
    next_cursor: str
    more: bool


def _listed(wanted: Wanted) -> Select:
    return (
        select(LotListing)
        .join(Lot, Lot.id == LotListing.lot_id)
        .where(is_public(), Lot.source == Source.OWN, *fits(wanted))
        .options(
            joinedload(LotListing.lot).options(selectinload(Lot.areas), joinedload(Lot.lead_buyer))
        )
    )


def piece(wanted: Wanted, cursor: str) -> Piece:
    """The next lots after a cursor ("" for the first). Raises BadCursor.

    A lot moves behind all others when it changes. So whoever follows the cursors sees every lot,
    each once for as long as it stays the same, and again when it has changed.
    """
    after = number_of(cursor)
    found = db.session.scalars(
        _listed(wanted).where(LotListing.number > after).order_by(LotListing.number).limit(PAGE + 1)
    ).all()
    shown = found[:PAGE]
    last = shown[-1].number if shown else after
    return Piece(shown, str(last), len(found) > PAGE)


def number_of(cursor: str) -> int:
    """The number behind a cursor, 0 for none. Raises BadCursor."""
    if cursor == "":
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= MOST_DIGITS):
        raise BadCursor()
    return int(cursor)


def latest(wanted: Wanted) -> Sequence[LotListing]:
    """The lots that changed last, the newest change first."""
    by_change = (LotListing.changed_at.desc(), LotListing.number.desc())
    return db.session.scalars(_listed(wanted).order_by(*by_change).limit(ENTRIES)).all()


def dated(wanted: Wanted) -> Sequence[LotListing]:
    """Open and planned lots for a calendar, the next to close first."""
    soonest = _listed(wanted).order_by(Lot.closes_at, Lot.reference)
    return db.session.scalars(soonest.limit(EVENTS)).all()


def one(lot_id: UUID) -> LotListing:
    """One public lot. Raises NotYours."""
    listing = db.session.scalar(_listed(Wanted(show=None)).where(LotListing.lot_id == lot_id))
    if listing is None:
        raise NotYours()
    return listing


def record(listing: LotListing, names: Names, address: str) -> dict[str, Any]:
    """A lot as open data; codes as in the data, moments in UTC, money in pence."""
    lot, expected = listing.lot, is_expected(listing.lot)
    return {
        "id": str(lot.id),
        "reference": lot.reference,
        "address": address,
        "title": lot.title,
        "summary": lot.summary,
        "state": public_state(lot),
        "buyer": lot.lead_buyer.name,
        "service": lot.service_code,
        "service_name": names.services.get(lot.service_code, lot.service_code),
        "areas": [
            {"region": area.region_code, "area": area.area_code, "places": area.places}
            for area in lot.areas
        ],
        "route": lot.route,
        "value_net_pence": lot.value_net_pence,
        "value_gross_pence": lot.value_gross_pence,
        "term_months": lot.term_months,
        "dates_are_expected": expected,
        "opens": _text(opening(lot)),
        "closes": _text(lot.closes_at),
        "starts_on": _text(lot.starts_on),
        "changed": _text(listing.changed_at),
        "is_demonstration": lot.is_demonstration,
    }


def summary(lot: Lot, names: Names) -> str:
    """A lot in a few sentences, for a feed reader."""
    parts = [
        str(LOT_STATES[public_state(lot)]),
        names.services.get(lot.service_code, lot.service_code),
        "; ".join(names.where(area) for area in lot.areas),
        shown_pounds(lot.value_net_pence),
        *when(lot),
    ]
    return ". ".join(part for part in parts if part) + "."


def when(lot: Lot) -> list[str]:
    """The lot's dates as sentences without a full stop; what is planned is said to be expected."""
    opens, expected = opening(lot), is_expected(lot)
    closes, starts = lot.closes_at, lot.starts_on
    found = []
    if lot.state == LotState.APPROVED:
        found.append(_("Opens on %(moment)s, London time", moment=shown_datetime(opens)))
    elif expected and opens:
        found.append(_("Expected to open on %(day)s", day=shown_date(opens)))
    if closes and expected:
        found.append(_("Expected to close on %(day)s", day=shown_date(closes)))
    elif closes and shown_state(lot) == LotState.OPEN:
        found.append(_("Closes on %(moment)s, London time", moment=shown_datetime(closes)))
    if starts:
        found.append(_("The service starts on %(day)s", day=shown_date(starts)))
    return found


def is_expected(lot: Lot) -> bool:
    """Whether the lot's dates may still change without notice, since it is only planned."""
    return lot.state in (LotState.PLANNED, LotState.APPROVED)


def opening(lot: Lot) -> Any:
    """When the lot opened; a planned one's approved moment, else its expected day."""
    return lot.published_at or lot.opens_at or lot.opens_on


def _text(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None


def everything(wanted: Wanted) -> Wanted:
    """The same choices, of lots in every state."""
    return Wanted(None, wanted.service, wanted.region, wanted.area, wanted.band, wanted.words)


def biddable(wanted: Wanted) -> Wanted:
    """The same choices, of open and planned lots."""
    chosen = (wanted.service, wanted.region, wanted.area, wanted.band, wanted.words)
    return Wanted(Show.BIDDABLE, *chosen)
