"""A payment: what one organisation owes another for one cause, and how it is paid."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Encrypted, classified, db, db_enum, new_id
from marketplace.organisations.models import Organisation


class Rail(StrEnum):
    """By which way money moves."""

    OUTSIDE = "outside"
    STRIPE = "stripe"


RAILS = {
    Rail.OUTSIDE: _l("From the buyer’s own bank"),
    Rail.STRIPE: _l("Through Stripe"),
}


class PaymentState(StrEnum):
    """Where a payment stands."""

    READY = "ready"
    SENDING = "sending"
    SHORT = "short"
    HELD = "held"
    EXPORTED = "exported"
    PAID = "paid"
    RETURNED = "returned"


PAYMENT_STATES = {
    PaymentState.READY: _l("To be paid"),
    PaymentState.SENDING: _l("Being sent"),
    PaymentState.SHORT: _l("Waiting for money in the account"),
    PaymentState.HELD: _l("Held: somebody must look at it"),
    PaymentState.EXPORTED: _l("Given to the bank"),
    PaymentState.PAID: _l("Paid"),
    PaymentState.RETURNED: _l("Came back"),
}
UNPAID = (
    PaymentState.READY,
    PaymentState.SENDING,
    PaymentState.SHORT,
    PaymentState.HELD,
    PaymentState.EXPORTED,
)


class HeldReason(StrEnum):
    """Why a payment needs somebody before it can go on."""

    PAYEE_NOT_READY = "payee_not_ready"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    NOT_SENT = "not_sent"


HELD_REASONS = {
    HeldReason.PAYEE_NOT_READY: _l("The provider has not finished setting up its account"),
    HeldReason.REFUSED: _l("The payment service refused it"),
    HeldReason.UNCLEAR: _l("Whether it was paid could not be found out"),
    HeldReason.NOT_SENT: _l("It was not sent"),
}


class ReturnReason(StrEnum):
    """Why a payment that counted as paid does not any more."""

    SENT_BACK = "sent_back"
    MISTAKE = "mistake"
    REVERSED = "reversed"


RETURN_REASONS = {
    ReturnReason.SENT_BACK: _l("The bank sent the money back"),
    ReturnReason.MISTAKE: _l("It was recorded by mistake"),
    ReturnReason.REVERSED: _l("It was taken back at Stripe"),
}


class Payment(db.Model):
    """`pence` with VAT, owed by a buyer to a provider for one cause, and paid once.

    The cause names one happening of one thing above ("claim:approved"); `about` is what people
    read ("CON-KD4729, October 2026") and names nobody. `owed_from` is the day the invoice counts
    as received, `due_on` the day of our policy, `law_due_on` the last day in law (30 days,
    Procurement Act 2023 s.68). The key is stored with the intent, before anything is sent; what
    the rail calls the payment is `rail_reference`. `rail` is decided when it is owed and
    changed by people only: what is for the bank no rail ever takes by itself. `try_at` is technical
    time: until then a payment that is being sent belongs to whoever sends it, and of one that is
    unclear the rail may still be doing what it was asked. What came back is paid again as a new
    payment of the same cause in the next `round`.
    """

    __tablename__ = "payment"
    __privacy__ = classified(
        none="id reference payer_id payee_id pence cause_kind cause_id about owed_from due_on "
        "law_due_on rail state payable_account_id paid_account_id idempotency_key attempts "
        "try_at rail_reference held_reason created_at sent_at paid_at paid_on recorded_by_id "
        "is_demonstration round bank_reference export_id returned_at return_reason "
        "short_since"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    payer_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    payee_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    pence: Mapped[int] = mapped_column(BigInteger)
    cause_kind: Mapped[str] = mapped_column(String(60))
    cause_id: Mapped[UUID]
    about: Mapped[str] = mapped_column(String(120))
    owed_from: Mapped[date]
    due_on: Mapped[date]
    law_due_on: Mapped[date]
    rail: Mapped[Rail] = mapped_column(db_enum(Rail))
    state: Mapped[PaymentState] = mapped_column(db_enum(PaymentState), default=PaymentState.READY)
    payable_account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    paid_account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    idempotency_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    try_at: Mapped[datetime | None]
    rail_reference: Mapped[str | None] = mapped_column(String(120))
    held_reason: Mapped[HeldReason | None] = mapped_column(db_enum(HeldReason))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    paid_on: Mapped[date | None]
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    round: Mapped[int] = mapped_column(default=0)
    # What the buyer's bank calls it; one reference may stand for a whole run of payments.
    bank_reference: Mapped[str] = mapped_column(String(60), default="")
    export_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment_export.id"), index=True)
    short_since: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    return_reason: Mapped[ReturnReason | None] = mapped_column(db_enum(ReturnReason))

    payer: Mapped[Organisation] = relationship(foreign_keys=payer_id)
    payee: Mapped[Organisation] = relationship(foreign_keys=payee_id)

    __table_args__ = (
        UniqueConstraint("cause_kind", "cause_id", "round"),
        UniqueConstraint("rail", "rail_reference"),
        CheckConstraint("pence > 0", name="pence_positive"),
        CheckConstraint("due_on <= law_due_on", name="policy_within_law"),
        CheckConstraint(
            "state NOT IN ('paid', 'returned') OR paid_at IS NOT NULL", name="paid_when"
        ),
        CheckConstraint(
            "rail = 'outside' OR state IN ('ready', 'held') OR idempotency_key IS NOT NULL",
            name="key_before_sending",
        ),
        CheckConstraint("(state = 'held') = (held_reason IS NOT NULL)", name="held_for_a_reason"),
        CheckConstraint("state <> 'exported' OR export_id IS NOT NULL", name="exported_in_file"),
        CheckConstraint("(state = 'returned') = (returned_at IS NOT NULL)", name="returned_when"),
        CheckConstraint(
            "(returned_at IS NULL) = (return_reason IS NULL)", name="returned_for_a_reason"
        ),
        Index("ix_payment_payer", "payer_id", "state", "due_on"),
        Index("ix_payment_payee", "payee_id", "state", "due_on"),
        Index("ix_payment_to_send", "rail", "state", "try_at"),
        Index("ix_payment_paid_on", "paid_on"),
        Index("ix_payment_state", "state", "due_on"),
    )


class PaymentExport(db.Model):
    """One file of payments for a buyer's bank, kept as it was given; the same when asked again."""

    __tablename__ = "payment_export"
    __privacy__ = classified(
        none="id reference payer_id made_at made_by_id payments pence", personal="file"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    payer_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    payments: Mapped[int]
    pence: Mapped[int] = mapped_column(BigInteger)
    file: Mapped[str] = mapped_column(Encrypted("payment_export.file"))

    payer: Mapped[Organisation] = relationship()

    __table_args__ = (
        CheckConstraint("payments > 0 AND pence > 0", name="of_something"),
        Index("ix_payment_export_payer", "payer_id", "made_at"),
    )


class BankDetails(db.Model):
    """Where a provider, or a buyer by those who pay with it, is paid by bank."""

    __tablename__ = "bank_details"
    __privacy__ = classified(
        none="organisation_id set_at set_by_id",
        personal="account_name sort_code account_number",
    )
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    account_name: Mapped[str] = mapped_column(Encrypted("bank_details.account_name"))
    sort_code: Mapped[str] = mapped_column(Encrypted("bank_details.sort_code"))
    account_number: Mapped[str] = mapped_column(Encrypted("bank_details.account_number"))
    set_at: Mapped[datetime]
    set_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))

    organisation: Mapped[Organisation] = relationship()
