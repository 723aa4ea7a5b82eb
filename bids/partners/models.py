"""A partner in a bid while it is sealed, and what the opening brought to light of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bids.kept import Kept, OfBid
from bids.models import Bid
from marketplace.database import Encrypted, classified, db, db_enum, new_id


class PartnerState(StrEnum):
    """How far a partner's part in a bid has come."""

    INVITED = "invited"
    TAKEN_UP = "taken_up"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


PARTNER_STATES = {
    PartnerState.INVITED: _l("Invited"),
    PartnerState.TAKEN_UP: _l("To be confirmed"),
    PartnerState.CONFIRMED: _l("Confirmed"),
    PartnerState.DECLINED: _l("Declined"),
    PartnerState.WITHDRAWN: _l("Name withdrawn"),
    PartnerState.REMOVED: _l("Taken off"),
}


class LeftAs(StrEnum):
    """Who ended a part that a submitted version names: the partner, or the lead."""

    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


TAKES_PART = (PartnerState.INVITED, PartnerState.TAKEN_UP, PartnerState.CONFIRMED)
TIED = (PartnerState.TAKEN_UP, PartnerState.CONFIRMED)
LEFT = (PartnerState.WITHDRAWN, PartnerState.REMOVED)


class BidPartner(OfBid, db.Model):
    """One organisation's part in another's bid.

    Everything that says who it is, and in which part, is kept under the lead's data key.
    `partner_key`, a keyed hash of bid and organisation, makes it unique; `lot_key`, one of lot and
    organisation, finds it. A part that was left has no `partner_key`, so that the organisation can
    be asked again. The address of an invitation is erased once it is answered.

    `proposal` is the lead's, `terms` are the partner's own; both JSON (`bids.partners.parts`).
    `invited_as` is what the lead called it, where an organisation of another name took it up.
    `edition` counts the changes to either. `named` says that the version submitted last names the
    partner; `left_at` and `left_as` that it left after that version. `taken_up_at` and
    `confirmed_by` are evidence of who bound the organisation and when, shown on no page.
    """

    __tablename__ = "bid_partner"
    __privacy__ = classified(
        none="id bid_id state partner_key lot_key token_hash edition named invited_at "
        "taken_up_at confirmed_at left_at left_as sealed_organisation sealed_name "
        "sealed_invited_as sealed_proposal sealed_terms",
        personal="sealed_email sealed_confirmed_by",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"), index=True)
    state: Mapped[PartnerState] = mapped_column(db_enum(PartnerState), default=PartnerState.INVITED)
    partner_key: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    lot_key: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    sealed_organisation: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_invited_as: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_email: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_proposal: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_terms: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_confirmed_by: Mapped[bytes | None] = mapped_column(LargeBinary)
    edition: Mapped[int] = mapped_column(default=1)
    named: Mapped[bool] = mapped_column(default=False)
    invited_at: Mapped[datetime]
    taken_up_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    left_as: Mapped[LeftAs | None] = mapped_column(db_enum(LeftAs))

    organisation = Kept()
    name = Kept()
    invited_as = Kept()
    email = Kept()
    proposal = Kept()
    terms = Kept()
    confirmed_by = Kept()

    bid: Mapped[Bid] = relationship()

    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('taken_up', 'confirmed') OR "
            "(partner_key IS NOT NULL AND lot_key IS NOT NULL)",
            name="taken_up_by_somebody",
        ),
        CheckConstraint(
            "state <> 'confirmed' OR (sealed_terms IS NOT NULL AND confirmed_at IS NOT NULL)",
            name="confirmed_its_own_terms",
        ),
        CheckConstraint("(left_at IS NULL) = (left_as IS NULL)", name="left_in_some_way"),
        CheckConstraint("state = 'invited' OR sealed_email IS NULL", name="address_erased"),
    )

    @property
    def organisation_id(self) -> UUID | None:
        """The partner's organisation, once it is known."""
        return UUID(self.organisation) if self.organisation else None


class OpenedPartner(db.Model):
    """A partner that an opened version names; its share in pence joins when prices open.

    `areas` is JSON, a list of codes (`bids.partners.parts`). `left_at` and `left_as` say that it
    left after the version was submitted.
    """

    __tablename__ = "opened_partner"
    __privacy__ = classified(
        none="id bid_id organisation_id name role areas share_pence confirmed_at left_at left_as"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(Encrypted("opened_partner.name"))
    role: Mapped[str] = mapped_column(Encrypted("opened_partner.role"))
    areas: Mapped[str] = mapped_column(Encrypted("opened_partner.areas"))
    share_pence: Mapped[str | None] = mapped_column(Encrypted("opened_partner.share_pence"))
    confirmed_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    left_as: Mapped[LeftAs | None] = mapped_column(db_enum(LeftAs))

    bid: Mapped[Bid] = relationship()

    __table_args__ = (
        UniqueConstraint("bid_id", "organisation_id"),
        Index("ix_opened_partner_organisation_id", "organisation_id"),
    )
