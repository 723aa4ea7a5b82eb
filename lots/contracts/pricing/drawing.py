"""The price list that a contract begins with, and the rows that a signed change adds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import delete

from lots.contracts.models import Contract
from lots.contracts.pricing.models import ContractPrice
from lots.models import Lot
from lots.prices.arithmetic import Price, prices
from lots.vocabulary import Paid, Route
from marketplace.calendar import months_later
from marketplace.database import db, new_id


def first_month(contract: Contract) -> date:
    """The month in which a contract begins, by its first day."""
    return contract.starts_on.replace(day=1)


def draw_list(contract: Contract, lot: Lot, price: int) -> None:
    """Write down what a bid's amount makes each thing cost. A grant is paid by its schedule."""
    first = first_month(contract)
    contract.indexed_from = (
        months_later(first, lot.index_after_months) if lot.index_points else None
    )
    contract.index_points = lot.index_points
    found = prices(lot, price)
    if contract.route == Route.GRANT:
        found = [each for each in found if each.paid != Paid.INSTALMENT]
    put(contract, first, found)


def put(contract: Contract, valid_from: date, found: Collection[Price]) -> None:
    """Have prices count from a month on, instead of those of their kinds from it or later ones.

    Instalments stand each in its month, counted from the contract's first.
    """
    db.session.execute(
        delete(ContractPrice).where(
            ContractPrice.contract_id == contract.id,
            ContractPrice.paid.in_({each.paid for each in found}),
            ContractPrice.valid_from >= valid_from,
        )
    )
    for each in found:
        instalment = each.paid == Paid.INSTALMENT
        month = months_later(first_month(contract), each.month) if instalment else valid_from
        db.session.add(
            ContractPrice(
                id=new_id(),
                contract_id=contract.id,
                paid=each.paid,
                complexity=each.complexity,
                outcome_code=each.outcome_code,
                above=each.above,
                pence=each.pence,
                valid_from=month,
            )
        )
    db.session.flush()
