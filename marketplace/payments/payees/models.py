"""A provider's account with one body's Stripe account, set up on Stripe's own pages."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import classified, db, db_enum, new_id
from marketplace.organisations.models import Organisation
from marketplace.payments.bodies.models import StripeAccount


class PayeeState(StrEnum):
    """How far a provider has come with its account."""

    WANTED = "wanted"
    STARTED = "started"
    WAITING = "waiting"
    READY = "ready"
    REFUSED = "refused"


PAYEE_STATES = {
    PayeeState.WANTED: _l("To be set up"),
    PayeeState.STARTED: _l("To be finished"),
    PayeeState.WAITING: _l("Being checked by Stripe"),
    PayeeState.READY: _l("Ready for payments"),
    PayeeState.REFUSED: _l("Refused by Stripe"),
}


class PayeeAccount(db.Model):
    """One provider's connected account under one body; `wants` are Stripe's names of what lacks.

    The row is the intent, and its id the key under which the account is opened. `asked_at` (when
    Stripe was first asked to open it) and `read_at` (when it was last read) are technical time.
    """

    __tablename__ = "payee_account"
    __privacy__ = classified(
        none="id body_id payee_id stripe_id state wants wanted_at asked_at opened_by_id opened_at "
        "read_at ready_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    body_id: Mapped[UUID] = mapped_column(ForeignKey("stripe_account.organisation_id"))
    payee_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    # None until Stripe has answered.
    stripe_id: Mapped[str | None] = mapped_column(String(60), unique=True)
    state: Mapped[PayeeState] = mapped_column(db_enum(PayeeState), default=PayeeState.WANTED)
    wants: Mapped[list[str]] = mapped_column(JSON, default=list)
    wanted_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    opened_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]

    body: Mapped[StripeAccount] = relationship()
    payee: Mapped[Organisation] = relationship()

    __table_args__ = (
        UniqueConstraint("body_id", "payee_id"),
        CheckConstraint("(state = 'wanted') = (stripe_id IS NULL)", name="opened_at_stripe"),
        CheckConstraint("body_id <> payee_id", name="two_organisations"),
        Index("ix_payee_account_payee", "payee_id"),
        Index("ix_payee_account_read", "state", "read_at"),
    )
