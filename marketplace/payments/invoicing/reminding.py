"""The job that reminds a funder, once, of an invoice whose day has passed."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from marketplace import audit, calendar, clock, jobs
from marketplace.database import db
from marketplace.payments.invoicing import actions, mails
from marketplace.payments.invoicing.models import PAYABLE, Invoice, late_on

BATCH = 200


def remind_due(now: datetime) -> int:
    """Remind of what is overdue and was not reminded of; returns how many."""
    late = late_on(clock.today())
    found = select(Invoice.id).where(late, Invoice.paid_on.is_(None), Invoice.reminded_at.is_(None))
    ids = db.session.scalars(found.order_by(Invoice.due_on, Invoice.id).limit(BATCH)).all()
    return jobs.each_alone(ids, _remind)


def _remind(invoice_id: UUID) -> bool:
    invoice = actions.locked(invoice_id)
    is_told = invoice.is_paid_elsewhere or invoice.reminded_at is not None
    if is_told or not invoice.is_late_on(clock.today()):
        return False
    invoice.reminded_at = clock.now()
    audit.record("invoice:reminded", subject=invoice, by=None)
    mails.tell_funder(invoice, "overdue")
    return True


def next_late(after: datetime) -> datetime | None:
    """The first moment after `after` at which an invoice is overdue."""
    first = select(Invoice.due_on).where(
        Invoice.state.in_(PAYABLE),
        Invoice.reminded_at.is_(None),
        Invoice.due_on >= calendar.day_of(after),
    )
    day = db.session.scalar(first.order_by(Invoice.due_on).limit(1))
    return calendar.start_of(day + timedelta(days=1)) if day is not None else None


def register(app: Flask) -> None:
    """Put the reminding into the application's round."""
    jobs.register(app, "remind of invoices", remind_due, next_late)
