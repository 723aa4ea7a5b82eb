"""A notice as it was written with the step it tells of."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, Index, String, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.models import Lot
from lots.notices.vocabulary import NoticeKind, NoticeState, Regime
from marketplace.database import classified, db, db_enum, new_id
from marketplace.organisations.models import Organisation


class Notice(db.Model):
    """One notice of a buyer about a lot, one of its contracts, or (without a lot) of its own.

    A grant is no procurement. `facts` is what it says, as it stood then; `problems` the fields of
    it that do not pass, with which it is never sent. `reference` is the platform's, `ocid` the
    identifier of the contracting process that it gave. `platform_down_at` is when an officer
    recorded that the platform could not be reached. `sandbox_rejects` asks the demonstration's
    platform to refuse it. `due_at` is technical time: when the job may next try to send it.
    """

    __tablename__ = "notice"
    __privacy__ = classified(
        none="id lot_id contract_id buyer_id kind state regime is_procurement facts problems "
        "posted_at due_at attempts sent_at reference ocid answered_at platform_down_at "
        "sandbox_rejects"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot.id"))
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("contract.id"), index=True)
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[NoticeKind] = mapped_column(db_enum(NoticeKind))
    state: Mapped[NoticeState] = mapped_column(db_enum(NoticeState), default=NoticeState.TO_SEND)
    regime: Mapped[Regime] = mapped_column(db_enum(Regime))
    is_procurement: Mapped[bool] = mapped_column(default=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    problems: Mapped[list[str]] = mapped_column(JSON, default=list)
    posted_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    reference: Mapped[str] = mapped_column(String(100), default="")
    ocid: Mapped[str] = mapped_column(String(120), default="")
    answered_at: Mapped[datetime | None]
    platform_down_at: Mapped[datetime | None]
    sandbox_rejects: Mapped[bool] = mapped_column(default=False)

    lot: Mapped[Lot | None] = relationship()
    buyer: Mapped[Organisation] = relationship()

    __table_args__ = (
        CheckConstraint(
            "state IN ('incomplete', 'to_send') OR sent_at IS NOT NULL", name="sent_has_moment"
        ),
        Index("ix_notice_lot_id_posted_at", "lot_id", "posted_at"),
        Index("ix_notice_state_due_at", "state", "due_at"),
        Index("ix_notice_buyer_id_posted_at", "buyer_id", "posted_at"),
    )


def is_held() -> ColumnElement[bool]:
    """The condition for a notice that may not stand on this service's own pages yet.

    The same rule as `lots.releases.publication.published_here`, for lists.
    """
    return and_(
        Notice.regime == Regime.ACT_2023,
        Notice.is_procurement.is_(True),
        Notice.state != NoticeState.ACCEPTED,
        Notice.platform_down_at.is_(None),
    )
