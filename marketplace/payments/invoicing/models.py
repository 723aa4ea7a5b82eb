"""An invoice from a buyer to an organisation that pays a share, and its lines."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import classified, db, db_enum, new_id
from marketplace.organisations.models import Organisation
from marketplace.payments.paying.models import Rail


class InvoiceState(StrEnum):
    """Where an invoice stands; its money can be used only once it has settled."""

    READY = "ready"
    SENDING = "sending"
    HELD = "held"
    SENT = "sent"
    COLLECTING = "collecting"
    SETTLED = "settled"
    FAILED = "failed"
    DISPUTED = "disputed"
    LOST = "lost"
    VOID = "void"


INVOICE_STATES = {
    InvoiceState.READY: _l("To be sent"),
    InvoiceState.SENDING: _l("Being sent"),
    InvoiceState.HELD: _l("Held: somebody must look at it"),
    InvoiceState.SENT: _l("Sent, to be paid"),
    InvoiceState.COLLECTING: _l("Paid, not yet settled"),
    InvoiceState.SETTLED: _l("Settled"),
    InvoiceState.FAILED: _l("The payment failed"),
    InvoiceState.DISPUTED: _l("Disputed"),
    InvoiceState.LOST: _l("Taken back"),
    InvoiceState.VOID: _l("Withdrawn"),
}


# The funder can pay it now.
PAYABLE = (InvoiceState.SENT, InvoiceState.FAILED)
# Money is still to come of it.
OPEN = (
    InvoiceState.READY,
    InvoiceState.SENDING,
    InvoiceState.HELD,
    InvoiceState.SENT,
    InvoiceState.COLLECTING,
    InvoiceState.FAILED,
)


class Method(StrEnum):
    """How a funder has paid."""

    BANK_TRANSFER = "bank_transfer"
    DIRECT_DEBIT = "direct_debit"


METHODS = {
    Method.BANK_TRANSFER: _l("Bank transfer"),
    Method.DIRECT_DEBIT: _l("Bacs Direct Debit"),
}


class NotSent(StrEnum):
    """Why an invoice could not be sent."""

    REFUSED = "refused"
    UNCLEAR = "unclear"


NOT_SENT = {
    NotSent.REFUSED: _l("Stripe refused it"),
    NotSent.UNCLEAR: _l("Whether it was sent could not be found out"),
}


class Invoice(db.Model):
    """`pence` with VAT that `funder_id` owes `issuer_id`; the sum of its lines.

    The key is stored with the intent at `asked_at`, before Stripe is asked; until `try_at` an
    invoice belongs to whoever sends or reads it; both are technical time. `by_hand` keeps it from
    Stripe. `fee_pence` is what Stripe kept of the money. `paid_outside`: the money came to the
    issuer's own bank, whatever way it was asked for.
    """

    __tablename__ = "invoice"
    __privacy__ = classified(
        none="id reference issuer_id funder_id pence purchase_order due_on method rail state "
        "by_hand idempotency_key attempts try_at asked_at held_reason "
        "rail_reference charge_reference dispute_reference pay_page made_at sent_at paid_at "
        "settled_at disputed_at fee_pence reminded_at paid_outside paid_on paid_reference "
        "recorded_by_id is_demonstration"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    issuer_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    pence: Mapped[int] = mapped_column(BigInteger)
    purchase_order: Mapped[str] = mapped_column(String(140), default="")
    due_on: Mapped[date]
    method: Mapped[Method | None] = mapped_column(db_enum(Method))
    rail: Mapped[Rail] = mapped_column(db_enum(Rail), default=Rail.OUTSIDE)
    state: Mapped[InvoiceState] = mapped_column(db_enum(InvoiceState), default=InvoiceState.READY)
    by_hand: Mapped[bool] = mapped_column(default=False)
    idempotency_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    try_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    held_reason: Mapped[NotSent | None] = mapped_column(db_enum(NotSent))
    # What Stripe calls the invoice, what was paid of it, and a dispute of that.
    rail_reference: Mapped[str | None] = mapped_column(String(120))
    charge_reference: Mapped[str | None] = mapped_column(String(120), unique=True)
    dispute_reference: Mapped[str | None] = mapped_column(String(120), unique=True)
    pay_page: Mapped[str] = mapped_column(String(500), default="")
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    disputed_at: Mapped[datetime | None]
    fee_pence: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]
    # Where it was paid outside: the day, the bank's reference, and who recorded it.
    paid_outside: Mapped[bool] = mapped_column(default=False)
    paid_on: Mapped[date | None]
    paid_reference: Mapped[str] = mapped_column(String(60), default="")
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    issuer: Mapped[Organisation] = relationship(foreign_keys=issuer_id)
    funder: Mapped[Organisation] = relationship(foreign_keys=funder_id)
    lines: Mapped[list[InvoiceLine]] = relationship(order_by="InvoiceLine.position")

    __table_args__ = (
        UniqueConstraint("rail", "rail_reference"),
        CheckConstraint("pence > 0", name="pence_positive"),
        CheckConstraint("fee_pence >= 0", name="fee_not_negative"),
        CheckConstraint("issuer_id <> funder_id", name="two_organisations"),
        CheckConstraint("(state = 'held') = (held_reason IS NOT NULL)", name="held_for_a_reason"),
        CheckConstraint(
            "state NOT IN ('settled', 'disputed', 'lost') OR settled_at IS NOT NULL",
            name="settled_when",
        ),
        CheckConstraint(
            "rail = 'outside' OR state IN ('ready', 'void') OR idempotency_key IS NOT NULL",
            name="key_before_sending",
        ),
        CheckConstraint("NOT paid_outside OR paid_on IS NOT NULL", name="paid_outside_when"),
        Index("ix_invoice_issuer", "issuer_id", "state", "due_on"),
        Index("ix_invoice_funder", "funder_id", "state", "due_on"),
        Index("ix_invoice_to_send", "state", "try_at"),
    )

    @property
    def is_at_stripe(self) -> bool:
        """It stands at Stripe, so what becomes of it is asked there first."""
        return self.rail == Rail.STRIPE

    @property
    def is_paid_elsewhere(self) -> bool:
        """The money came to the bank; Stripe, where it stands, has not said that it knows."""
        return self.is_at_stripe and self.state in PAYABLE and self.paid_on is not None

    def is_late_on(self, day: date) -> bool:
        """It is to be paid and its day has passed; the same as `late_on`."""
        return self.state in PAYABLE and self.due_on < day


def late_on(day: date) -> ColumnElement[bool]:
    """What an invoice is that is overdue on this day."""
    return and_(Invoice.state.in_(PAYABLE), Invoice.due_on < day)


class InvoiceLine(db.Model):
    """One part of an invoice, for one cause ("contribution"), once; `text` names nobody.

    `pence` of the `whole_pence` that were approved, both with VAT; `vat_pence` of `pence` are VAT.
    """

    __tablename__ = "invoice_line"
    __privacy__ = classified(
        none="id invoice_id position cause_kind cause_id text purchase_order pence whole_pence "
        "vat_pence"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoice.id"))
    position: Mapped[int]
    cause_kind: Mapped[str] = mapped_column(String(60))
    cause_id: Mapped[UUID]
    text: Mapped[str] = mapped_column(String(200))
    purchase_order: Mapped[str] = mapped_column(String(60), default="")
    pence: Mapped[int] = mapped_column(BigInteger)
    whole_pence: Mapped[int] = mapped_column(BigInteger)
    vat_pence: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (
        UniqueConstraint("invoice_id", "position"),
        CheckConstraint("pence > 0", name="pence_positive"),
        CheckConstraint("whole_pence >= pence", name="part_of_the_whole"),
        CheckConstraint("vat_pence >= 0 AND vat_pence <= pence", name="vat_within"),
        Index("ix_invoice_line_cause", "cause_kind", "cause_id"),
    )

    @property
    def percent(self) -> str:
        """Its part of the whole, as people write it, with one decimal at most."""
        return f"{round(100 * self.pence / self.whole_pence, 1):g}"


class InvoiceCustomer(db.Model):
    """What an issuer's account at Stripe calls the organisation that it sends invoices to."""

    __tablename__ = "invoice_customer"
    __privacy__ = classified(none="issuer_id funder_id stripe_id")
    issuer_id: Mapped[UUID] = mapped_column(
        ForeignKey("stripe_account.organisation_id"), primary_key=True
    )
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    stripe_id: Mapped[str] = mapped_column(String(60), unique=True)
