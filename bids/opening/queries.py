"""Which lots wait for their opening, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from bids.models import Bid, BidOpening, BidVersion, OpenedBid, OpeningState
from bids.partners.queries import bids_too
from bids.permissions import BidPermission, of_lead_buyer
from bids.queries import MOST_WAITING
from lots.competition.waiting import lot_awaits_answers
from lots.lifecycle import closing_reached
from lots.models import Lot
from lots.vocabulary import LotState, Source
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.permissions import NotYours, allowed


def opening_of(lot_id: UUID, by: Acting) -> BidOpening:
    """The opening of a lot; a fresh one, not stored, before its first confirmation.

    Raises NotYours for everybody but the lead buyer's people and the auditor, and once the bids
    are open for those of the lead buyer who belong to a bidder.
    """
    lot = db.session.get(Lot, lot_id)
    if lot is None:
        raise NotYours(lot_id)
    opening = db.session.scalar(select(BidOpening).where(BidOpening.lot_id == lot_id))
    if opening is None:
        opening = BidOpening(lot_id=lot_id, lot=lot)
    if not allowed(by, BidPermission.SEE_OPENING, opening):
        raise NotYours(lot_id)
    opened = opening.state == OpeningState.OPENED
    if opened and of_lead_buyer(by, opening) and bids_too(by.person_id, lot_id):
        raise NotYours(lot_id)
    return opening


def is_due(lot: Lot) -> bool:
    """Whether the lot's bids may be opened: closed, or only the closing job has not run yet."""
    if lot.state == LotState.OPEN:
        return closing_reached(lot) is None
    return lot.state == LotState.CLOSED


def lots_to_open(by: Acting) -> list[tuple[Lot, BidOpening | None]]:
    """The lead buyer's lots that are due and not open yet, first closed first; bounded."""
    past = and_(Lot.closes_at <= clock.now(), ~lot_awaits_answers())
    closed = or_(Lot.state == LotState.CLOSED, and_(Lot.state == LotState.OPEN, past))
    found = (
        select(Lot, BidOpening)
        .outerjoin(BidOpening, BidOpening.lot_id == Lot.id)
        .where(Lot.lead_buyer_id == by.organisation_id, Lot.source == Source.OWN, closed)
        .where(or_(BidOpening.id.is_(None), BidOpening.state != OpeningState.OPENED))
        .order_by(Lot.closes_at, Lot.id)
        .limit(MOST_WAITING)
    )
    return [(lot, opening) for lot, opening in db.session.execute(found)]


@dataclass(frozen=True)
class OpenedVersion:
    """One line of the record: which version was opened, without saying whose."""

    number: int
    submitted_at: datetime
    sha256: str


def opened_versions(opening: BidOpening) -> list[OpenedVersion]:
    """What the opening found, by its hash; the order says nothing of who submitted when."""
    found = (
        select(BidVersion.number, BidVersion.submitted_at, BidVersion.sha256)
        .join(OpenedBid, OpenedBid.version_id == BidVersion.id)
        .join(Bid, Bid.id == OpenedBid.bid_id)
        .where(Bid.lot_id == opening.lot_id)
        .order_by(BidVersion.sha256)
    )
    return [OpenedVersion(*row) for row in db.session.execute(found)]


def public_record(lot: Lot) -> BidOpening | None:
    """The opening, once the lot's decision is public: nobody learns before how many had bid."""
    if lot.state not in (LotState.STANDSTILL, LotState.AWARDED, LotState.NO_AWARD):
        return None
    opened = BidOpening.state == OpeningState.OPENED
    return db.session.scalar(select(BidOpening).where(BidOpening.lot_id == lot.id, opened))
