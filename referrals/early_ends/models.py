"""One proposal of a provider to end a case early, with its reason and the answer."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Encrypted, classified, db, db_enum, new_id
from referrals.codes import EndReason
from referrals.models import Referral


class ProposalState(StrEnum):
    """What has become of a proposal."""

    OPEN = "open"
    AGREED = "agreed"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"


PROPOSAL_STATES = {
    ProposalState.OPEN: _l("Waiting for the practitioner"),
    ProposalState.AGREED: _l("Agreed"),
    ProposalState.REFUSED: _l("Not agreed, the case goes on"),
    ProposalState.TAKEN_BACK: _l("Taken back"),
    ProposalState.LAPSED: _l("Not answered before the case went on or ended"),
}


class EarlyEndProposal(db.Model):
    """A proposal; at most one of a case is open.

    `reason` becomes the reason of the end where the practitioner agrees. `why` are the proposer's
    words, `answer` those of whoever disagreed.
    """

    __tablename__ = "referral_early_end"
    __privacy__ = classified(
        none="id referral_id organisation_id state reason by_id proposed_at answered_by_id "
        "answered_at",
        special="why answer",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[ProposalState] = mapped_column(db_enum(ProposalState), default=ProposalState.OPEN)
    reason: Mapped[EndReason] = mapped_column(db_enum(EndReason))
    why: Mapped[str] = mapped_column(Encrypted("referral_early_end.why"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(Encrypted("referral_early_end.answer"))
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]

    referral: Mapped[Referral] = relationship()

    __table_args__ = (
        CheckConstraint(
            "(state IN ('agreed', 'refused')) = (answered_by_id IS NOT NULL)"
            " AND (answered_by_id IS NULL) = (answered_at IS NULL)",
            name="answered_by_somebody",
        ),
        CheckConstraint("(state = 'refused') = (answer IS NOT NULL)", name="refused_with_words"),
        Index(
            "uq_referral_early_end_open",
            "referral_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_referral_early_end_referral", "referral_id", "proposed_at"),
    )
