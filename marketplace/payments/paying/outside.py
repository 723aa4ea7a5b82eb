"""What people do with payments: give them to their bank, record them, and say how to go on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace import audit, calendar, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.fresh import fresh_reference
from marketplace.lifecycle import Refusal
from marketplace.money import plain_pounds
from marketplace.payments.paying import actions, banks
from marketplace.payments.paying.lifecycle import CHOOSE, EXPORT, PAYMENT, TAKE_BACK
from marketplace.payments.paying.models import (
    BankDetails,
    Payment,
    PaymentExport,
    PaymentState,
    Rail,
    ReturnReason,
)
from marketplace.payments.paying.permissions import PaymentPermission
from marketplace.payments.paying.queries import rail_that_takes
from marketplace.permissions import check
from marketplace.web.tables import csv_text

BY_PEOPLE = (PaymentState.READY, PaymentState.EXPORTED)
HEADER = ("Sort code", "Account number", "Account name", "Amount", "Reference", "Paid to")


def _locked(payment_ids: Collection[UUID], by: Acting) -> Sequence[Payment]:
    """These payments, locked in the order of their ids, each this person's to pay."""
    found = select(Payment).where(Payment.id.in_(payment_ids)).order_by(Payment.id)
    again = found.with_for_update(of=Payment).execution_options(populate_existing=True)
    payments = db.session.scalars(again).all()
    for payment in payments:
        check(by, PaymentPermission.PAY, payment)
    if not payments:
        raise Refusal(_("Choose at least one payment."))
    return payments


def _refuse_taken(payments: Sequence[Payment]) -> None:
    for payment in payments:
        if payment.state == PaymentState.READY and payment.rail != Rail.OUTSIDE:
            raise Refusal(
                _(
                    "%(reference)s is paid through Stripe by itself. To pay it from your bank "
                    "instead, open it and say so first.",
                    reference=payment.reference,
                )
            )


def export(payment_ids: Collection[UUID], by: Acting) -> PaymentExport:
    """Put payments into one file for the bank, all or none.

    Raises Refused, AlreadyChanged where one is no longer to be paid, Refusal where one is paid
    through a rail that sends by itself or its provider has not said where it is paid.
    """
    payments = _locked(payment_ids, by)
    for payment in payments:
        PAYMENT.expect(EXPORT, payment)
    _refuse_taken(payments)
    made = PaymentExport(
        id=new_id(),
        reference=fresh_reference(PaymentExport, "BANK"),
        payer_id=by.organisation_id,
        made_at=clock.now(),
        made_by_id=by.person_id,
        payments=len(payments),
        pence=sum(each.pence for each in payments),
        file=csv_text(HEADER, _lines(payments)),
    )
    db.session.add(made)
    db.session.flush()
    audit.record("payment_export:made", subject=made, by=by, facts={"payments": made.payments})
    facts = {"export_id": made.id, "sent_at": made.made_at, "rail": Rail.OUTSIDE}
    for payment in payments:
        PAYMENT.take(EXPORT, payment, by, facts=dict(facts))
    return made


def _lines(payments: Sequence[Payment]) -> list[tuple[str, ...]]:
    payees = {each.payee_id for each in payments}
    found = db.session.scalars(
        select(BankDetails)
        .where(BankDetails.organisation_id.in_(payees))
        .order_by(BankDetails.organisation_id)
        .with_for_update()
    )
    details = {each.organisation_id: each for each in found}
    return [_line(each, details.get(each.payee_id)) for each in payments]


def _line(payment: Payment, details: BankDetails | None) -> tuple[str, ...]:
    if details is None:
        raise Refusal(
            _(
                "%(payee)s has not entered its bank details, so %(reference)s cannot go into a "
                "file. Leave it out, or pay it another way and record it.",
                payee=payment.payee.name,
                reference=payment.reference,
            )
        )
    return (
        details.sort_code,
        details.account_number,
        banks.in_bank_letters(details.account_name),
        plain_pounds(payment.pence),
        payment.reference,
        payment.payee.name,
    )


def take_back(payment_ids: Collection[UUID], by: Acting) -> None:
    """The bank did not take them: they are to be paid again. Raises Refused, AlreadyChanged."""
    for payment in _locked(payment_ids, by):
        PAYMENT.take(TAKE_BACK, payment, by, facts={"export_id": None})


def record(
    payment_ids: Collection[UUID], paid_on: date, bank_reference: str, by: Acting
) -> Sequence[Payment]:
    """Record that the bank paid these on a day, all or none.

    Raises Refused, AlreadyChanged where one was recorded meanwhile, Refusal for a day that cannot
    be, and for what a rail sends or may have sent by itself.
    """
    payments = _locked(payment_ids, by)
    _refuse_taken(payments)
    facts = {
        "paid_on": paid_on,
        "bank_reference": bank_reference,
        "recorded_by_id": by.person_id,
        "rail": Rail.OUTSIDE,
    }
    for payment in payments:
        _refuse_other_ways(payment)
        _refuse_day(payment, paid_on)
        actions.paid(payment, by, **facts)
    return payments


def _refuse_other_ways(payment: Payment) -> None:
    waits = (PaymentState.SENDING, PaymentState.SHORT, PaymentState.HELD)
    if payment.state in waits:
        raise Refusal(
            _(
                "%(reference)s is on its way through Stripe or waits there. Open it: there you can "
                "choose to pay it from your bank, as soon as that cannot pay it twice.",
                reference=payment.reference,
            )
        )


def earliest_day(payment: Payment) -> date:
    """The first day on which it can have been paid: before, it was neither owed nor known."""
    return min(payment.owed_from, calendar.day_of(payment.created_at))


def _refuse_day(payment: Payment, paid_on: date) -> None:
    if not earliest_day(payment) <= paid_on <= clock.today():
        raise Refusal(
            _(
                "%(reference)s cannot have been paid on that day: it was not owed yet, or the day "
                "is still to come. Check the date.",
                reference=payment.reference,
            )
        )


def choose(payment_id: UUID, by_hand: bool, by: Acting) -> Payment:
    """Pay it from the bank (`by_hand`), or have the rail that sends by itself try (again).

    Raises Refused, AlreadyChanged, Refusal while it is not known whether it was paid already, and
    where no rail could take it.
    """
    payment = actions.locked(payment_id)
    check(by, PaymentPermission.PAY, payment)
    rail = Rail.OUTSIDE if by_hand else rail_that_takes(payment)
    if rail == Rail.OUTSIDE and not by_hand:
        raise Refusal(_("It cannot be paid through Stripe: the provider is not ready there."))
    facts = {"rail": rail, "held_reason": None, "try_at": None}
    PAYMENT.take(CHOOSE, payment, by, facts=facts, reason=rail)
    return payment


def record_return(payment_id: UUID, reason: ReturnReason, by: Acting) -> Payment:
    """Record that what was paid from the bank came back, or never went: it is owed again.

    Raises Refused, AlreadyChanged, Refusal for what went through another rail.
    """
    payment = actions.locked(payment_id)
    check(by, PaymentPermission.PAY, payment)
    if payment.rail != Rail.OUTSIDE:
        raise Refusal(_("What went through Stripe is recorded as come back when Stripe says so."))
    actions.returned(payment, reason, by)
    return payment
