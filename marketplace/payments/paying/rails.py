"""The one small interface behind which money moves; the network, never the database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from marketplace.payments.paying.models import Payment


class Answer(StrEnum):
    """What a rail says of one payment."""

    PAID = "paid"
    SHORT = "short"
    REFUSED = "refused"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Told:
    """An answer, and what the rail calls the payment where it was paid."""

    answer: Answer
    reference: str | None = None


class Sender(Protocol):
    """A rail that can send by itself. Both methods are called outside any transaction."""

    def send(self, payment: Payment) -> Told:
        """Send it under its stored key; UNKNOWN where no clear answer came."""
        ...

    def find(self, payment: Payment) -> Told:
        """Ask whether it was sent: PAID with its reference, NOT_FOUND, or UNKNOWN."""
        ...
