"""What each partner is owed by its lead: its promised share of what was approved, net pence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from lots.contracts.models import Contract
from lots.contracts.partners.models import ContractPartner, PartnerDue
from lots.funding.arithmetic import split
from marketplace import clock
from marketplace.database import db, new_id
from marketplace.payments.actions import Cause


def share_out(contract: Contract, cause: Cause, net: int, month: date | None) -> None:
    """Write down what each partner that takes part now is owed of `net`, once for a cause.

    By what it is promised of the contract's value; the lead keeps the rest. Nothing is lost.
    `month` is the first day of the month it is for, None for this one.
    """
    _write(contract, cause, net, month, sign=1)


def share_back(contract: Contract, cause: Cause, net: int) -> None:
    """Lower what partners are owed by their share of what the lead gave back."""
    _write(contract, cause, net, None, sign=-1)


def _write(contract: Contract, cause: Cause, net: int, month: date | None, sign: int) -> None:
    partners = _taking_part(contract)
    if not partners or not net:
        return
    promised = [each.promised_pence for each in partners]
    rest = max(contract.value_pence - sum(promised), 0)
    parts = split(net, [rest, *promised])[1:]
    today = clock.today()
    db.session.add_all(
        PartnerDue(
            id=new_id(),
            partner_id=partner.id,
            cause_kind=cause.kind,
            cause_id=cause.id,
            pence=sign * part,
            approved_on=today,
            month=month or today.replace(day=1),
        )
        for partner, part in zip(partners, parts, strict=True)
        if part
    )
    db.session.flush()


def _taking_part(contract: Contract) -> Sequence[ContractPartner]:
    found = select(ContractPartner).where(
        ContractPartner.contract_id == contract.id, ContractPartner.removed_at.is_(None)
    )
    return db.session.scalars(found.order_by(ContractPartner.organisation_id)).all()


def owed_by_month(partner_ids: Collection[UUID]) -> dict[UUID, dict[date, int]]:
    """Net pence owed to each of these partners by the month they are for; one statement."""
    sums = (
        select(PartnerDue.partner_id, PartnerDue.month, func.sum(PartnerDue.pence))
        .where(PartnerDue.partner_id.in_(partner_ids))
        .group_by(PartnerDue.partner_id, PartnerDue.month)
    )
    found: dict[UUID, dict[date, int]] = {}
    for partner_id, month, pence in db.session.execute(sums):
        found.setdefault(partner_id, {})[month] = int(pence)
    return found
