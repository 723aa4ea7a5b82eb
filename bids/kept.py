"""Texts that only the bidder reads, kept under its organisation's own data key."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marketplace.keyring import BLOCK_BYTES, vault

# An answer of a thousand words, and a version of all that the market's caps allow, fit into one.
ANSWER_BYTES = 8 * 1024
VERSION_BYTES = 128 * 1024


class Kept:
    """A text of the row, encrypted in its column `sealed_…`; None where there is none.

    The row says with `bidder_id` whose data key it is. The column's name is bound into the
    ciphertext, so that it is no use in another one. Whatever fits into one block of bytes has one
    length: nobody tells bidders apart by the lengths of texts that they use again.
    """

    def __init__(self, block: int = BLOCK_BYTES) -> None:
        self._block = block

    def __set_name__(self, owner: type, name: str) -> None:
        self._column = f"sealed_{name}"
        self._name = name

    def __get__(self, row: Any, owner: type) -> Any:
        if row is None:
            return self
        stored = getattr(row, self._column)
        if stored is None:
            return None
        opened = vault(row.bidder_id).unlock(self._purpose(row), bytes(stored), self._block)
        return opened.decode()

    def __set__(self, row: Any, text: str | None) -> None:
        data = None
        if text is not None:
            data = vault(row.bidder_id).lock(self._purpose(row), text.encode(), self._block)
        setattr(row, self._column, data)

    def _purpose(self, row: Any) -> str:
        return f"{row.__tablename__}.{self._name}"


class OfBid:
    """A row that belongs to a `bid`: its texts are kept under the key of the bid's organisation."""

    @property
    def bidder_id(self: Any) -> UUID:
        """The organisation that bids; of a part in a bid, its lead."""
        return self.bid.bidder_id
