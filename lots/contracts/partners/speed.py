"""How fast leads pay their partners, for the market report; calendar days."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from lots.contracts.models import Contract
from lots.contracts.partners.models import (
    ContractPartner,
    PartnerDue,
    PartnerPayment,
    PaymentState,
)
from marketplace.database import db


class PartnerDays(NamedTuple):
    """One payment that a partner has confirmed: who buys, who led, and the days it took."""

    buyer_id: UUID
    lead_id: UUID
    days: int


def partner_days(first: date, last: date, demonstration: bool) -> list[PartnerDays]:
    """Every confirmed payment made from `first` to `last`, in one statement.

    Counted from the day the buyer approved the last of what the month's share comes from; a
    payment before that took no day. Those of months without anything owed are not counted.
    """
    approved_on = func.max(PartnerDue.approved_on)
    found = (
        select(Contract.buyer_id, Contract.provider_id, PartnerPayment.paid_on, approved_on)
        .select_from(PartnerPayment)
        .join(ContractPartner, ContractPartner.id == PartnerPayment.partner_id)
        .join(Contract, Contract.id == ContractPartner.contract_id)
        .join(
            PartnerDue,
            (PartnerDue.partner_id == PartnerPayment.partner_id)
            & (PartnerDue.month == PartnerPayment.month),
        )
        .where(
            PartnerPayment.state == PaymentState.CONFIRMED,
            PartnerPayment.pence > 0,
            PartnerPayment.paid_on.between(first, last),
            Contract.is_demonstration.is_(demonstration),
        )
        .group_by(
            PartnerPayment.id, Contract.buyer_id, Contract.provider_id, PartnerPayment.paid_on
        )
    )
    return [
        PartnerDays(buyer_id, lead_id, max((paid_on - approved).days, 0))
        for buyer_id, lead_id, paid_on, approved in db.session.execute(found)
        if paid_on is not None  # the query has made sure
    ]
