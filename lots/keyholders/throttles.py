"""How often somebody may try an opening code."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from marketplace.accounts.throttles import Limit, count_try
from marketplace.acting import Acting

CODES = Limit("opening_code", 10, timedelta(minutes=15))


def count_code(lot_id: UUID, by: Acting) -> None:
    """Count one typed code of this person for this lot. Raises TooManyTries."""
    count_try(CODES, f"{lot_id}:{by.person_id}")
