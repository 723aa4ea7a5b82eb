"""Drafts: a referral being written, and the further services that it is for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Encrypted, classified, db, new_id


class ReferralDraft(db.Model):
    """A referral being written: every answer so far in one encrypted text, its author's alone.

    It becomes one referral, and is deleted by that; else it is deleted at `expires_at`.
    """

    __tablename__ = "referral_draft"
    __privacy__ = classified(
        none="id author_id organisation_id contract_area_id started_at expires_at warned_at",
        special="answers",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    contract_area_id: Mapped[UUID] = mapped_column(ForeignKey("contract_area.id"))
    answers: Mapped[str] = mapped_column(Encrypted("referral_draft.answers"), default="{}")
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    warned_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_referral_draft_author", "author_id", "started_at"),
        Index("ix_referral_draft_expires", "expires_at"),
        Index("ix_referral_draft_service", "contract_area_id"),
    )


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
