"""In which order tests run, and which of them stay together in one process.

Those of one file on one kind of database stay together. A process turns from one kind to the
other once, so that what it made for a kind serves until the end; the long ones begin, so that no
process is left alone with one of them.
"""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadFileScheduling

# From the longest on; `make test ARGS=--durations=50` tells.
LONG_FIRST = (
    "tests/bids/test_canary.py",
    "tests/races/test_deadline_race.py",
    "tests/races/test_submissions_killed.py",
    "tests/journeys/",
    "tests/browser/",
    "tests/races/",
    "tests/rules/",
)


class FilesOfAKind(LoadFileScheduling):
    """Gives a process the tests of a file on one kind of database, in the order they are in."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return f"{file} on postgresql" if "[postgresql" in nodeid else file


def put_in_order(items: list[pytest.Item]) -> None:
    """Sort by kind of database, then the long ones first; the others stay as they were found."""
    items.sort(key=lambda item: (("", "sqlite", "postgresql").index(_kind(item)), _rank(item)))


def _file(item: pytest.Item) -> str:
    return item.location[0]


def _kind(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("databases", "") if callspec else ""


def _rank(item: pytest.Item) -> int:
    ranks = (at for at, start in enumerate(LONG_FIRST) if _file(item).startswith(start))
    return next(ranks, len(LONG_FIRST))
