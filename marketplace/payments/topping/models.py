"""Money that a body moves from its bank to its balance at Stripe, so that payments can go out."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import classified, db, db_enum, new_id
from marketplace.payments.bodies.models import StripeAccount


class TopUpState(StrEnum):
    """How far the money has come."""

    ASKED = "asked"
    UNCLEAR = "unclear"
    COMING = "coming"
    ARRIVED = "arrived"
    FAILED = "failed"
    TAKEN_BACK = "taken_back"


TOP_UP_STATES = {
    TopUpState.ASKED: _l("To be asked of Stripe"),
    TopUpState.UNCLEAR: _l("No clear answer from Stripe"),
    TopUpState.COMING: _l("On its way"),
    TopUpState.ARRIVED: _l("Arrived"),
    TopUpState.FAILED: _l("Did not come"),
    TopUpState.TAKEN_BACK: _l("Taken back by the bank"),
}


class TopUp(db.Model):
    """`pence` for one body's balance; `asked_by_id` None where it was begun at Stripe itself.

    One that is unclear is only looked for: it is not counted on, and not asked for again.
    The row is the intent, its `idempotency_key` is stored before Stripe is asked; `noted_at`
    (when that was) and `try_at` are technical time.
    """

    __tablename__ = "top_up"
    __privacy__ = classified(
        none="id body_id pence state idempotency_key attempts try_at rail_reference asked_by_id "
        "asked_at noted_at expected_on arrived_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    body_id: Mapped[UUID] = mapped_column(ForeignKey("stripe_account.organisation_id"))
    pence: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[TopUpState] = mapped_column(db_enum(TopUpState))
    idempotency_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    try_at: Mapped[datetime | None]
    rail_reference: Mapped[str | None] = mapped_column(String(120), unique=True)
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    noted_at: Mapped[datetime]
    expected_on: Mapped[date | None]
    arrived_at: Mapped[datetime | None]

    body: Mapped[StripeAccount] = relationship()

    __table_args__ = (
        CheckConstraint("pence > 0", name="pence_positive"),
        CheckConstraint(
            "idempotency_key IS NOT NULL OR rail_reference IS NOT NULL", name="key_before_asking"
        ),
        CheckConstraint(
            "state NOT IN ('arrived', 'taken_back') OR arrived_at IS NOT NULL", name="arrived_when"
        ),
        Index("ix_top_up_body", "body_id", "asked_at"),
        Index("ix_top_up_to_ask", "state", "try_at"),
    )
