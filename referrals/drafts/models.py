"""The further services that one draft is for."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import classified, db, new_id


class ReferralDraftService(db.Model):
    """A service beside the draft's first one; sending makes one referral for each.

    Its own answers are stored under their slug, `~` and `position`: `needs~2`.
    """

    __tablename__ = "referral_draft_service"
    __privacy__ = classified(none="id draft_id contract_area_id position")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("referral_draft.id", ondelete="CASCADE"))
    contract_area_id: Mapped[UUID] = mapped_column(ForeignKey("contract_area.id"))
    position: Mapped[int]
    __table_args__ = (
        UniqueConstraint("draft_id", "contract_area_id"),
        UniqueConstraint("draft_id", "position"),
        CheckConstraint("position BETWEEN 2 AND 99", name="after_the_first"),
        Index("ix_referral_draft_service_area", "contract_area_id"),
    )
