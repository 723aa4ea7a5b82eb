"""A bid: the bidder's working copy, its sealed versions, and what the opening brought to light."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bids.kept import ANSWER_BYTES, VERSION_BYTES, Kept, OfBid
from lots.models import Lot
from marketplace import append_only
from marketplace.database import Encrypted, classified, db, db_enum, new_id


class BidState(StrEnum):
    """Where a bid stands (domain, section 5)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    OPENED = "opened"
    CORRECTION = "correction"
    COMPLIANT = "compliant"
    SET_ASIDE = "set_aside"
    SUCCESSFUL = "successful"
    UNSUCCESSFUL = "unsuccessful"


# Opened, and neither confirmed nor set aside.
TO_CHECK = (BidState.OPENED, BidState.CORRECTION)

BID_STATES = {
    BidState.DRAFT: _l("Draft"),
    BidState.SUBMITTED: _l("Submitted"),
    BidState.WITHDRAWN: _l("Withdrawn"),
    BidState.OPENED: _l("Opened"),
    BidState.CORRECTION: _l("To be corrected"),
    BidState.COMPLIANT: _l("Compliant"),
    BidState.SET_ASIDE: _l("Set aside"),
    BidState.SUCCESSFUL: _l("Successful"),
    BidState.UNSUCCESSFUL: _l("Unsuccessful"),
}

WRITABLE = (BidState.DRAFT, BidState.SUBMITTED, BidState.WITHDRAWN)
# Nothing of such a bid is in: neither is it opened nor does it tie anybody to its lot.
NOT_IN = (BidState.DRAFT, BidState.WITHDRAWN)


class SetAsideGround(StrEnum):
    """The grounds on which a bid may be set aside; no others."""

    NOT_QUALIFIED = "not_qualified"
    INCOMPLETE = "incomplete"
    DECLARATION_UNTRUE = "declaration_untrue"
    PRICE_ABOVE_VALUE = "price_above_value"


SET_ASIDE_GROUNDS = {
    SetAsideGround.NOT_QUALIFIED: _l("The organisation has not qualified for the service"),
    SetAsideGround.INCOMPLETE: _l("The bid is incomplete and could not be put right"),
    SetAsideGround.DECLARATION_UNTRUE: _l("A declaration in the bid is not true"),
    SetAsideGround.PRICE_ABOVE_VALUE: _l("The price is above the value of the lot"),
}


