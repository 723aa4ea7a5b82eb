"""A partner in a contract: its promised share, its places in each area, and what it was paid."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.contracts.models import Contract, ContractArea
from marketplace.database import Encrypted, classified, db, db_enum, new_id
from marketplace.organisations.models import Organisation


class PaymentState(StrEnum):
    """What the partner says of a payment that the lead has stated."""

    STATED = "stated"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


PAYMENT_STATES = {
    PaymentState.STATED: _l("To be confirmed by the partner"),
    PaymentState.CONFIRMED: _l("Confirmed"),
    PaymentState.DISPUTED: _l("Disputed by the partner"),
}


class ContractPartner(db.Model):
    """An organisation that delivers part of a contract under its provider, who leads.

    `promised_pence` is its share over the contract's term, net, as its bid promised it or a signed
    change has made it. A partner that was removed keeps its row, and all that was paid to it.
    """

    __tablename__ = "contract_partner"
    __privacy__ = classified(
        none="id contract_id organisation_id role promised_pence joined_on removed_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(Text)
    promised_pence: Mapped[int] = mapped_column(BigInteger)
    joined_on: Mapped[date]
    removed_at: Mapped[datetime | None]

    contract: Mapped[Contract] = relationship()
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    areas: Mapped[list[ContractAreaPartner]] = relationship(
        order_by="ContractAreaPartner.contract_area_id"
    )

    __table_args__ = (
        UniqueConstraint("contract_id", "organisation_id"),
        CheckConstraint("promised_pence >= 0", name="promise_not_negative"),
        Index("ix_contract_partner_organisation", "organisation_id"),
    )


class ContractAreaPartner(db.Model):
    """A partner's part in one area: how many of the area's places in force are in its hands."""

    __tablename__ = "contract_area_partner"
    __privacy__ = classified(none="contract_area_id partner_id places")
    contract_area_id: Mapped[UUID] = mapped_column(ForeignKey("contract_area.id"), primary_key=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("contract_partner.id"), primary_key=True)
    places: Mapped[int] = mapped_column(default=0)

    area: Mapped[ContractArea] = relationship()
    partner: Mapped[ContractPartner] = relationship(back_populates="areas")

    __table_args__ = (
        CheckConstraint("places >= 0", name="places_not_negative"),
        Index("ix_contract_area_partner_partner", "partner_id"),
    )


class PartnerDue(db.Model):
    """A partner's promised share of one thing approved to be paid under the contract; net pence.

    Below 0 where the lead gave something back. `month` is the first day of the month it is for. It
    stays as it was on that day, whatever is promised later.
    """

    __tablename__ = "partner_due"
    __privacy__ = classified(none="id partner_id cause_kind cause_id pence approved_on month")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("contract_partner.id"))
    cause_kind: Mapped[str] = mapped_column(String(60))
    cause_id: Mapped[UUID]
    pence: Mapped[int] = mapped_column(BigInteger)
    approved_on: Mapped[date]
    month: Mapped[date]

    __table_args__ = (
        UniqueConstraint("partner_id", "cause_kind", "cause_id"),
        CheckConstraint("pence <> 0", name="due_moves"),
        Index("ix_partner_due_month", "partner_id", "month", "pence"),
    )


class PartnerPayment(db.Model):
    """What the lead says it paid a partner for one month (`month` is its first day), net.

    `paid_on` is the day it names for it; rows of before it was asked have none.
    """

    __tablename__ = "partner_payment"
    __privacy__ = classified(
        none="id partner_id month pence paid_on state stated_by_id stated_at confirmed_by_id "
        "confirmed_at disputed_by_id disputed_at",
        personal="dispute",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("contract_partner.id"))
    month: Mapped[date]
    pence: Mapped[int] = mapped_column(BigInteger)
    paid_on: Mapped[date | None]
    state: Mapped[PaymentState] = mapped_column(db_enum(PaymentState), default=PaymentState.STATED)
    stated_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    stated_at: Mapped[datetime]
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    disputed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    disputed_at: Mapped[datetime | None]
    dispute: Mapped[str | None] = mapped_column(Encrypted("partner_payment.dispute"))

    partner: Mapped[ContractPartner] = relationship()

    __table_args__ = (
        UniqueConstraint("partner_id", "month"),
        CheckConstraint("pence >= 0", name="payment_not_negative"),
        Index("ix_partner_payment_paid_on", "paid_on"),
        CheckConstraint("confirmed_by_id <> stated_by_id", name="two_people"),
        CheckConstraint(
            "(state = 'confirmed') = (confirmed_at IS NOT NULL)", name="confirmed_by_somebody"
        ),
        CheckConstraint(
            "state <> 'disputed' OR (disputed_at IS NOT NULL AND dispute IS NOT NULL)",
            name="disputed_with_reason",
        ),
        Index("ix_partner_payment_state", "state", "partner_id"),
    )
