"""One line of a bid's task list; each room makes its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Task:
    """One part of a bid; `problem` says what is missing, None where nothing is.

    `endpoint` and `values` name the page that deals with it; None where nothing is to be done.
    `who` must act, where that is known.
    """

    label: str
    endpoint: str | None
    problem: str | None
    hint: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    who: str | None = None

    @property
    def done(self) -> bool:
        """Nothing is missing."""
        return self.problem is None