class Bid(db.Model):
    """One organisation's bid for one lot.

    Until the opening `organisation` is encrypted and `bidder_key`, a keyed hash of lot and
    organisation together, keeps it unique and finds it again; a hash of the organisation alone
    would tie its sealed bids to its opened ones. `organisation_id` is filled in by the opening.
    `edited` says that the working copy differs from the last submitted version. `costs` is JSON:
    what the price is made of (`bids.price.sheet`). `withdrawn_at` is shown with the
    receipts.
    """

    __tablename__ = "bid"
    __privacy__ = classified(
        none="id lot_id state bidder_key organisation organisation_id sealed_price_pence "
        "price_edition sealed_costs costs_edition edited created_at withdrawn_at ground "
        "ground_reason"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    state: Mapped[BidState] = mapped_column(db_enum(BidState), default=BidState.DRAFT)
    bidder_key: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    organisation: Mapped[str] = mapped_column(Encrypted("bid.organisation"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    sealed_price_pence: Mapped[bytes | None] = mapped_column(LargeBinary)
    price_edition: Mapped[int] = mapped_column(default=0)
    sealed_costs: Mapped[bytes | None] = mapped_column(LargeBinary)
    costs_edition: Mapped[int] = mapped_column(default=0)
    edited: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    ground: Mapped[SetAsideGround | None] = mapped_column(db_enum(SetAsideGround))
    ground_reason: Mapped[str | None] = mapped_column(Encrypted("bid.ground_reason"))

    price_pence = Kept()
    costs = Kept(ANSWER_BYTES)

    lot: Mapped[Lot] = relationship()
    answers: Mapped[list[BidAnswer]] = relationship(
        cascade="all, delete-orphan", back_populates="bid"
    )
    versions: Mapped[list[BidVersion]] = relationship(
        order_by="BidVersion.number", back_populates="bid"
    )

    __table_args__ = (
        UniqueConstraint("lot_id", "organisation_id"),
        Index("ix_bid_lot_id_state", "lot_id", "state"),
        Index("ix_bid_organisation_id", "organisation_id"),
        CheckConstraint("state <> 'set_aside' OR ground IS NOT NULL", name="set_aside_has_ground"),
    )

    @property
    def bidder_id(self) -> UUID:
        """The organisation that bids."""
        return UUID(self.organisation)

    @property
    def latest(self) -> BidVersion | None:
        """The version that counts: the last one submitted."""
        return self.versions[-1] if self.versions else None


class BidAnswer(OfBid, db.Model):
    """The working copy of one answer; `edition` counts its saves, so that none is lost.

    `origin` is JSON: from which earlier answer it was taken over, if it was. Until somebody has
    read it for this lot it is `unreviewed`, and the bid is not ready.
    """

    __tablename__ = "bid_answer"
    __privacy__ = classified(
        none="id bid_id question_id edition unreviewed", personal="sealed_text sealed_origin"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("lot_question.id"))
    sealed_text: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_origin: Mapped[bytes | None] = mapped_column(LargeBinary)
    unreviewed: Mapped[bool] = mapped_column(default=False)
    edition: Mapped[int] = mapped_column(default=1)

    text = Kept(ANSWER_BYTES)
    origin = Kept()

    bid: Mapped[Bid] = relationship(back_populates="answers")

    __table_args__ = (UniqueConstraint("bid_id", "question_id"),)


class BidVersion(OfBid, db.Model):
    """What was submitted, never altered: sealed to the lot's two keys, its SHA-256 beside it.

    `own_copy` is the bidder's copy of the sealed content for its own download, under its data
    key. `submitted_at` is the database's moment at which the deadline was judged.
    """

    __tablename__ = "bid_version"
    __privacy__ = classified(
        none="id bid_id number submitted_at sha256 sealed_content sealed_price",
        personal="submitted_by sealed_own_copy",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    number: Mapped[int]
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[str] = mapped_column(Encrypted("bid_version.submitted_by"))
    sha256: Mapped[str] = mapped_column(String(64))
    sealed_content: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_price: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_own_copy: Mapped[bytes] = mapped_column(LargeBinary)

    own_copy = Kept(VERSION_BYTES)

    bid: Mapped[Bid] = relationship(back_populates="versions")

    __table_args__ = (
        UniqueConstraint("bid_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
    )


append_only.guard(BidVersion.__table__)


class OpeningState(StrEnum):
    """How far the act of opening has come."""

    CONFIRMED_ONCE = "confirmed_once"
    OPENED = "opened"


OPENING_STATES = {
    OpeningState.CONFIRMED_ONCE: _l("Confirmed once"),
    OpeningState.OPENED: _l("Opened"),
}


class BidOpening(db.Model):
    """The opening of one lot's bids: an act of two different people (domain, section 5).

    The roles are those that let the two confirm. `first_halves` is JSON, what the first of two
    holders of a divided key brought; it is let go of once the second has opened.
    """

    __tablename__ = "bid_opening"
    __privacy__ = classified(
        none="id lot_id state first_by_id first_role first_at first_halves second_by_id "
        "second_role second_at bids"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), unique=True)
    state: Mapped[OpeningState] = mapped_column(
        db_enum(OpeningState), default=OpeningState.CONFIRMED_ONCE
    )
    first_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    first_role: Mapped[str] = mapped_column(String(40))
    first_at: Mapped[datetime]
    first_halves: Mapped[str | None] = mapped_column(Encrypted("bid_opening.first_halves"))
    second_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    second_role: Mapped[str | None] = mapped_column(String(40))
    second_at: Mapped[datetime | None]
    bids: Mapped[int | None]
    lot: Mapped[Lot] = relationship()
    __table_args__ = (
        CheckConstraint("second_by_id <> first_by_id", name="two_people"),
        CheckConstraint(
            "state <> 'opened' OR second_by_id IS NOT NULL", name="opened_by_second_person"
        ),
    )


class OpenedBid(db.Model):
    """A version's content as the opening found it; price and costs join when prices open.

    `hours_spent` on writing it, where the bidder said so (domain, section 5).
    """

    __tablename__ = "opened_bid"
    __privacy__ = classified(
        none="id bid_id version_id hours_spent price_pence costs", personal="content"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"), unique=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("bid_version.id"), unique=True)
    content: Mapped[str] = mapped_column(Encrypted("opened_bid.content"))
    hours_spent: Mapped[int | None]
    price_pence: Mapped[str | None] = mapped_column(Encrypted("opened_bid.price_pence"))
    costs: Mapped[str | None] = mapped_column(Encrypted("opened_bid.costs"))
    bid: Mapped[Bid] = relationship()
    version: Mapped[BidVersion] = relationship()
    __table_args__ = (CheckConstraint("hours_spent > 0", name="hours_positive"),)
