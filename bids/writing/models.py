"""Who of the bidder's people sees to which part of a bid, and what they say beside the answers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bids.kept import Kept, OfBid
from bids.models import Bid
from marketplace.database import classified, db, new_id

LONGEST_PART = 60


class BidAssignment(OfBid, db.Model):
    """One part of a bid, given to one colleague; `person` is the id as text."""

    __tablename__ = "bid_assignment"
    __privacy__ = classified(none="id bid_id part", personal="sealed_person")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    part: Mapped[str] = mapped_column(String(LONGEST_PART))
    sealed_person: Mapped[bytes] = mapped_column(LargeBinary)

    person = Kept()

    bid: Mapped[Bid] = relationship()

    __table_args__ = (UniqueConstraint("bid_id", "part"),)


class BidComment(OfBid, db.Model):
    """What a colleague says beside an answer; never part of a version, read by the bidder alone.

    `author` is the person's id as text.
    """

    __tablename__ = "bid_comment"
    __privacy__ = classified(
        none="id bid_id question_id written_at", personal="sealed_author sealed_text"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("lot_question.id"))
    written_at: Mapped[datetime]
    sealed_author: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_text: Mapped[bytes] = mapped_column(LargeBinary)

    author = Kept()
    text = Kept()

    bid: Mapped[Bid] = relationship()

    __table_args__ = (
        Index("ix_bid_comment_bid_id", "bid_id", "question_id", "written_at"),
        Index("ix_bid_comment_question_id", "question_id"),
    )
