"""What stands in a contract now, and the arithmetic of moving its last day; integer pence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from lots.contracts.changes.models import ChangeKind, ChangeState, ContractChange, ContractShare
from lots.contracts.models import Contract
from lots.contracts.partners.models import ContractPartner
from lots.funding.arithmetic import split
from lots.funding.parties import proportions
from lots.models import Lot
from lots.vocabulary import PriceBasis
from marketplace import calendar
from marketplace.calendar import months_later
from marketplace.database import db

Shares = dict[UUID, int]


def lot_of(contract: Contract) -> Lot:
    """The lot that a contract comes of; for those who see the contract."""
    return db.session.get_one(Lot, contract.lot_id)


def shares_of(contract: Contract) -> Shares:
    """Who pays which part of the contract's value; the buyer first. Adds up to the value."""
    found = select(ContractShare).where(ContractShare.contract_id == contract.id)
    rows = {row.organisation_id: row.pence for row in db.session.scalars(found)}
    if not rows:
        lot = db.session.get_one(Lot, contract.lot_id)
        rows = proportions(lot, contract.value_pence)
    own = {contract.buyer_id: rows.pop(contract.buyer_id, 0)}
    return own | dict(sorted(rows.items(), key=lambda row: (-row[1], row[0])))


def by_shares(shares: Shares, value_pence: int) -> Shares:
    """Another value in the same proportions, to the penny."""
    return dict(zip(shares, split(value_pence, list(shares.values())), strict=True))


def partners_of(contract: Contract) -> Sequence[ContractPartner]:
    """The partners that take part now, by organisation."""
    found = select(ContractPartner).where(
        ContractPartner.contract_id == contract.id, ContractPartner.removed_at.is_(None)
    )
    return db.session.scalars(found.order_by(ContractPartner.organisation_id)).all()


def promised_by_value(contract: Contract, value_pence: int) -> Shares:
    """The partners' promised shares when the value moves with the term: in proportion."""
    partners = partners_of(contract)
    promised = [each.promised_pence for each in partners]
    rest = max(contract.value_pence - sum(promised), 0)
    parts = split(value_pence, [rest, *promised])[1:]
    return {each.organisation_id: part for each, part in zip(partners, parts, strict=True)}


def price_of(contract: Contract) -> int:
    """The price by its basis: of a month, or of a start."""
    monthly = contract.price_basis == PriceBasis.MONTHLY_FEE
    return (contract.monthly_fee_pence if monthly else contract.unit_price_pence) or 0


def price_in(contract: Contract, month: date) -> int:
    """The price of a month (its first day): a new one counts from the first month it covers whole.

    So a claim that is computed late, or again, comes to the same.
    """
    later = (
        select(ContractChange)
        .where(
            ContractChange.contract_id == contract.id,
            ContractChange.kind == ChangeKind.VALUE,
            ContractChange.state == ChangeState.IN_FORCE,
        )
        .order_by(ContractChange.number)
    )
    for change in db.session.scalars(later):
        assert change.in_force_at is not None  # it is in force
        if max(change.effective_on, calendar.day_of(change.in_force_at)) > month:
            return change.before["price_pence"]
    return price_of(contract)


def whole_price(contract: Contract, lot: Lot, price_pence: int, first: date) -> int:
    """What the term comes to when a new price counts from a day on, in pence.

    Months that begin before the day keep the present price. A price for each start is paid as
    often as the lot expects, in proportion to the term, and once at least.
    """
    term, begins = contract.value_term_months, contract.starts_on.replace(day=1)
    begun = (first.year - begins.year) * 12 + first.month - begins.month + (first.day > 1)
    left = term - min(max(begun, 0), term) if first > begins else term
    times = term
    if contract.price_basis != PriceBasis.MONTHLY_FEE:
        expected = (lot.expected_starts or 0) * term
        times = max(-(-expected // (lot.term_months or term)), 1)
    at_new = -(-times * left // term)
    return price_of(contract) * (times - at_new) + price_pence * at_new


def months_until(first: date, last: date) -> int:
    """Whole months that a term from `first` to `last` needs; a month begun counts whole."""
    months = max((last.year - first.year) * 12 + last.month - first.month, 1)
    while months_later(first, months) - timedelta(days=1) < last:
        months += 1
    return months


def value_for(contract: Contract, months: int) -> int:
    """The value when the term becomes `months` long.

    A monthly fee adds or takes away its present fee for each month; a price for each start moves
    in proportion, rounded half up.
    """
    if contract.price_basis == PriceBasis.MONTHLY_FEE:
        more = (months - contract.value_term_months) * price_of(contract)
        return max(contract.value_pence + more, 0)
    whole = 2 * contract.value_pence * months + contract.value_term_months
    return whole // (2 * contract.value_term_months)


def extensions_left(contract: Contract, lot: Lot) -> tuple[int, int]:
    """(months, steps) by which the lot's options still let this contract be extended."""
    found = select(ContractChange.after).where(
        ContractChange.contract_id == contract.id,
        ContractChange.kind == ChangeKind.EXTENSION,
        ContractChange.state == ChangeState.IN_FORCE,
    )
    used = [after["months"] for after in db.session.scalars(found)]
    months = max(lot.extension_months - sum(used), 0)
    steps = max((lot.extension_times or (1 if lot.extension_months else 0)) - len(used), 0)
    return (months, steps) if months and steps else (0, 0)
