"""A bidder's objection to an award during its standstill, and what came of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bids.awards.models import Award, StandstillPause
from bids.models import Bid
from lots.models import Lot
from marketplace.database import Encrypted, classified, db, db_enum, new_id

RECEIVED = "state = 'received'"


class ChallengeState(StrEnum):
    """Where a challenge stands."""

    RECEIVED = "received"
    DISMISSED = "dismissed"
    UPHELD = "upheld"
    ENDED = "ended"


CHALLENGE_STATES = {
    ChallengeState.RECEIVED: _l("To be answered"),
    ChallengeState.DISMISSED: _l("Dismissed"),
    ChallengeState.UPHELD: _l("Upheld"),
    ChallengeState.ENDED: _l("Ended with the award"),
}


class Outcome(StrEnum):
    """What followed from a challenge."""

    DISMISSED = "dismissed"
    MODERATION = "moderation"
    RANKING = "ranking"
    CANCELLED = "cancelled"


OUTCOMES = {
    Outcome.DISMISSED: _l("Dismiss it: the standstill runs on"),
    Outcome.MODERATION: _l("Uphold it: take the award back, and agree the scores again"),
    Outcome.RANKING: _l("Uphold it: take the award back, and recommend again from the ranking"),
    Outcome.CANCELLED: _l("Uphold it: cancel the lot"),
}


class Challenge(db.Model):
    """One challenge of one award; `bid_id` is None where it did not come from a bidder.

    A letter was `recorded_by_id` an officer and counts from the day on which it was received.
    """

    __tablename__ = "challenge"
    __privacy__ = classified(
        none="id lot_id award_id bid_id pause_id state received_at recorded_by_id outcome "
        "answered_at answered_by_id",
        personal="sender reason answer raised_by_id",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    award_id: Mapped[UUID] = mapped_column(ForeignKey("award.id"), index=True)
    bid_id: Mapped[UUID | None] = mapped_column(ForeignKey("bid.id"))
    pause_id: Mapped[UUID] = mapped_column(ForeignKey("standstill_pause.id"), unique=True)
    state: Mapped[ChallengeState] = mapped_column(
        db_enum(ChallengeState), default=ChallengeState.RECEIVED
    )
    received_at: Mapped[datetime]
    raised_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    sender: Mapped[str] = mapped_column(Encrypted("challenge.sender"), default="")
    reason: Mapped[str] = mapped_column(Encrypted("challenge.reason"))
    outcome: Mapped[Outcome | None] = mapped_column(db_enum(Outcome))
    answer: Mapped[str | None] = mapped_column(Encrypted("challenge.answer"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    lot: Mapped[Lot] = relationship()
    award: Mapped[Award] = relationship()
    bid: Mapped[Bid | None] = relationship()
    pause: Mapped[StandstillPause] = relationship()

    __table_args__ = (
        CheckConstraint(
            "(raised_by_id IS NULL) <> (recorded_by_id IS NULL)", name="one_way_it_came"
        ),
        CheckConstraint("raised_by_id IS NULL OR bid_id IS NOT NULL", name="bidder_has_bid"),
        CheckConstraint(
            "(state IN ('dismissed', 'upheld')) = (answered_by_id IS NOT NULL)",
            name="answered_by_somebody",
        ),
        # A bidder adds to what it said by waiting for the answer, not by a second challenge.
        Index(
            "uq_challenge_bid_id_received",
            "bid_id",
            unique=True,
            sqlite_where=text(RECEIVED),
            postgresql_where=text(RECEIVED),
        ),
        Index("ix_challenge_lot_id_state", "lot_id", "state"),
        Index("ix_challenge_bid_id", "bid_id"),
    )
