"""The sums behind a lot's values and starts; money in whole pence, rounded half up."""

from __future__ import annotations

from dataclasses import dataclass

from lots.models import Lot
from lots.vocabulary import Route

# The standard rate (Value Added Tax Act 1994 s.2). A grant buys nothing, so it bears no VAT.
VAT_PERCENT = {Route.CONTRACT: 20, Route.GRANT: 0}


@dataclass(frozen=True)
class Worked:
    """How a whole-life value follows from the net value of the initial term."""

    net_pence: int
    months: int
    extension_months: int
    vat_percent: int

    @property
    def yearly_pence(self) -> int:
        """The net value of a year of the initial term: what turnover is measured against."""
        return _share(self.net_pence * 12, self.months)

    @property
    def extension_pence(self) -> int:
        """What the months of every extension add at the same monthly rate."""
        return _share(self.net_pence * self.extension_months, self.months)

    @property
    def vat_pence(self) -> int:
        """The tax on both."""
        return _share((self.net_pence + self.extension_pence) * self.vat_percent, 100)

    @property
    def gross_pence(self) -> int:
        """The whole-life value that they add up to."""
        return self.net_pence + self.extension_pence + self.vat_pence


def worked(lot: Lot, net_pence: int | None) -> Worked | None:
    """The sums for this net value under the lot's term and route; None without a value or term."""
    if not net_pence or not lot.term_months:
        return None
    return Worked(net_pence, lot.term_months, lot.extension_months, VAT_PERCENT[lot.route])


def least_whole_life(lot: Lot, net_pence: int | None = None) -> int | None:
    """The least whole-life value: net value × (term + extensions) ÷ term, without any VAT.

    `net_pence` stands for the lot's own net value. None without a value or a term.
    """
    return _whole_life(lot, net_pence or lot.value_net_pence, 0)


def most_whole_life(lot: Lot) -> int | None:
    """The same with VAT at the standard rate; a value above it holds something else as well."""
    return _whole_life(lot, lot.value_net_pence, VAT_PERCENT[Route.CONTRACT])


def _whole_life(lot: Lot, net_pence: int | None, vat_percent: int) -> int | None:
    if not net_pence or not lot.term_months:
        return None
    return Worked(net_pence, lot.term_months, lot.extension_months or 0, vat_percent).gross_pence


def expected_starts(lot: Lot) -> int | None:
    """People expected to start over the initial term; None while months or numbers are missing."""
    a_month = sum(each or 0 for each in (lot.starts_low, lot.starts_medium, lot.starts_high))
    return a_month * lot.term_months if a_month and lot.term_months else None


def _share(amount: int, parts: int) -> int:
    return (2 * amount + parts) // (2 * parts)
