"""How moments, money and texts are written in a release; what is empty is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from marketplace.calendar import start_of

CURRENCY = "GBP"
# Stands as null in a release, which takes what was published before out of the record.
ERASED = object()


def moment(at: datetime | None) -> str | None:
    """An aware moment in UTC, always to the millisecond, so that texts sort as moments do."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def first_moment(day: date | None) -> str | None:
    """The first moment of a day in London."""
    return None if day is None else moment(start_of(day))


def pounds(pence: int) -> int | float:
    """Pounds: whole ones as a whole number."""
    return pence // 100 if pence % 100 == 0 else pence / 100


def value(net_pence: int | None, gross_pence: int | None = None) -> dict[str, Any] | None:
    """An amount without VAT, and with it where that is known; both in pence."""
    if net_pence is None:
        return None
    gross = None if gross_pence is None else pounds(gross_pence)
    return {"amount": pounds(net_pence), "amountGross": gross, "currency": CURRENCY}


def pruned(thing: Any) -> Any:
    """The same without what is empty: None, blank texts, lists and objects with nothing in them."""
    if isinstance(thing, dict):
        kept = {name: pruned(value) for name, value in thing.items() if value is not ERASED}
        full = {name: value for name, value in kept.items() if value is not None}
        return full | dict.fromkeys(set(thing) - set(kept)) or None
    if isinstance(thing, (list, tuple)):
        return [each for each in map(pruned, thing) if each is not None] or None
    if isinstance(thing, str):
        return thing if thing.strip() else None
    return thing
