"""What each partner is owed by its lead: its promised share of what was approved, net pence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from lots.contracts.models import Contract
from lots.contracts.partners.models import ContractPartner, PartnerDue
from lots.funding.arithmetic import split
from marketplace import calendar, clock
from marketplace.calendar import months_later
from marketplace.database import db, new_id
from marketplace.payments.actions import Cause


def share_out(contract: Contract, cause: Cause, net: int, month: date | None) -> None:
    """Write down what each partner is owed of `net`, once for a cause.

    By what it is promised of the contract's value, and by the days on which it took part in the
    month it is for (`month` is its first day); by who takes part now where it is for none. The lead
    keeps the rest. Nothing is lost.
    """
    partners = _of_month(contract, month) if month else _of_now(contract)
    promised = [each.promised_pence * days for each, days in partners]
    whole = contract.value_pence * (_days_of(contract, month) if month else 1)
    parts = split(net, [max(whole - sum(promised), 0), *promised])[1:]
    _write(cause, [each for each, _days in partners], parts, month)


def share_back(contract: Contract, cause: Cause, net: int, approved: int) -> None:
    """Lower what partners are owed by their part of `net` that the lead gave back.

    By what each was owed of all that was `approved` before, whether it takes part still or not.
    """
    of_contract = select(ContractPartner).where(ContractPartner.contract_id == contract.id)
    partners = db.session.scalars(of_contract.order_by(ContractPartner.organisation_id)).all()
    by_month = owed_by_month([each.id for each in partners])
    owed = [max(sum(by_month.get(each.id, {}).values()), 0) for each in partners]
    parts = split(net, [max(approved - sum(owed), 0), *owed])[1:]
    _write(cause, partners, [-part for part in parts], None)


def _write(
    cause: Cause, partners: Sequence[ContractPartner], parts: Sequence[int], month: date | None
) -> None:
    today = clock.today()
    db.session.add_all(
        PartnerDue(
            id=new_id(),
            partner_id=partner.id,
            cause_kind=cause.kind,
            cause_id=cause.id,
            pence=part,
            approved_on=today,
            month=month or today.replace(day=1),
        )
        for partner, part in zip(partners, parts, strict=True)
        if part
    )
    db.session.flush()


def _of_now(contract: Contract) -> list[tuple[ContractPartner, int]]:
    found = select(ContractPartner).where(
        ContractPartner.contract_id == contract.id, ContractPartner.removed_at.is_(None)
    )
    ordered = found.order_by(ContractPartner.organisation_id)
    return [(each, 1) for each in db.session.scalars(ordered)]


def _of_month(contract: Contract, month: date) -> list[tuple[ContractPartner, int]]:
    """Every partner, with the days of a month on which it took part: up to the day it left."""
    found = select(ContractPartner).where(ContractPartner.contract_id == contract.id)
    first, after = _first_of(contract, month), months_later(month, 1)
    partners = []
    for each in db.session.scalars(found.order_by(ContractPartner.organisation_id)):
        since = max(first, each.joined_on) if each.joined_on > contract.starts_on else first
        until = min(after, calendar.day_of(each.removed_at)) if each.removed_at else after
        partners.append((each, max((until - since).days, 0)))
    return partners


def _first_of(contract: Contract, month: date) -> date:
    """The contract's own first day in its first month, else the month's."""
    begins = contract.starts_on
    return begins if begins.replace(day=1) == month else month


def _days_of(contract: Contract, month: date) -> int:
    return (months_later(month, 1) - _first_of(contract, month)).days


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
