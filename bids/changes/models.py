"""What is asked of a submitted bid after a material change, and what its people are to hear."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bids.models import Bid
from lots.competition.models import LotChange
from marketplace.database import Encrypted, classified, db


class BidConfirmation(db.Model):
    """After a material change: that the answers of this submitted version still stand.

    A later version answers the lot as it is now, so that nothing is asked of it.
    `confirmed_by` is evidence of who gave it, shown on no page.
    """

    __tablename__ = "bid_confirmation"
    __privacy__ = classified(
        none="bid_id change_id version_number wanted_at confirmed_at", personal="confirmed_by"
    )
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"), primary_key=True)
    change_id: Mapped[UUID] = mapped_column(ForeignKey("lot_change.id"), primary_key=True)
    version_number: Mapped[int]
    wanted_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(Encrypted("bid_confirmation.confirmed_by"))

    change: Mapped[LotChange] = relationship()


class BidNews(db.Model):
    """Something happened to the lot of a bid that its people hear of in the next morning's mail."""

    __tablename__ = "bid_news"
    __privacy__ = classified(none="bid_id since")
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"), primary_key=True)
    since: Mapped[datetime]

    bid: Mapped[Bid] = relationship()
