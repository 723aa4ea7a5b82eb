"""What changed in a question since it was answered."""

from __future__ import annotations

from dataclasses import dataclass

from bids.differences import Piece, compared

# Where less of the wording has stayed, nearly every word would be marked: marks would only be in
# the way of reading.
LEAST_SHARED = 0.4


@dataclass(frozen=True)
class Difference:
    """The question as it was asked `then` and as it is asked `now`, what differs marked."""

    then: list[Piece]
    now: list[Piece]


def difference(then: str, now: str) -> Difference | None:
    """None where it is worded the same."""
    if then.split() == now.split():
        return None
    before, after = compared(then, now)
    stayed = sum(len(each.text) for each in after if not each.differs)
    if stayed < LEAST_SHARED * len(now):
        return Difference([Piece(then, False)], [Piece(now, False)])
    return Difference(before, after)
