"""Holding a part in a bid for a change: the lot shared, then the bid, then the part.

The deadline is judged under the lot's lock by the database's clock, as for a submission.
"""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from bids.models import Bid
from bids.partners.models import BidPartner
from bids.queries import own_bid
from bids.working import is_changeable, lot_held_open, writable
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours


def held_by_lead(bid_id: UUID, by: Acting) -> Bid:
    """The lead's own bid, locked, before the deadline. Raises NotYours, Refused, Refusal."""
    lot_held_open(own_bid(bid_id, by).lot_id)
    bid = writable(bid_id, by)
    _in_time(bid)
    return bid


def held_part(partner_id: UUID) -> BidPartner:
    """A part in a bid, locked, before the deadline; whose it is, is for the caller to check.

    Raises NotYours where there is none, Refusal after the deadline.
    """
    lot_id = db.session.scalar(
        select(Bid.lot_id)
        .join(BidPartner, BidPartner.bid_id == Bid.id)
        .where(BidPartner.id == partner_id)
    )
    if lot_id is None:
        raise NotYours(partner_id)
    lot_held_open(lot_id)
    bids = select(Bid).join(BidPartner, BidPartner.bid_id == Bid.id)
    locked = bids.where(BidPartner.id == partner_id).with_for_update(of=Bid)
    bid = db.session.scalars(locked.execution_options(populate_existing=True)).one()
    _in_time(bid)
    return locked_part(bid, partner_id)


def locked_part(bid: Bid, partner_id: UUID) -> BidPartner:
    """A partner of this locked bid, locked too. Raises NotYours."""
    found = select(BidPartner).where(BidPartner.id == partner_id, BidPartner.bid_id == bid.id)
    fresh = found.with_for_update().execution_options(populate_existing=True)
    partner = db.session.scalar(fresh)
    if partner is None:
        raise NotYours(partner_id)
    return partner


def _in_time(bid: Bid) -> None:
    if not is_changeable(bid):
        raise Refusal(
            _(
                "This lot has closed, so partners can no longer be changed. What was submitted "
                "counts."
            )
        )
