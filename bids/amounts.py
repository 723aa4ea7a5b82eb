"""What a price is a price of (`PriceBasis`): the price over a lot's initial term, in pence."""

from __future__ import annotations

from lots.models import Lot
from lots.vocabulary import PriceBasis


def times(lot: Lot) -> int | None:
    """How often the price is paid over the initial term; None where the lot does not say."""
    if lot.price_basis == PriceBasis.MONTHLY_FEE:
        return lot.term_months
    return lot.expected_starts


def whole(lot: Lot, pence: int) -> int | None:
    """The price over the initial term, in pence; None where the lot does not say how often."""
    often = times(lot)
    return pence * often if often else None
