"""Faults on demand: each waits for the request or the event it fits, and happens then."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from marketplace.payments.standin.store import Books


class Kind(StrEnum):
    """What goes wrong."""

    DROPPED = "dropped"  # the work is done, the answer never arrives
    DELAYED = "delayed"  # the work begins only after some seconds
    ANSWERED_LATE = "answered_late"  # the work is done, the answer comes after some seconds
    CONFLICT = "conflict"  # 409, nothing was done
    TOO_MANY = "too_many"  # 429, nothing was done
    BROKEN = "broken"  # 500, nothing was done
    BROKEN_AFTER = "broken_after"  # 500, but the work is done
    HOOK_LATE = "hook_late"
    HOOK_DOUBLED = "hook_doubled"
    HOOK_REORDERED = "hook_reordered"  # after the next event, or after some seconds


OF_HOOKS = frozenset({Kind.HOOK_LATE, Kind.HOOK_DOUBLED, Kind.HOOK_REORDERED})
OF_REQUESTS = frozenset(Kind) - OF_HOOKS


@dataclass(frozen=True)
class Fault:
    """One that happens now."""

    kind: Kind
    seconds: float


def order(
    books: Books,
    kind: Kind,
    matching: str = "*",
    *,
    merchant: str = "*",
    seconds: float = 1.0,
    skip: int = 0,
    times: int = 1,
) -> None:
    """Order a fault: for requests like `POST /v1/transfers`, or events like `transfer.*`.

    It passes over the first `skip` that fit, then happens `times` times.
    """
    books.rows(
        "INSERT INTO fault (kind, matching, merchant, seconds, skip, times) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        *(kind, matching, merchant, seconds, skip, times),
    )


def take(books: Books, merchant: str, what: str, kinds: frozenset[Kind]) -> Fault | None:
    """The first ordered fault that fits, counted down; or None."""
    for row in books.rows("SELECT * FROM fault WHERE times > 0 ORDER BY id"):
        fits = Kind(row["kind"]) in kinds and fnmatchcase(what, row["matching"])
        if not fits or row["merchant"] not in ("*", merchant):
            continue
        if row["skip"]:
            books.rows("UPDATE fault SET skip = skip - 1 WHERE id = ?", row["id"])
            continue
        books.rows("UPDATE fault SET times = times - 1 WHERE id = ?", row["id"])
        return Fault(Kind(row["kind"]), row["seconds"])
    return None


def clear(books: Books) -> None:
    """Nothing goes wrong any more."""
    books.rows("DELETE FROM fault")
