"""Who pays for a lot and in which shares, who signed for it, and the funds that money comes from.

Pence throughout. A financial year is named by the calendar year in which it starts, on 1 April.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.acting import Role
from marketplace.database import classified, db, db_enum, new_id
from marketplace.effective import in_welsh
from marketplace.organisations.models import Organisation


class FunderState(StrEnum):
    """Whether an organisation has promised its share of a lot."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


FUNDER_STATES = {
    FunderState.INVITED: _l("Invited"),
    FunderState.ACCEPTED: _l("Accepted"),
    FunderState.DECLINED: _l("Declined"),
    FunderState.WITHDRAWN: _l("Withdrawn"),
}

TAKES_PART = (FunderState.INVITED, FunderState.ACCEPTED)


class Purpose(StrEnum):
    """What a co-signature is for."""

    PUBLICATION = "publication"
    AWARD = "award"


# What a fund may ask of a person who is referred.
RULES = {
    "needs_sentence": _l("They are serving a sentence"),
    "needs_rar_days": _l("The court has ordered rehabilitation (RAR) days"),
    "needs_end_within_sentence": _l("The support ends before the sentence does"),
}

PURPOSES = {Purpose.PUBLICATION: _l("Publication"), Purpose.AWARD: _l("Award")}


class LotFunder(db.Model):
    """One organisation's share of a lot's net initial-term value; the lead buyer has a row too.

    A lot without rows is paid by its lead buyer alone. Whoever declined or withdrew has no share.
    """

    __tablename__ = "lot_funder"
    __privacy__ = classified(
        none="id lot_id organisation_id share_pence state asks_to_sign invited_by_id invited_at "
        "note answered_by_id answered_at answer"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    share_pence: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[FunderState] = mapped_column(db_enum(FunderState))
    asks_to_sign: Mapped[bool] = mapped_column(default=False)
    invited_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")

    organisation: Mapped[Organisation] = relationship(lazy="joined")

    __table_args__ = (
        UniqueConstraint("lot_id", "organisation_id"),
        CheckConstraint("share_pence >= 0", name="share_not_negative"),
        CheckConstraint(
            "share_pence = 0 OR state IN ('invited', 'accepted')", name="gone_has_no_share"
        ),
        Index("ix_lot_funder_organisation_id_state", "organisation_id", "state"),
    )


class LotSignature(db.Model):
    """A co-signature: it holds for exactly the facts whose hash was signed."""

    __tablename__ = "lot_signature"
    __privacy__ = classified(
        none="id lot_id organisation_id purpose person_id role terms_hash signed_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(db_enum(Purpose))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(db_enum(Role))
    terms_hash: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]

    __table_args__ = (Index("ix_lot_signature_lot_id", "lot_id", "purpose", "signed_at"),)


class Fund(db.Model):
    """A named source of money, owned by one organisation or, by its code, by a region.

    The `needs_…` rules say what must be true of a person referred; no services means all.
    """

    __tablename__ = "fund"
    __privacy__ = classified(
        none="id organisation_id region_code name name_cy needs_sentence needs_rar_days "
        "needs_end_within_sentence services valid_from valid_to created_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    region_code: Mapped[str | None] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    name_cy: Mapped[str] = mapped_column(String(200), default="")
    needs_sentence: Mapped[bool] = mapped_column(default=True)
    needs_rar_days: Mapped[bool] = mapped_column(default=True)
    needs_end_within_sentence: Mapped[bool] = mapped_column(default=True)
    services: Mapped[list[str]] = mapped_column(JSON, default=list)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    created_at: Mapped[datetime]

    years: Mapped[list[FundYear]] = relationship(order_by="FundYear.year")

    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        UniqueConstraint("region_code", "name"),
        CheckConstraint("(organisation_id IS NULL) <> (region_code IS NULL)", name="one_owner"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="days_in_order"),
    )

    @property
    def label(self) -> str:
        """The name in the reader's language, where it has one there."""
        return self.name_cy if in_welsh() and self.name_cy else self.name

    def is_in_force(self, day: date) -> bool:
        """Whether money may be taken from it on this day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class FundYear(db.Model):
    """A fund's budget of the financial year that starts on 1 April of `year`."""

    __tablename__ = "fund_year"
    __privacy__ = classified(none="fund_id year budget_pence")
    fund_id: Mapped[UUID] = mapped_column(ForeignKey("fund.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    budget_pence: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("budget_pence >= 0", name="budget_not_negative"),
        CheckConstraint("year BETWEEN 2000 AND 2199", name="year_sensible"),
    )
