"""Read invoices; what a person may see of them is part of each query."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from marketplace import clock
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.payments.invoicing.models import OPEN, PAYABLE, Invoice, InvoiceState, late_on
from marketplace.permissions import NotYours

HEAPS = ("late", "open", "coming", "settled", "gone")
# What is still to be done stands before what is over.
IS_OVER = case((Invoice.state.in_(OPEN), 0), else_=1)
GONE = (InvoiceState.DISPUTED, InvoiceState.LOST)


def visible_to(by: Acting) -> ColumnElement[bool]:
    """What one's own organisation asks for or was asked; the national auditor sees everything."""
    if by.has(Role.AUDITOR):
        return true()
    return or_(Invoice.issuer_id == by.organisation_id, to_pay(by))


def invoice(invoice_id: UUID, by: Acting) -> Invoice:
    """One invoice with its lines. Raises NotYours."""
    wanted = _with_names(select(Invoice)).where(Invoice.id == invoice_id, visible_to(by))
    found = db.session.scalars(wanted.options(selectinload(Invoice.lines))).one_or_none()
    if found is None:
        raise NotYours(invoice_id)
    return found


def _with_names(wanted: Select[Invoice]) -> Select[Invoice]:
    return wanted.options(joinedload(Invoice.issuer), joinedload(Invoice.funder))


def to_pay(by: Acting) -> ColumnElement[bool]:
    """What the organisation acted for was asked to pay, once it was sent."""
    return and_(Invoice.funder_id == by.organisation_id, Invoice.sent_at.is_not(None))


def asked(by: Acting) -> ColumnElement[bool]:
    """What the organisation acted for asks of others; of everybody for the auditor."""
    return true() if by.has(Role.AUDITOR) else Invoice.issuer_id == by.organisation_id


def listed(side: ColumnElement[bool]) -> Page:
    """Invoices: what is open first, the first due first; then what is over, the latest first."""
    wanted = _with_names(select(Invoice)).where(side)
    return paged(
        wanted.order_by(
            IS_OVER,
            case((Invoice.state.in_(OPEN), Invoice.due_on)),
            Invoice.made_at.desc(),
            Invoice.id,
        )
    )


class Heap(NamedTuple):
    """So many invoices, and their pence, that stand in one way."""

    name: str
    number: int
    pence: int


def heaps(side: ColumnElement[bool]) -> list[Heap]:
    """How it stands: overdue, open, paid but not settled, settled, taken back."""
    name = case(
        (Invoice.state == InvoiceState.SETTLED, "settled"),
        (Invoice.state == InvoiceState.COLLECTING, "coming"),
        (Invoice.state.in_(GONE), "gone"),
        (late_on(clock.today()), "late"),
        else_="open",
    )
    counted = (
        select(name, func.count(), func.sum(Invoice.pence))
        .where(side, Invoice.state != InvoiceState.VOID)
        .group_by(name)
    )
    found = {row[0]: Heap(row[0], row[1], int(row[2])) for row in db.session.execute(counted)}
    return [found.get(each, Heap(each, 0, 0)) for each in HEAPS]


class Waiting(NamedTuple):
    """How many invoices wait, their pence, and the first day on which one is due."""

    number: int
    pence: int
    first_due: date | None


def waits_to_be_paid(organisation_id: UUID) -> Waiting:
    """What an organisation is to pay now."""
    counted = select(func.count(), func.sum(Invoice.pence), func.min(Invoice.due_on)).where(
        Invoice.funder_id == organisation_id, Invoice.state.in_(PAYABLE)
    )
    number, pence, first_due = db.session.execute(counted).one()
    return Waiting(number, int(pence or 0), first_due)


def waits_for_issuer(organisation_id: UUID) -> dict[str, int]:
    """How many of an issuer's invoices are "held", and how many "late"."""
    name = case((Invoice.state == InvoiceState.HELD, "held"), else_="late")
    waits = or_(Invoice.state == InvoiceState.HELD, late_on(clock.today()))
    counted = (
        select(name, func.count()).where(Invoice.issuer_id == organisation_id, waits).group_by(name)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}
