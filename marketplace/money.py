"""Money is integer pence, read and written as pounds."""

from __future__ import annotations

import re

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


def plain_pounds(pence: int) -> str:
    """Pounds as a spreadsheet reads them: "1234.56", "-0.07"."""
    pounds, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}{pounds}.{rest:02}"
