"""Money is integer pence. Fractions are exact, never floats, and a share never loses a penny."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

MOST_PENCE = 10**15
POUNDS = re.compile(r"£?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{1,2}))?")


def parse_pounds(text: str) -> int:
    """Pence from what a person types: "1234", "£1,234.5", "1,234.56". Raises ValueError."""
    match = POUNDS.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not an amount in pounds and pence: {text!r}")
    pounds, pence = match.groups()
    amount = int(pounds.replace(",", "")) * 100 + int((pence or "0").ljust(2, "0"))
    if amount > MOST_PENCE:
        raise ValueError(f"more money than there is: {text!r}")
    return amount


def format_pounds(pence: int) -> str:
    """ "£1,234.56", or "£1,234" for whole pounds; a minus sign in front of what is owed."""
    sign = "-" if pence < 0 else ""
    pounds, rest = divmod(abs(pence), 100)
    return f"{sign}£{pounds:,}" + (f".{rest:02}" if rest else "")


def split(total: int, weights: Sequence[int | Decimal]) -> list[int]:
    """Split `total` pence in proportion to `weights` into shares that sum to it exactly.

    Pennies left by rounding down go to the largest remainders, the earliest first where equal.
    Raises ValueError for a negative total or weight, or weights that are all zero.
    """
    parts = [Fraction(weight) for weight in weights]
    if total < 0 or not any(parts) or any(part < 0 for part in parts):
        raise ValueError("a split needs a total and weights of at least 0, and one weight above it")
    exact = [total * part / sum(parts) for part in parts]
    shares = [int(share) for share in exact]
    remainders = sorted(range(len(shares)), key=lambda place: shares[place] - exact[place])
    for place in remainders[: total - sum(shares)]:
        shares[place] += 1
    return shares
