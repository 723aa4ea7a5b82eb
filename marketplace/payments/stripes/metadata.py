"""Our ids on Stripe's objects: the only thing that we tell Stripe of what an object is for."""

from __future__ import annotations

from typing import Any
from uuid import UUID


def our_id(thing: Any, key: str) -> UUID | None:
    """The id that stands under `key` in an object's metadata; None where none of ours does."""
    metadata = thing.metadata
    if metadata is None or key not in metadata:
        return None
    try:
        return UUID(metadata[key])
    except ValueError:
        return None
