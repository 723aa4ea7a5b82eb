"""What stands in a contract now, and the arithmetic of moving its last day; integer pence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from lots.contracts.changes.models import ChangeKind, ChangeState, ContractChange, ContractShare
from lots.contracts.models import Contract
from lots.contracts.partners.models import ContractPartner
from lots.contracts.pricing.list import PriceList, prices_in
from lots.funding.arithmetic import split
from lots.funding.parties import proportions
from lots.models import Lot
from lots.prices.arithmetic import starts_in, times
from lots.vocabulary import WHOLE_PRICE, PriceBasis
from marketplace import clock
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
    """The price by its basis, as it is now: of a month, of a start, or the whole price."""
    if contract.price_basis in WHOLE_PRICE:
        return contract.value_pence
    if contract.index_points:
        month = max(clock.today(), contract.starts_on).replace(day=1)
        return _base(contract, prices_in(contract, month))
    monthly = contract.price_basis == PriceBasis.MONTHLY_FEE
    return (contract.monthly_fee_pence if monthly else contract.unit_price_pence) or 0


def _base(contract: Contract, listed: PriceList) -> int:
    monthly = contract.price_basis == PriceBasis.MONTHLY_FEE
    return (listed.fee() if monthly else listed.start("", 1)) or 0


def whole_price(contract: Contract, lot: Lot, price_pence: int, first: date) -> int:
    """What the term comes to when a new price counts from a day on, in pence.

    Months that begin before the day keep the present price. A price for each start is paid as
    often as the lot expects, in proportion to the term, and once at least. Every later raise of
    the new price is counted.
    """
    term, begins = contract.value_term_months, contract.starts_on.replace(day=1)
    begun = (first.year - begins.year) * 12 + first.month - begins.month + (first.day > 1)
    left = term - min(max(begun, 0), term) if first > begins else term
    if contract.index_points:
        return _whole_raised(contract, lot, price_pence, term - left)
    often = term if contract.price_basis == PriceBasis.MONTHLY_FEE else _starts(contract, lot)
    at_new = -(-often * left // term)
    return price_of(contract) * (often - at_new) + price_pence * at_new


def _starts(contract: Contract, lot: Lot) -> int:
    expected = times(lot) * contract.value_term_months
    return max(-(-expected // (lot.term_months or contract.value_term_months)), 1)


def _whole_raised(contract: Contract, lot: Lot, price_pence: int, begun: int) -> int:
    begins = contract.starts_on.replace(day=1)
    monthly = contract.price_basis == PriceBasis.MONTHLY_FEE
    listed = prices_in(contract, begins)
    new = listed.starting(months_later(begins, begun), price_pence)
    return int(
        sum(
            _base(contract, (listed if month < begun else new).at(months_later(begins, month)))
            * (1 if monthly else starts_in(lot, month))
            for month in range(contract.value_term_months)
        )
    )


def months_until(first: date, last: date) -> int:
    """Whole months that a term from `first` to `last` needs; a month begun counts whole."""
    months = max((last.year - first.year) * 12 + last.month - first.month, 1)
    while months_later(first, months) - timedelta(days=1) < last:
        months += 1
    return months


def value_for(contract: Contract, months: int) -> int:
    """The value when the term becomes `months` long.

    A monthly fee adds or takes away its fee for each month; any other price moves in proportion,
    rounded half up.
    """
    if contract.price_basis == PriceBasis.MONTHLY_FEE and contract.index_points:
        return max(contract.value_pence + _fees_between(contract, months), 0)
    if contract.price_basis == PriceBasis.MONTHLY_FEE:
        more = (months - contract.value_term_months) * price_of(contract)
        return max(contract.value_pence + more, 0)
    whole = 2 * contract.value_pence * months + contract.value_term_months
    return whole // (2 * contract.value_term_months)


def _fees_between(contract: Contract, months: int) -> int:
    """The fees of the months that a new term adds, or less those that it takes away."""
    begins, term = contract.starts_on.replace(day=1), contract.value_term_months
    listed = prices_in(contract, begins)
    fees = sum(
        listed.at(months_later(begins, month)).fee() or 0
        for month in range(min(term, months), max(term, months))
    )
    return fees if months > term else -fees


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
