"""An invoice from a buyer to an organisation that pays a share, and its lines."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import classified, db, db_enum, new_id
from marketplace.organisations.models import Organisation
from marketplace.payments.paying.models import Rail


class InvoiceState(StrEnum):
    """Where an invoice stands; its money can be used only once it has settled."""

    READY = "ready"
    SENDING = "sending"
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
    InvoiceState.SENT: _l("Sent, to be paid"),
    InvoiceState.COLLECTING: _l("Paid, not yet settled"),
    InvoiceState.SETTLED: _l("Settled"),
    InvoiceState.FAILED: _l("The payment failed"),
    InvoiceState.DISPUTED: _l("Disputed"),
    InvoiceState.LOST: _l("Taken back"),
    InvoiceState.VOID: _l("Withdrawn"),
}


class Method(StrEnum):
    """How a funder pays."""

    BANK_TRANSFER = "bank_transfer"
    DIRECT_DEBIT = "direct_debit"


METHODS = {
    Method.BANK_TRANSFER: _l("Bank transfer"),
    Method.DIRECT_DEBIT: _l("Bacs Direct Debit"),
}


class Invoice(db.Model):
    """`pence` with VAT that `funder_id` owes `issuer_id`; the sum of its lines."""

    __tablename__ = "invoice"
    __privacy__ = classified(
        none="id reference issuer_id funder_id pence purchase_order due_on method rail state "
        "idempotency_key attempts try_at rail_reference pay_page made_at sent_at paid_at "
        "settled_at disputed_at recorded_by_id paid_reference is_demonstration"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    issuer_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    pence: Mapped[int] = mapped_column(BigInteger)
    purchase_order: Mapped[str] = mapped_column(String(60), default="")
    due_on: Mapped[date]
    method: Mapped[Method] = mapped_column(db_enum(Method), default=Method.BANK_TRANSFER)
    rail: Mapped[Rail] = mapped_column(db_enum(Rail))
    state: Mapped[InvoiceState] = mapped_column(db_enum(InvoiceState), default=InvoiceState.READY)
    idempotency_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    try_at: Mapped[datetime | None]
    rail_reference: Mapped[str | None] = mapped_column(String(120))
    pay_page: Mapped[str] = mapped_column(String(500), default="")
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    disputed_at: Mapped[datetime | None]
    # Where it was paid outside: the bank's reference, and who recorded it.
    paid_reference: Mapped[str] = mapped_column(String(60), default="")
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    issuer: Mapped[Organisation] = relationship(foreign_keys=issuer_id)
    funder: Mapped[Organisation] = relationship(foreign_keys=funder_id)
    lines: Mapped[list[InvoiceLine]] = relationship(order_by="InvoiceLine.position")

    __table_args__ = (
        UniqueConstraint("rail", "rail_reference"),
        CheckConstraint("pence > 0", name="pence_positive"),
        CheckConstraint("issuer_id <> funder_id", name="two_organisations"),
        CheckConstraint("state <> 'settled' OR settled_at IS NOT NULL", name="settled_when"),
        Index("ix_invoice_issuer", "issuer_id", "state", "due_on"),
        Index("ix_invoice_funder", "funder_id", "state", "due_on"),
        Index("ix_invoice_to_send", "rail", "state", "try_at"),
    )


class InvoiceLine(db.Model):
    """One part of an invoice, for one cause ("contribution"), once; `text` names nobody."""

    __tablename__ = "invoice_line"
    __privacy__ = classified(none="id invoice_id position cause_kind cause_id text pence")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoice.id"))
    position: Mapped[int]
    cause_kind: Mapped[str] = mapped_column(String(60))
    cause_id: Mapped[UUID]
    text: Mapped[str] = mapped_column(String(200))
    pence: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        UniqueConstraint("invoice_id", "position"),
        CheckConstraint("pence > 0", name="pence_positive"),
        Index("ix_invoice_line_cause", "cause_kind", "cause_id"),
    )
