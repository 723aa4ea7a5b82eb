"""The decision on a lot, and what every bidder is told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bids.evaluation.models import Evaluation
from bids.models import Bid
from lots.models import Lot
from marketplace.database import Encrypted, classified, db, db_enum, new_id


class AwardOutcome(StrEnum):
    """How a lot was decided."""

    AWARD = "award"
    NO_AWARD = "no_award"


class Award(db.Model):
    """Recommendation and decision on one lot.

    `departs` where the bid chosen is not the first of the ranking; then, and where the first
    place is shared, `published_reason` says why. `price_pence` is by the lot's price basis.
    """

    __tablename__ = "award"
    __privacy__ = classified(
        none="id lot_id evaluation_id recommended_bid_id recommended_by_id recommended_at "
        "recommendation outcome bid_id price_pence bids departs published_reason decided_by_id "
        "decided_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), unique=True)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), unique=True)
    recommended_bid_id: Mapped[UUID | None] = mapped_column(ForeignKey("bid.id"))
    recommended_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recommended_at: Mapped[datetime]
    recommendation: Mapped[str] = mapped_column(Encrypted("award.recommendation"))
    outcome: Mapped[AwardOutcome | None] = mapped_column(db_enum(AwardOutcome))
    bid_id: Mapped[UUID | None] = mapped_column(ForeignKey("bid.id"))
    price_pence: Mapped[int | None]
    bids: Mapped[int | None]
    departs: Mapped[bool] = mapped_column(default=False)
    published_reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]

    lot: Mapped[Lot] = relationship()
    evaluation: Mapped[Evaluation] = relationship()
    bid: Mapped[Bid | None] = relationship(foreign_keys=[bid_id])

    __table_args__ = (
        CheckConstraint("(outcome = 'award') = (bid_id IS NOT NULL)", name="award_names_bid"),
        CheckConstraint("NOT departs OR published_reason <> ''", name="departure_has_reason"),
        CheckConstraint("decided_by_id <> recommended_by_id", name="two_people"),
    )


class BidSummary(db.Model):
    """What one bidder is told: own scores and reasons, the winner's, what more needed; as JSON."""

    __tablename__ = "bid_summary"
    __privacy__ = classified(none="id bid_id sent_at", personal="content")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"), unique=True)
    content: Mapped[str] = mapped_column(Encrypted("bid_summary.content"))
    sent_at: Mapped[datetime]
    bid: Mapped[Bid] = relationship()
