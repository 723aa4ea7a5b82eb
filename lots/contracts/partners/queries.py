"""Partners beside what they were promised and paid; what a person may see is in each query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from lots.contracts.models import Contract
from lots.contracts.partners.dues import owed_by_month
from lots.contracts.partners.models import (
    ContractAreaPartner,
    ContractPartner,
    PartnerPayment,
    PaymentState,
)
from lots.contracts.partners.permissions import PartnersPermission
from marketplace import calendar, clock
from marketplace.acting import Acting
from marketplace.calendar import months_later
from marketplace.database import db
from marketplace.payments import queries as ledger
from marketplace.permissions import NotYours, allowed

_WITH_AREAS = selectinload(ContractPartner.areas).joinedload(ContractAreaPartner.area)


@dataclass(frozen=True)
class Standing:
    """A partner's promise beside what it was paid; pence, and percent with one decimal.

    `owed_pence` is its promised share of what was approved so far; `paid_pence` is what it has
    confirmed: what waits for its answer or is disputed is not paid. `promised_percent` is of the
    contract's value; `paid_percent` of what has been approved to be paid under the contract so
    far, None before that. `unpaid` marks a promise of which nothing was confirmed paid for two
    whole quarters.
    """

    partner: ContractPartner
    owed_pence: int
    paid_pence: int
    promised_percent: Decimal | None
    paid_percent: Decimal | None
    unpaid: bool


def percent(part: int, whole: int) -> Decimal | None:
    """A share of a whole in percent, one decimal, half up; None of nothing."""
    if whole <= 0:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def partners_of(contract: Contract) -> Sequence[ContractPartner]:
    """Every partner of a contract, those that take part first."""
    found = select(ContractPartner).where(ContractPartner.contract_id == contract.id)
    ordered = found.order_by(ContractPartner.removed_at.is_not(None), ContractPartner.joined_on)
    return db.session.scalars(ordered.options(_WITH_AREAS)).unique().all()


def standings_of(contract: Contract) -> list[Standing]:
    """Every partner with its promise and its payments; five statements."""
    partners = partners_of(contract)
    if not partners:
        return []
    owed = owed_by_month([each.id for each in partners])
    confirmed = _confirmed([each.id for each in partners])
    approved = ledger.balance(contract.cost_account_id) if contract.cost_account_id else 0
    found = []
    for each in partners:
        by_month = confirmed.get(each.id, {})
        paid = sum(by_month.values())
        found.append(
            Standing(
                each,
                sum(owed.get(each.id, {}).values()),
                paid,
                percent(each.promised_pence, contract.value_pence),
                percent(paid, approved),
                _is_unpaid(contract, each, by_month),
            )
        )
    return found


def _confirmed(ids: list[UUID]) -> dict[UUID, dict[date, int]]:
    """Pence by month for each of these partners that has confirmed any."""
    rows = select(PartnerPayment.partner_id, PartnerPayment.month, PartnerPayment.pence).where(
        PartnerPayment.partner_id.in_(ids), PartnerPayment.state == PaymentState.CONFIRMED
    )
    found: dict[UUID, dict[date, int]] = {}
    for partner_id, month, pence in db.session.execute(rows):
        found.setdefault(partner_id, {})[month] = pence
    return found


def _is_unpaid(contract: Contract, partner: ContractPartner, confirmed: dict[date, int]) -> bool:
    if not partner.promised_pence or partner.removed_at or contract.live_at is None:
        return False
    first, last = two_quarters_before(clock.today())
    if max(partner.joined_on, calendar.day_of(contract.live_at)) > first:
        return False
    return not sum(pence for month, pence in confirmed.items() if first <= month < last)


def two_quarters_before(day: date) -> tuple[date, date]:
    """The two whole quarters before a day: their first day, and the day after their last."""
    after = calendar.quarter_of(day)
    return months_later(after, -6), after


def partner_of(contract: Contract, partner_id: UUID) -> ContractPartner:
    """One partner of a contract that the caller may see. Raises NotYours."""
    found = db.session.get(ContractPartner, partner_id)
    if found is None or found.contract_id != contract.id:
        raise NotYours(partner_id)
    return found


def own_partner(partner_id: UUID, by: Acting) -> ContractPartner:
    """The part of the organisation acted for in somebody else's contract. Raises NotYours."""
    found = db.session.scalars(
        select(ContractPartner)
        .where(
            ContractPartner.id == partner_id,
            ContractPartner.organisation_id == by.organisation_id,
        )
        .options(joinedload(ContractPartner.contract), _WITH_AREAS)
    ).one_or_none()
    if found is None or not allowed(by, PartnersPermission.SEE_OWN, found):
        raise NotYours(partner_id)
    return found


def own_parts(by: Acting, most: int = 50) -> Sequence[ContractPartner]:
    """The contracts of others in which the organisation acted for is a partner."""
    if not allowed(by, PartnersPermission.SEE_OWN):
        return []
    found = (
        select(ContractPartner)
        .join(ContractPartner.contract)
        .where(
            ContractPartner.organisation_id == by.organisation_id,
            Contract.signed_at.is_not(None),
        )
        .order_by(ContractPartner.removed_at.is_not(None), Contract.starts_on.desc())
        .options(contains_eager(ContractPartner.contract))
        .limit(most)
    )
    return db.session.scalars(found).all()


def own_payment(payment_id: UUID, by: Acting) -> PartnerPayment:
    """A payment to the organisation acted for. Raises NotYours."""
    found = db.session.get(PartnerPayment, payment_id)
    if found is None or not allowed(by, PartnersPermission.ANSWER, found):
        raise NotYours(payment_id)
    return found
