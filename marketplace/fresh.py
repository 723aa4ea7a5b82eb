"""Reference numbers that can be read out on the telephone."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select

from marketplace.database import db

# Without I, L and O, and without the digits and letters that are taken for one another.
LETTERS = "ACDEFGHJKMNPQRTUVWXY"
DIGITS = "234679"


def fresh_reference(model: Any, prefix: str) -> str:
    """An unused reference for a row of `model`, like "LOT-KD4729"; inside a write."""
    while True:
        letters = "".join(secrets.choice(LETTERS) for _ in range(2))
        digits = "".join(secrets.choice(DIGITS) for _ in range(4))
        reference = f"{prefix}-{letters}{digits}"
        taken = select(model.id).where(model.reference == reference)
        if db.session.scalar(taken) is None:
            return reference
