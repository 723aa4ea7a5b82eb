"""Shares of the demonstration's contracts: invoiced month by month, and paid but for the last."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from lots.contracts.books.models import ContractFunding
from lots.contracts.contributions import actions, gathering
from lots.contracts.models import Contract
from marketplace import calendar, clock
from marketplace.acting import Acting, OrganisationKind, Role
from marketplace.calendar import months_later
from marketplace.database import db, write
from marketplace.demonstration.stripe_accounts import catch_up
from marketplace.demonstration.world import acting_for, key_of, moment_of, on_the_day
from marketplace.organisations.models import Organisation
from marketplace.payments.invoicing import recording, sending
from marketplace.payments.invoicing.models import Invoice, InvoiceState
from marketplace.payments.paying import banks

MONTHS = 14
PAID_AFTER = timedelta(days=23)
ORDERS = {"commissioner": "PO-4500018823", "funder": ""}
ACCOUNT = ("30-94-30", "00733445")


def build() -> None:
    """Enter order numbers and bank accounts, then go through the days of gathering."""
    _enter_orders()
    last = gathering.last_day(clock.today())
    # The month before last was left out, so that something is open: it came onto the last invoice.
    for number in (*range(MONTHS, 1, -1), 0):
        day = months_later(last, -number)
        with on_the_day(moment_of(day)):
            if gathering.gather_due(clock.now()):
                _send(by_bank=day != last)
        _pay_after(day)
    catch_up()


def _enter_orders() -> None:
    rows = db.session.execute(
        select(ContractFunding.id, ContractFunding.organisation_id, Contract.buyer_id)
        .join(ContractFunding.contract)
        .where(Contract.is_demonstration, ContractFunding.organisation_id != Contract.buyer_id)
    ).all()
    for funding_id, funder_id, buyer_id in rows:
        order = ORDERS.get(key_of(funder_id))
        if order:
            with write():
                actions.set_purchase_order(funding_id, order, _money_person(funder_id))
        if banks.details_of(buyer_id) is None:
            with write():
                name = db.session.get_one(Organisation, buyer_id).name[:40]
                banks.set_details(name, *ACCOUNT, _money_person(buyer_id))


def _money_person(organisation_id: UUID) -> Acting:
    kind = db.session.get_one(Organisation, organisation_id).kind
    is_region = kind == OrganisationKind.REGION
    role = Role.CONTRACT_MANAGER if is_region else Role.COMMISSIONER_LEAD
    return acting_for(key_of(organisation_id), role)


def _send(by_bank: bool) -> None:
    """Older ones were paid into the buyer's bank; the last goes the buyer's own way."""
    for invoice_id, issuer_id in _in_state(InvoiceState.READY) if by_bank else ():
        recording.keep_from_stripe(invoice_id, _money_person(issuer_id))
    sending.send_due(clock.now())


def _in_state(state: InvoiceState) -> list[tuple[UUID, UUID]]:
    found = select(Invoice.id, Invoice.issuer_id).where(
        Invoice.is_demonstration, Invoice.state == state
    )
    return [(row[0], row[1]) for row in db.session.execute(found.order_by(Invoice.reference))]


def _pay_after(day: date) -> None:
    paid_on = day + PAID_AFTER
    if paid_on > clock.today():
        return
    with on_the_day(moment_of(paid_on)):
        for number, (invoice_id, issuer_id) in enumerate(_in_state(InvoiceState.SENT), start=1):
            reference = f"BACS {paid_on:%d%m}{number}"
            manager = _money_person(issuer_id)
            recording.paid_outside(invoice_id, calendar.day_of(clock.now()), reference, manager)
