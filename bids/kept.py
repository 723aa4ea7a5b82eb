"""Texts that only the bidder reads, kept under its organisation's own data key."""

from __future__ import annotations

from typing import Any

from marketplace.keyring import vault


class Kept:
    """A text of the row, encrypted in its column `sealed_…`; None where there is none.

    The row says with `bidder_id` whose data key it is. The column's name is bound into the
    ciphertext, so that it is no use in another one.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._column = f"sealed_{name}"
        self._name = name

    def __get__(self, row: Any, owner: type) -> Any:
        if row is None:
            return self
        stored = getattr(row, self._column)
        if stored is None:
            return None
        return vault(row.bidder_id).unlock(self._purpose(row), bytes(stored)).decode()

    def __set__(self, row: Any, text: str | None) -> None:
        data = None
        if text is not None:
            data = vault(row.bidder_id).lock(self._purpose(row), text.encode())
        setattr(row, self._column, data)

    def _purpose(self, row: Any) -> str:
        return f"{row.__tablename__}.{self._name}"
