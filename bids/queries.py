"""Reading bids from the bidder's side. What is not the organisation's own does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from bids import sealing
from bids.models import Bid, BidState, BidVersion
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.accounts.queries import people_with
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours


def own_bid(bid_id: UUID, by: Acting, *, locked: bool = False) -> Bid:
    """The organisation's own bid. Raises NotYours for any other, as for none."""
    found = select(Bid).where(Bid.id == bid_id)
    if locked:
        found = found.with_for_update().execution_options(populate_existing=True)
    bid = db.session.scalar(found)
    if bid is None or bid.organisation != str(by.organisation_id):
        raise NotYours(bid_id)
    return bid


def own_version(bid: Bid, number: int) -> BidVersion:
    """A submitted version of the bid. Raises NotYours."""
    for version in bid.versions:
        if version.number == number:
            return version
    raise NotYours(number)


def bid_for(lot_id: UUID, by: Acting) -> Bid | None:
    """The organisation's bid for this lot, if it has one."""
    key = sealing.bidder_key(lot_id, by.organisation_id)
    return db.session.scalar(select(Bid).where(Bid.bidder_key == key))


def own_bids(by: Acting) -> list[Bid]:
    """All bids of the organisation, last begun first."""
    return list(db.session.scalars(_own(by).options(selectinload(Bid.versions))))


def own_bids_listed(by: Acting) -> Page:
    """The organisation's bids by page, last begun first, with what was written in each."""
    whole = selectinload(Bid.lot).selectinload(Lot.questions)
    return paged(_own(by).options(whole, selectinload(Bid.answers)))


def _own(by: Acting) -> Select:
    """Those that were never opened are found by their keyed hash, for each lot that has any."""
    lot_ids = db.session.scalars(select(Bid.lot_id).where(Bid.organisation_id.is_(None)).distinct())
    keys = [sealing.bidder_key(lot_id, by.organisation_id) for lot_id in lot_ids]
    mine = or_(Bid.organisation_id == by.organisation_id, Bid.bidder_key.in_(keys))
    newest_first = select(Bid).where(mine).order_by(Bid.created_at.desc(), Bid.id)
    return newest_first.options(selectinload(Bid.lot))


def bidders_of(organisation_id: UUID) -> list[Person]:
    """Whom the service writes to about the organisation's bids, and its parts in others', by id.

    The bid managers, whose work it is. Trustees hear of it only where there is no manager: they
    may do the same, but a board would be written to for each step of a bid that others write.
    """
    managers = people_with(organisation_id, [Role.BID_MANAGER])
    return managers or people_with(organisation_id, [Role.TRUSTEE])


@dataclass(frozen=True)
class Unfinished:
    """A bid that would be lost at the deadline as it stands."""

    bid: Bid
    closes_at: datetime
    days_left: int


def unfinished(bids: Iterable[Bid]) -> list[Unfinished]:
    """Bids for open lots that are not submitted, or were changed since; soonest first."""
    now = clock.now()
    waiting = []
    for bid in bids:
        closes_at = bid.lot.closes_at
        if bid.lot.state != LotState.OPEN or closes_at is None or closes_at <= now:
            continue
        if bid.state == BidState.DRAFT or bid.edited:
            waiting.append(Unfinished(bid, closes_at, (closes_at - now) // timedelta(days=1)))
    return sorted(waiting, key=lambda each: each.closes_at)
