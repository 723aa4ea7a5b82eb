"""Read payments; what a person may see of them is part of each query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import joinedload

from marketplace import clock
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.paging import Page, paged
from marketplace.payments.paying.models import (
    UNPAID,
    BankDetails,
    Payment,
    PaymentExport,
    PaymentState,
    Rail,
)
from marketplace.payments.paying.permissions import PaymentPermission
from marketplace.payments.paying.rails import senders
from marketplace.permissions import NotYours, allowed

MOST = 200
SOON = timedelta(days=7)
# Details so new are worth a telephone call before money goes there.
NEW_FOR = timedelta(days=30)


def visible_to(by: Acting) -> ColumnElement[bool]:
    """What one's own organisation pays or is paid; the national auditor sees everything."""
    if by.has(Role.AUDITOR):
        return true()
    own = by.organisation_id
    return or_(Payment.payer_id == own, Payment.payee_id == own)


def payment(payment_id: UUID, by: Acting) -> Payment:
    """One payment. Raises NotYours."""
    found = db.session.scalars(_shown(by).where(Payment.id == payment_id)).one_or_none()
    if found is None:
        raise NotYours(payment_id)
    return found


def _shown(by: Acting) -> Select[Payment]:
    names = (joinedload(Payment.payer), joinedload(Payment.payee))
    return select(Payment).where(visible_to(by)).options(*names)


def is_owed() -> ColumnElement[bool]:
    """Not paid yet; or it came back, and nobody has put it forward again."""
    came_back = and_(Payment.state == PaymentState.RETURNED, ~_is_paid_again())
    return or_(Payment.state.in_(UNPAID), came_back)


def unpaid(by: Acting) -> Page:
    """What is still to be paid, the first due first."""
    wanted = _shown(by).where(is_owed())
    return paged(wanted.order_by(Payment.due_on, Payment.id))


def ended(by: Acting) -> Page:
    """What was paid or came back, the latest first."""
    wanted = _shown(by).where(Payment.state.not_in(UNPAID))
    return paged(wanted.order_by(Payment.paid_at.desc(), Payment.id))


class Heap(NamedTuple):
    """So many payments, and their pence, of one part of what is to be paid."""

    name: str
    number: int
    pence: int


def heaps(by: Acting) -> list[Heap]:
    """What is to be paid by when it is due: past the law's day, past ours, soon, later."""
    today = clock.today()
    name = case(
        (Payment.law_due_on < today, "past_law"),
        (Payment.due_on < today, "past_due"),
        (Payment.due_on <= today + SOON, "soon"),
        else_="later",
    )
    counted = (
        select(name, func.count(), func.sum(Payment.pence))
        .where(visible_to(by), is_owed())
        .group_by(name)
    )
    found = {row[0]: Heap(row[0], row[1], int(row[2])) for row in db.session.execute(counted)}
    return [found.get(each, Heap(each, 0, 0)) for each in ("past_law", "past_due", "soon", "later")]


def rail_that_takes(payment: Payment) -> Rail:
    """The rail that could send it by itself now; OUTSIDE where none could."""
    for rail, sender in senders().items():
        taken = select(Payment.id).where(Payment.id == payment.id, sender.takes())
        if db.session.scalar(taken) is not None:
            return rail
    return Rail.OUTSIDE


class Payable(NamedTuple):
    """A payment that people make, with where it goes; None where that is not known."""

    payment: Payment
    details: BankDetails | None


def _to_bank(by: Acting) -> ColumnElement[bool]:
    return and_(
        Payment.payer_id == by.organisation_id,
        Payment.state == PaymentState.READY,
        Payment.rail == Rail.OUTSIDE,
    )


def to_export(by: Acting) -> list[Payable]:
    """What this payer can put into a file for its bank, the first due first; 200 at most.

    What still lacks bank details comes last, so that it keeps nothing else out.
    """
    wanted = (
        select(Payment, BankDetails)
        .outerjoin(BankDetails, BankDetails.organisation_id == Payment.payee_id)
        .where(_to_bank(by))
        .options(joinedload(Payment.payee))
        .order_by(BankDetails.organisation_id.is_(None), Payment.due_on, Payment.id)
        .limit(MOST)
    )
    return [Payable(payment, details) for payment, details in db.session.execute(wanted)]


