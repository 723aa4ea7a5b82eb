"""Which reminders of a deadline were due for a bid."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bids.models import Bid
from marketplace.database import classified, db, db_enum


class Mark(StrEnum):
    """How long before closing a reminder is due."""

    WEEK = "week"
    TWO_DAYS = "two_days"
    DAY = "day"


# From the farthest to the nearest.
AHEAD = {
    Mark.WEEK: timedelta(days=7),
    Mark.TWO_DAYS: timedelta(days=2),
    Mark.DAY: timedelta(hours=24),
}


class BidReminder(db.Model):
    """At this mark before this closing the bid was looked at, and its people told if need be.

    A closing that moves makes new rows, so that its marks count anew. `judged_at` is evidence of
    when, shown on no page.
    """

    __tablename__ = "bid_reminder"
    __privacy__ = classified(none="bid_id mark closes_at judged_at")
    bid_id: Mapped[UUID] = mapped_column(ForeignKey(Bid.id), primary_key=True)
    mark: Mapped[Mark] = mapped_column(db_enum(Mark), primary_key=True)
    closes_at: Mapped[datetime] = mapped_column(primary_key=True)
    judged_at: Mapped[datetime]
