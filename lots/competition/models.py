"""What happens to a lot while it is open: bidders' questions, and changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.competition.vocabulary import ChangeKind, ChangeState, ClarificationState
from lots.models import Lot
from marketplace.database import Encrypted, classified, db, db_enum, new_id


class Competition(db.Model):
    """Lots of one buyer that are competed for together; each has its own fate (domain, section 4).

    `most_lots` is how many of them one bidder is awarded at most; None where there is no limit.
    """

    __tablename__ = "competition"
    __privacy__ = classified(none="id reference title lead_buyer_id most_lots created_at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    lead_buyer_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    most_lots: Mapped[int | None]
    created_at: Mapped[datetime]

    lots: Mapped[list[Lot]] = relationship(order_by="Lot.reference", viewonly=True)

    __table_args__ = (CheckConstraint("most_lots >= 1", name="limit_of_one_or_more"),)


class Clarification(db.Model):
    """A bidder's question and its answer; who asked is for the national auditor only.

    Of its time only the day is kept. `asker` is JSON with the ids of organisation and person,
    `asker_key` a keyed hash of lot and organisation that finds an organisation's own questions.
    `wording` is the question as it is published, the asker's own words unless the buyer took out
    what would give the asker away. `number` counts the published ones of a lot.
    """

    __tablename__ = "clarification"
    __privacy__ = classified(
        none="id lot_id state number asked_on wording answer answered_by_id answered_at told_on "
        "asker_key",
        personal="asker asked",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    state: Mapped[ClarificationState] = mapped_column(
        db_enum(ClarificationState), default=ClarificationState.ASKED
    )
    number: Mapped[int | None]
    asked_on: Mapped[date]
    asker: Mapped[str] = mapped_column(Encrypted("clarification.asker"))
    asker_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    asked: Mapped[str] = mapped_column(Encrypted("clarification.asked"))
    wording: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    told_on: Mapped[date | None]

    lot: Mapped[Lot] = relationship()

    __table_args__ = (
        UniqueConstraint("lot_id", "number"),
        CheckConstraint(
            "state <> 'answered' OR (number > 0 AND answered_at IS NOT NULL AND answer <> '' "
            "AND wording <> '')",
            name="answered_is_published",
        ),
        Index("ix_clarification_lot_id_state", "lot_id", "state"),
        Index("ix_clarification_asker_key", "asker_key"),
    )


class LotChange(db.Model):
    """One change to an open lot: what and why, each field before and after, and its closing.

    `fields` is a list of {"name", "old", "new"}; a name is a column of the lot, or
    "question:<id>:text" or ":guidance". A material change is proposed by one person and made by
    another one's approval; the others are made at once. Without `made_by_id` the system made it.
    """

    __tablename__ = "lot_change"
    __privacy__ = classified(
        none="id lot_id kind state what why fields closing_before closing_after proposed_by_id "
        "proposed_at made_by_id made_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    kind: Mapped[ChangeKind] = mapped_column(db_enum(ChangeKind))
    state: Mapped[ChangeState] = mapped_column(db_enum(ChangeState))
    what: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(Text, default="")
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    closing_before: Mapped[datetime | None]
    closing_after: Mapped[datetime | None]
    proposed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime | None]

    lot: Mapped[Lot] = relationship()

    __table_args__ = (
        CheckConstraint("closing_after >= closing_before", name="closing_only_forward"),
        CheckConstraint("state <> 'made' OR made_at IS NOT NULL", name="made_has_moment"),
        CheckConstraint(
            "kind <> 'material' OR state <> 'made' OR made_by_id <> proposed_by_id",
            name="material_by_two",
        ),
        Index("ix_lot_change_lot_id_made_at", "lot_id", "made_at"),
        # One proposal at a time: two would be written against the same text.
        Index(
            "uq_lot_change_proposed",
            "lot_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
    )
