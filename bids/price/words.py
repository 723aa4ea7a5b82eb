"""Costs as lines of text, in the bidder's own words and order."""

from __future__ import annotations

from collections.abc import Iterator

from bids.price.arithmetic import PARTS, Costs, Part
from marketplace.web.filters import shown_pounds


def in_words(costs: Costs) -> Iterator[str]:
    """One line of text for each cost, then the explanation where there is one."""
    for part in Part:
        for line in costs.lines(part):
            yield f"{PARTS[part]}: {line.what}, {shown_pounds(line.pence)}"
    if costs.explanation:
        yield costs.explanation
