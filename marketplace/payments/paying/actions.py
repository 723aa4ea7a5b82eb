"""Owe a payment. What is owed is sent by a job, or recorded by a person (`rails`)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.fresh import fresh_reference
from marketplace.payments.actions import Cause
from marketplace.payments.paying.models import Payment, Rail


def owe(
    *,
    cause: Cause,
    payer_id: UUID,
    payee_id: UUID,
    pence: int,
    about: str,
    owed_from: date,
    due_on: date,
    law_due_on: date,
    payable_id: UUID,
    paid_id: UUID,
    is_demonstration: bool,
    by: Acting | None,
) -> Payment:
    """A new payment of `pence` (with VAT, above 0), to be sent; once for a cause."""
    payment = Payment(
        id=new_id(),
        reference=fresh_reference(Payment, "PAY"),
        payer_id=payer_id,
        payee_id=payee_id,
        pence=pence,
        cause_kind=cause.kind,
        cause_id=cause.id,
        about=about,
        owed_from=owed_from,
        due_on=due_on,
        law_due_on=law_due_on,
        rail=Rail.OUTSIDE,
        payable_account_id=payable_id,
        paid_account_id=paid_id,
        created_at=clock.now(),
        is_demonstration=is_demonstration,
    )
    db.session.add(payment)
    db.session.flush()
    audit.record("payment:owed", subject=payment, by=by, facts={"cause": cause.kind})
    return payment
