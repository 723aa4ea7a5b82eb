"""The prices of a contract in one month, as a claim asks for them; pence, net of VAT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from lots.contracts.models import Contract
from lots.contracts.pricing.models import ContractPrice
from lots.prices.arithmetic import WHOLE, YEAR
from lots.vocabulary import Paid
from marketplace.calendar import months_later
from marketplace.database import db


@dataclass(frozen=True)
class PriceList:
    """What a contract pays for in `month` (its first day). None: it does not pay for that.

    The first price counts from the first month on, whenever that is. A price is raised on each
    index date after the one from which it counts: from its own amount, rounded down.
    """

    month: date
    rows: Sequence[ContractPrice]
    indexed_from: date | None
    index_points: int

    def at(self, month: date) -> PriceList:
        """The same list in another month."""
        return replace(self, month=month)

    def starting(self, month: date, pence: int) -> PriceList:
        """The same list with another fee, or price of a start, from a month on."""
        paid = Paid.FEE if self.pays(Paid.FEE) else Paid.START
        row = ContractPrice(
            paid=paid, complexity="", outcome_code="", above=0, pence=pence, valid_from=month
        )
        kept = [each for each in self.rows if each.paid != paid or each.valid_from < month]
        return replace(self, rows=[*kept, row])

    def fee(self) -> int | None:
        """The fee of the month."""
        return self._price(Paid.FEE)

    def start(self, complexity: str, number_in_year: int) -> int | None:
        """The price of a start; it is the `number_in_year`-th (from 1) of the contract's year."""
        return self._price(Paid.START, complexity=self.priced_as(complexity), number=number_in_year)

    def priced_as(self, complexity: str) -> str:
        """The complexity by which a start is priced: empty where its own has no price."""
        priced = {row.complexity for row in self.rows if row.paid == Paid.START}
        return complexity if complexity in priced else ""

    def outcome(self, code: str) -> int | None:
        """The price of one outcome reached."""
        return self._price(Paid.OUTCOME, outcome_code=code)

    def instalment(self, month: date) -> int | None:
        """What is paid in advance in a month (its first day)."""
        due = (row for row in self.rows if row.paid == Paid.INSTALMENT)
        return next((row.pence for row in due if row.valid_from == month), None)

    def pays(self, paid: Paid) -> bool:
        """Whether the contract pays for this at all."""
        return any(row.paid == paid for row in self.rows)

    def _price(
        self, paid: Paid, complexity: str = "", outcome_code: str = "", number: int = 1
    ) -> int | None:
        found = [
            row
            for row in self.rows
            if (row.paid, row.complexity, row.outcome_code) == (paid, complexity, outcome_code)
            and row.above < number
        ]
        if not found:
            return None
        first = min(row.valid_from for row in found)
        counts = [row for row in found if row.valid_from <= max(self.month, first)]
        return self._raised(max(counts, key=lambda row: (row.above, row.valid_from)))

    def _raised(self, row: ContractPrice) -> int:
        times = self._index_dates(self.month) - self._index_dates(row.valid_from)
        if times <= 0:
            return row.pence
        return row.pence * (WHOLE + self.index_points) ** times // WHOLE**times

    def _index_dates(self, until: date) -> int:
        """How many index dates there are up to the month of a day."""
        if self.indexed_from is None or not self.index_points:
            return 0
        months = (until.year - self.indexed_from.year) * 12 + until.month - self.indexed_from.month
        return max(months // YEAR + 1, 0)


def prices_in(contract: Contract, month: date) -> PriceList:
    """The price list of a contract in a month (its first day); one statement."""
    rows = select(ContractPrice).where(ContractPrice.contract_id == contract.id)
    return PriceList(
        month,
        db.session.scalars(rows.order_by(ContractPrice.valid_from)).all(),
        contract.indexed_from,
        contract.index_points,
    )


def year_begins(contract: Contract, month: date) -> date:
    """The first month of the contract's year that a month falls in; bands count starts from it."""
    first = contract.starts_on.replace(day=1)
    months = (month.year - first.year) * 12 + month.month - first.month
    return months_later(first, months // YEAR * YEAR)
