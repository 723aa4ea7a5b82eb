"""Reading bids from the bidder's side. What is not the organisation's own does not exist."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, defer, selectinload

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

# PostgreSQL takes at most 65,535 values in one statement, SQLite 32,766.
MOST_KEYS = 10_000
MOST_WAITING = 50
MOST_BEFORE = 10
SEALED = (BidVersion.sealed_content, BidVersion.sealed_price, BidVersion.sealed_own_copy)


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
    return list(db.session.scalars(_own(by)))


def own_bids_listed(by: Acting) -> Page:
    """The organisation's bids by page, last begun first, with what was written in each."""
    whole = selectinload(Bid.lot).selectinload(Lot.questions)
    return paged(_own(by).options(whole, selectinload(Bid.answers)))


def own_costs_before(bid: Bid, by: Acting) -> list[Bid]:
    """The organisation's other bids that hold costs, last begun first; the newest few."""
    others = _own(by).where(Bid.id != bid.id, Bid.sealed_costs.is_not(None))
    return list(db.session.scalars(others.limit(MOST_BEFORE)))


def _own(by: Acting) -> Select:
    """Those that were never opened are found by their keyed hash, for each lot that has any."""
    lot_ids = db.session.scalars(select(Bid.lot_id).where(Bid.organisation_id.is_(None)).distinct())
    keys = [sealing.bidder_key(lot_id, by.organisation_id) for lot_id in lot_ids]
    mine = or_(
        Bid.organisation_id == by.organisation_id, Bid.id.in_(found_by(Bid.bidder_key, keys, Bid))
    )
    newest_first = select(Bid).where(mine).order_by(Bid.created_at.desc(), Bid.id)
    return newest_first.options(selectinload(Bid.lot))


def found_by(column: Any, keys: Sequence[bytes], model: Any) -> list[UUID]:
    """The ids of the rows of a model whose column holds one of these keyed hashes.

    There is a key for each lot of all years that has something sealed, and a database takes a
    bounded number of values in one statement: they are asked for in chunks of `MOST_KEYS`.
    """
    found: list[UUID] = []
    for start in range(0, len(keys), MOST_KEYS):
        chunk = keys[start : start + MOST_KEYS]
        found += db.session.scalars(select(model.id).where(column.in_(chunk)))
    return found


def open_lots() -> list[UUID]:
    """The lots that are open now: few, however many there have been."""
    return list(db.session.scalars(select(Lot.id).where(Lot.state == LotState.OPEN)))


def _own_in_open_lots(by: Acting) -> Select:
    keys = [sealing.bidder_key(lot_id, by.organisation_id) for lot_id in open_lots()]
    found = select(Bid).join(Bid.lot).where(Bid.bidder_key.in_(keys), Lot.state == LotState.OPEN)
    return found.options(contains_eager(Bid.lot)).order_by(Lot.closes_at, Bid.id)


def submitted_in_open_lots(by: Acting) -> list[Bid]:
    """The organisation's submitted bids that may still change, first to close first, bounded.

    Their versions come with them, without what is sealed in each.
    """
    versions = selectinload(Bid.versions).options(*(defer(column) for column in SEALED))
    submitted = _own_in_open_lots(by).where(Bid.state == BidState.SUBMITTED).options(versions)
    return list(db.session.scalars(submitted.limit(MOST_WAITING)))


def last_versions(bid_ids: Collection[UUID], wanted: Any) -> dict[UUID, BidVersion]:
    """The version of each of these bids that counts, with one sealed column and no other."""
    last = (
        select(BidVersion.bid_id, func.max(BidVersion.number).label("number"))
        .where(BidVersion.bid_id.in_(bid_ids))
        .group_by(BidVersion.bid_id)
        .subquery()
    )
    found = (
        select(BidVersion)
        .join(last, (BidVersion.bid_id == last.c.bid_id) & (BidVersion.number == last.c.number))
        .options(*(defer(column) for column in SEALED if column is not wanted))
    )
    return {version.bid_id: version for version in db.session.scalars(found)}


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


def unfinished(by: Acting, most: int = MOST_WAITING) -> list[Unfinished]:
    """The organisation's bids for open lots that are not submitted, or were changed since.

    First to close first, so many at most.
    """
    now = clock.now()
    found = _own_in_open_lots(by).where(
        Lot.closes_at > now, or_(Bid.state == BidState.DRAFT, Bid.edited)
    )
    return [
        Unfinished(bid, bid.lot.closes_at, (bid.lot.closes_at - now) // timedelta(days=1))
        for bid in db.session.scalars(found.limit(most))
        if bid.lot.closes_at
    ]
