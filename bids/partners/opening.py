"""Partners come to light: their names with the bids' content, their shares with the prices."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from bids.models import Bid, OpenedBid
from bids.partners import mails
from bids.partners.models import TAKES_PART, BidPartner, OpenedPartner, PartnerState
from bids.queries import bidders_of
from lots.contracts.partners.drawing import PartnerShare
from lots.models import Lot
from marketplace.acting import Acting
from marketplace.database import db, new_id


def unsealed(bid: Bid, content: dict[str, Any]) -> None:
    """Write down the partners that an opened content names, and who of them left after it."""
    found = select(BidPartner).where(BidPartner.bid_id == bid.id)
    parts = {str(partner.id): partner for partner in db.session.scalars(found)}
    for named in content.get("partners", []):
        part = parts[named["partner"]]
        db.session.add(
            OpenedPartner(
                id=new_id(),
                bid_id=bid.id,
                organisation_id=UUID(named["organisation"]),
                name=named["name"],
                role=named["role"],
                areas=json.dumps(named["area_codes"]),
                confirmed_at=datetime.fromisoformat(named["confirmed_at"]),
                left_at=part.left_at,
                left_as=part.left_as,
            )
        )


def priced(opened: OpenedBid, price: dict[str, Any]) -> None:
    """Write down the partners' shares that an opened price names."""
    shares = {UUID(each["organisation"]): each["pence"] for each in price.get("shares", [])}
    found = select(OpenedPartner).where(OpenedPartner.bid_id == opened.bid_id)
    for partner in db.session.scalars(found):
        partner.share_pence = str(shares[partner.organisation_id])


def opened_partners(bid_id: UUID) -> list[OpenedPartner]:
    """The partners that an opened bid names, by name."""
    found = select(OpenedPartner).where(OpenedPartner.bid_id == bid_id)
    return sorted(db.session.scalars(found), key=lambda each: (each.name, each.id))


def shares_promised(bid_id: UUID) -> list[PartnerShare]:
    """What an awarded bid promises its partners; whoever left after it was submitted has none."""
    return [
        PartnerShare(
            partner.organisation_id,
            partner.role,
            tuple(json.loads(partner.areas)),
            int(partner.share_pence or 0),
        )
        for partner in opened_partners(bid_id)
        if partner.left_at is None
    ]


def tell_ended(lot: Lot, by: Acting | None) -> None:
    """The lot is cancelled: whoever takes part in a bid for it, or was invited to, is told."""
    of_lot = select(BidPartner).join(BidPartner.bid).where(Bid.lot_id == lot.id)
    found = of_lot.where(BidPartner.state.in_(TAKES_PART)).order_by(BidPartner.id)
    for partner in db.session.scalars(found):
        if partner.organisation_id is not None:
            mails.tell(partner, "ended", bidders_of(partner.organisation_id))
        elif partner.email is not None:
            mails.take_back(partner, partner.email)


def forget_addresses(lot: Lot, by: Acting | None) -> None:
    """No invitation can be taken up any more: the addresses they went to are erased."""
    of_lot = select(Bid.id).where(Bid.lot_id == lot.id)
    unanswered = (
        BidPartner.bid_id.in_(of_lot),
        BidPartner.state == PartnerState.INVITED,
        BidPartner.sealed_email.is_not(None),
    )
    db.session.execute(update(BidPartner).where(*unanswered).values(sealed_email=None))
