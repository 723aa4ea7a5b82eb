"""The lead's statement: what each partner is owed and was paid for each month, and its answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from lots.contracts.models import Contract
from lots.contracts.partners.dues import owed_by_month
from lots.contracts.partners.models import (
    PAYMENT_STATES,
    ContractPartner,
    PartnerDue,
    PartnerPayment,
    PaymentState,
)
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.money import plain_pounds
from marketplace.paging import Page, listed


@dataclass(frozen=True)
class MonthOwed:
    """One partner's month: net pence owed, and the payment stated for it, None where none is."""

    partner: ContractPartner
    month: date
    owed: int
    payment: PartnerPayment | None

    @property
    def missing(self) -> int:
        """Pence owed of which the partner has not confirmed the payment; below 0: paid more."""
        is_paid = self.payment is not None and self.payment.state == PaymentState.CONFIRMED
        return self.owed - (self.payment.pence if self.payment and is_paid else 0)


def months_of(partners: Sequence[ContractPartner]) -> list[MonthOwed]:
    """Each month for which something is owed or was stated, the latest first; two statements."""
    by_id = {each.id: each for each in partners}
    owed = owed_by_month(by_id)
    found = select(PartnerPayment).where(PartnerPayment.partner_id.in_(by_id))
    stated = {(each.partner_id, each.month): each for each in db.session.scalars(found)}
    keys = {(partner_id, month) for partner_id, months in owed.items() for month in months}
    rows = [
        MonthOwed(by_id[partner_id], month, owed.get(partner_id, {}).get(month, 0), payment)
        for partner_id, month in keys | stated.keys()
        for payment in [stated.get((partner_id, month))]
    ]
    return sorted(rows, key=lambda row: (-row.month.toordinal(), row.partner.organisation.name))


def month_pages(partners: Sequence[ContractPartner]) -> Page:
    """The same, by page."""
    return listed(months_of(partners))


def owed_for(partner: ContractPartner, month: date) -> int:
    """Net pence that the partner is owed for one month."""
    return owed_by_month([partner.id]).get(partner.id, {}).get(month, 0)


def to_answer(by: Acting, most: int) -> Sequence[PartnerPayment]:
    """Payments that wait for the answer of the organisation acted for, the oldest first."""
    found = (
        select(PartnerPayment)
        .join(PartnerPayment.partner)
        .where(
            ContractPartner.organisation_id == by.organisation_id,
            PartnerPayment.state == PaymentState.STATED,
        )
        .order_by(PartnerPayment.month)
        .options(contains_eager(PartnerPayment.partner).joinedload(ContractPartner.contract))
        .limit(most)
    )
    return db.session.scalars(found).all()


def to_state(by: Acting, most: int) -> Sequence[tuple[Contract, date, int]]:
    """(contract, month, pence) that the lead acted for owes partners and has stated nothing for.

    With what a partner disputes, and the lead has not corrected.
    """
    open_states = (PaymentState.STATED, PaymentState.CONFIRMED)
    answered = select(PartnerPayment.id).where(
        PartnerPayment.partner_id == PartnerDue.partner_id,
        PartnerPayment.month == PartnerDue.month,
        PartnerPayment.state.in_(open_states),
    )
    owed = func.sum(PartnerDue.pence)
    found = (
        select(Contract, PartnerDue.month, owed)
        .select_from(PartnerDue)
        .join(ContractPartner, ContractPartner.id == PartnerDue.partner_id)
        .join(Contract, Contract.id == ContractPartner.contract_id)
        .where(Contract.provider_id == by.organisation_id, ~answered.exists())
        .group_by(Contract.id, PartnerDue.month)
        .having(owed > 0)
        .order_by(PartnerDue.month, Contract.reference)
        .limit(most)
    )
    return [(row[0], row[1], int(row[2])) for row in db.session.execute(found)]


HEADER = ("contract", "partner", "month", "owed_pounds", "paid_pounds", "paid_on", "answer")


def as_table(contract: Contract, rows: Sequence[MonthOwed]) -> Iterator[tuple[object, ...]]:
    """The rows of a CSV file, the latest month first; net pounds."""
    for row in rows:
        paid = row.payment
        yield (
            contract.reference,
            row.partner.organisation.name,
            f"{row.month:%Y-%m}",
            plain_pounds(row.owed),
            plain_pounds(paid.pence) if paid else "",
            paid.paid_on if paid else "",
            PAYMENT_STATES[paid.state] if paid else "",
        )
