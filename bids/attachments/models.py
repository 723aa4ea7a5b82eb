"""The files and words with which a bid meets what its lot demands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bids.kept import Kept, OfBid
from bids.models import Bid
from lots.models import LotDemand
from marketplace import append_only
from marketplace.database import classified, db, new_id
from marketplace.files.models import File


class BidFile(db.Model):
    """A file in the working copy of a bid, for one demand; the file's owner is hidden."""

    __tablename__ = "bid_file"
    __privacy__ = classified(none="id bid_id demand_id file_id added_at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey(Bid.id))
    demand_id: Mapped[UUID] = mapped_column(ForeignKey(LotDemand.id))
    file_id: Mapped[UUID] = mapped_column(ForeignKey(File.id), unique=True)
    added_at: Mapped[datetime]

    file: Mapped[File] = relationship(lazy="joined")

    __table_args__ = (
        Index("ix_bid_file_bid", "bid_id", "added_at"),
        Index("ix_bid_file_demand_id", "demand_id"),
    )


class BidDemand(OfBid, db.Model):
    """The working copy of what the bidder says to one demand.

    For a certificate how an equivalent is shown, for anything that needs no file the statement as
    it was confirmed. `edition` counts its saves, so that none is lost.
    """

    __tablename__ = "bid_demand"
    __privacy__ = classified(none="id bid_id demand_id edition", personal="sealed_words")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey(Bid.id))
    demand_id: Mapped[UUID] = mapped_column(ForeignKey(LotDemand.id))
    sealed_words: Mapped[bytes | None] = mapped_column(LargeBinary)
    edition: Mapped[int] = mapped_column(default=1)

    words = Kept()

    bid: Mapped[Bid] = relationship()

    __table_args__ = (
        UniqueConstraint("bid_id", "demand_id"),
        Index("ix_bid_demand_demand_id", "demand_id"),
    )


class BidVersionFile(db.Model):
    """A submitted version holds this file: whatever becomes of the working copy, it stays."""

    __tablename__ = "bid_version_file"
    __privacy__ = classified(none="version_id file_id")
    version_id: Mapped[UUID] = mapped_column(ForeignKey("bid_version.id"), primary_key=True)
    file_id: Mapped[UUID] = mapped_column(ForeignKey(File.id), primary_key=True, index=True)


append_only.guard(BidVersionFile.__table__)
