"""Our ids on Stripe's objects: the only thing that we tell Stripe of what an object is for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

# Stripe's clock and ours may differ by this much.
CLOCKS_APART = timedelta(minutes=10)
Thing = TypeVar("Thing")


def our_id(thing: Any, key: str) -> UUID | None:
    """The id that stands under `key` in an object's metadata; None where none of ours does."""
    metadata = thing.metadata
    if metadata is None or key not in metadata:
        return None
    try:
        return UUID(metadata[key])
    except ValueError:
        return None


def ours_among(listed: Iterable[Thing], key: str, our: UUID) -> Thing | None:
    """The first of these objects of Stripe's that has this id of ours; None where none has."""
    return next((each for each in listed if our_id(each, key) == our), None)


def made_since(moment: datetime) -> int:
    """What Stripe is asked for where something was made at this moment of ours or later."""
    return int((moment - CLOCKS_APART).timestamp())
