"""Where the person stands on each chosen outcome, at the start, at reviews and at the end."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import classified, db, db_enum, new_id


class Moment(StrEnum):
    """When a position on an outcome was taken."""

    START = "start"
    REVIEW = "review"
    END = "end"


MOMENTS = {Moment.START: _l("Start"), Moment.REVIEW: _l("Review"), Moment.END: _l("End")}

# Five points, from no grip on the outcome to having reached it.
POSITIONS = {
    1: _l("1 – Not started; no support in place"),
    2: _l("2 – Has begun to look at it"),
    3: _l("3 – Making progress with support"),
    4: _l("4 – Mostly there, little support needed"),
    5: _l("5 – Achieved and holding"),
}


class OutcomePosition(db.Model):
    """A position from 1 to 5 on one chosen outcome.

    `position` is the caseworker's; `own_position` the person's own, where they wished to say.
    """

    __tablename__ = "referral_outcome_position"
    __privacy__ = classified(
        none="id referral_id outcome_id moment by_id at", special="position own_position"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("referral_outcome.id"))
    moment: Mapped[Moment] = mapped_column(db_enum(Moment))
    position: Mapped[int]
    own_position: Mapped[int | None]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("position BETWEEN 1 AND 5", name="one_to_five"),
        CheckConstraint("own_position BETWEEN 1 AND 5", name="own_one_to_five"),
        Index("ix_referral_outcome_position_referral", "referral_id", "at"),
        Index(
            "uq_referral_outcome_position_ends",
            "outcome_id",
            "moment",
            unique=True,
            sqlite_where=text("moment IN ('start', 'end')"),
            postgresql_where=text("moment IN ('start', 'end')"),
        ),
    )
