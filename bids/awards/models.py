"""The decision on a lot, what every bidder is told, and the days of the standstill."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum, StrEnum, auto
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bids.evaluation.models import Evaluation
from bids.models import Bid
from lots.models import Lot
from marketplace import append_only
from marketplace.database import Encrypted, classified, db, db_enum, new_id

CURRENT = "superseded_at IS NULL"


class AwardOutcome(StrEnum):
    """How a lot was decided."""

    AWARD = "award"
    NO_AWARD = "no_award"


class AwardHappening(Enum):
    """What is told to the rooms above, in the decision's own transaction."""

    SUMMARIES_SENT = auto()


class Award(db.Model):
    """Recommendation and decision on one lot; of several over time one is current.

    `departs` where the bid chosen is not the first of the ranking; then, and where the first
    place is shared, `published_reason` says why. `price_pence` is by the lot's price basis.
    `winner_told` is what others read of the winner's scores, as reviewed. The figures count
    bids for the notice: all, those ranked, and of small and medium, small (voluntary, income
    under £1m) and voluntary bidders. An award taken back is `superseded_at` that moment.
    """

    __tablename__ = "award"
    __privacy__ = classified(
        none="id lot_id evaluation_id recommended_bid_id recommended_by_id recommended_at "
        "recommendation outcome bid_id price_pence bids final_stage_bids sme_bids small_bids "
        "vcse_bids departs published_reason winner_told decided_by_id decided_at "
        "summaries_sent_at superseded_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"))
    recommended_bid_id: Mapped[UUID | None] = mapped_column(ForeignKey("bid.id"))
    recommended_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    recommended_at: Mapped[datetime]
    recommendation: Mapped[str] = mapped_column(Encrypted("award.recommendation"))
    outcome: Mapped[AwardOutcome | None] = mapped_column(db_enum(AwardOutcome))
    bid_id: Mapped[UUID | None] = mapped_column(ForeignKey("bid.id"))
    price_pence: Mapped[int | None]
    bids: Mapped[int | None]
    final_stage_bids: Mapped[int | None]
    sme_bids: Mapped[int | None]
    small_bids: Mapped[int | None]
    vcse_bids: Mapped[int | None]
    departs: Mapped[bool] = mapped_column(default=False)
    published_reason: Mapped[str] = mapped_column(Text, default="")
    winner_told: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    summaries_sent_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]

    lot: Mapped[Lot] = relationship()
    evaluation: Mapped[Evaluation] = relationship()
    bid: Mapped[Bid | None] = relationship(foreign_keys=[bid_id])
    pauses: Mapped[list[StandstillPause]] = relationship(
        order_by="StandstillPause.paused_on, StandstillPause.id"
    )

    __table_args__ = (
        CheckConstraint("(outcome = 'award') = (bid_id IS NOT NULL)", name="award_names_bid"),
        CheckConstraint("NOT departs OR published_reason <> ''", name="departure_has_reason"),
        CheckConstraint("decided_by_id <> recommended_by_id", name="two_people"),
        CheckConstraint(
            "summaries_sent_at IS NULL OR decided_at IS NOT NULL", name="summaries_after_decision"
        ),
        CheckConstraint("final_stage_bids <= bids", name="final_stage_within_bids"),
        Index(
            "uq_award_current",
            "lot_id",
            unique=True,
            sqlite_where=text(CURRENT),
            postgresql_where=text(CURRENT),
        ),
        Index("ix_award_lot_id_decided_at", "lot_id", "decided_at"),
        Index("ix_award_evaluation_id", "evaluation_id"),
    )


class BidSummary(db.Model):
    """What one bidder is told: own scores and reasons, the winner's, what more needed; as JSON."""

    __tablename__ = "bid_summary"
    __privacy__ = classified(none="id bid_id award_id sent_at", personal="content")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"))
    content: Mapped[str] = mapped_column(Encrypted("bid_summary.content"))
    sent_at: Mapped[datetime]
    bid: Mapped[Bid] = relationship()
    award: Mapped[Award] = relationship()
    __table_args__ = (UniqueConstraint("bid_id", "award_id"),)


class SummaryReview(db.Model):
    """That an officer has read what others will read of one bid, for this recommendation."""

    __tablename__ = "summary_review"
    __privacy__ = classified(none="id award_id bid_id reviewed_at reviewed_by_id")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"))
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    reviewed_at: Mapped[datetime]
    reviewed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (UniqueConstraint("award_id", "bid_id"),)


class Reader(StrEnum):
    """Which text of a moderated score, and for whom."""

    BIDDER_REASON = "bidder_reason"
    BIDDER_NEEDED = "bidder_needed"
    OTHERS = "others"


class Redaction(db.Model):
    """What is read in place of a moderated text from which something was taken out.

    The moderated text itself stays as the panel agreed it.
    """

    __tablename__ = "redaction"
    __privacy__ = classified(
        none="id award_id bid_id criterion_id reader made_at made_by_id", personal="text"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"))
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("lot_criterion.id"))
    reader: Mapped[Reader] = mapped_column(db_enum(Reader))
    text: Mapped[str] = mapped_column(Encrypted("redaction.text"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (UniqueConstraint("award_id", "bid_id", "criterion_id", "reader"),)


class StandstillPause(db.Model):
    """Days in London that do not count: from `paused_on` to `resumed_on`, both left out.

    One for each challenge; where two overlap their days are left out once.
    """

    __tablename__ = "standstill_pause"
    __privacy__ = classified(none="id award_id paused_on resumed_on")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"), index=True)
    paused_on: Mapped[date]
    resumed_on: Mapped[date | None]
    __table_args__ = (CheckConstraint("resumed_on >= paused_on", name="resumed_after_paused"),)


class RecommendationReport(db.Model):
    """What a recommendation rested on, as canonical JSON with its SHA-256; never altered."""

    __tablename__ = "recommendation_report"
    __privacy__ = classified(none="id award_id sha256 made_at", personal="content")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"), unique=True)
    content: Mapped[str] = mapped_column(Encrypted("recommendation_report.content"))
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


append_only.guard(RecommendationReport.__table__)