def to_record(by: Acting, only: UUID | None, of_export: UUID | None) -> Sequence[Payment]:
    """What this payer can record as paid: one payment, those of one file, or all; 200 at most."""
    exported = and_(Payment.payer_id == by.organisation_id, Payment.state == PaymentState.EXPORTED)
    wanted = select(Payment).where(or_(_to_bank(by), exported))
    if only is not None:
        wanted = wanted.where(Payment.id == only)
    if of_export is not None:
        wanted = wanted.where(Payment.export_id == of_export)
    in_order = wanted.order_by(Payment.due_on, Payment.id).limit(MOST)
    return db.session.scalars(in_order.options(joinedload(Payment.payee))).all()


def export(export_id: UUID, by: Acting) -> PaymentExport:
    """One file that was given to the bank. Raises NotYours."""
    found = db.session.get(PaymentExport, export_id)
    if found is None or not allowed(by, PaymentPermission.SEE_EXPORT, found):
        raise NotYours(export_id)
    return found


def payments_of(export: PaymentExport) -> Sequence[Payment]:
    """The payments of one file that were not taken out of it."""
    wanted = select(Payment).where(Payment.export_id == export.id)
    in_order = wanted.order_by(Payment.due_on, Payment.id)
    return db.session.scalars(in_order.options(joinedload(Payment.payee))).all()


def exports(by: Acting) -> Page:
    """(file, its payer's name, how many of its payments are not recorded yet), the latest first."""
    open_ones = (
        select(func.count())
        .where(Payment.export_id == PaymentExport.id, Payment.state == PaymentState.EXPORTED)
        .scalar_subquery()
    )
    wanted = select(PaymentExport, Organisation.name, open_ones).join(
        Organisation, Organisation.id == PaymentExport.payer_id
    )
    if not by.has(Role.AUDITOR):
        wanted = wanted.where(PaymentExport.payer_id == by.organisation_id)
    return paged(wanted.order_by(PaymentExport.made_at.desc(), PaymentExport.id))


def in_round(payment: Payment, number: int) -> Payment | None:
    """The payment of the same cause in another round: what it replaces, or what replaces it."""
    return db.session.scalars(
        select(Payment).where(
            Payment.cause_kind == payment.cause_kind,
            Payment.cause_id == payment.cause_id,
            Payment.round == number,
        )
    ).one_or_none()


def waiting_counts(payer_id: UUID) -> dict[PaymentState, tuple[int, Any]]:
    """State -> how many of a payer's payments wait in it, and the earliest day they are due."""
    counted = (
        select(Payment.state, func.count(), func.min(Payment.due_on))
        .where(
            Payment.payer_id == payer_id,
            Payment.state.in_((*UNPAID, PaymentState.RETURNED)),
            or_(Payment.state != PaymentState.READY, Payment.rail == Rail.OUTSIDE),
            or_(Payment.state != PaymentState.RETURNED, ~_is_paid_again()),
        )
        .group_by(Payment.state)
    )
    return {state: (count, day) for state, count, day in db.session.execute(counted)}


def _is_paid_again() -> ColumnElement[bool]:
    later = Payment.__table__.alias()
    return exists().where(
        later.c.cause_kind == Payment.cause_kind,
        later.c.cause_id == Payment.cause_id,
        later.c.round == Payment.round + 1,
    )


def lacks_bank_details(payee_id: UUID) -> bool:
    """Whether money waits for an organisation that has not said where it is paid."""
    waits = select(Payment.id).where(
        Payment.payee_id == payee_id,
        Payment.state == PaymentState.READY,
        Payment.rail == Rail.OUTSIDE,
        ~exists().where(BankDetails.organisation_id == payee_id),
    )
    return db.session.scalar(waits.limit(1)) is not None


def is_new(details: BankDetails) -> bool:
    """Whether bank details were entered or changed so lately that a call comes first."""
    return clock.now() - details.set_at < NEW_FOR
