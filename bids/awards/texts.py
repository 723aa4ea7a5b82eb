"""What is read of the moderated scores: by the bidder itself, and by everybody else of a winner.

The panel's own words, or those that an officer's review left of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from bids.awards.models import Award, Reader, Redaction
from bids.evaluation import queries
from bids.evaluation.models import ModeratedScore
from lots.models import LotCriterion
from marketplace.database import db

# What stands in square brackets says that something was left out there.
LEFT_OUT = re.compile(r"\[[^\[\]]{0,60}\]")
WORD = re.compile(r"\w+")
Key = tuple[UUID, Reader]


@dataclass(frozen=True)
class Told:
    """One criterion of one bid, as it will be read; `redacted` are those that were changed."""

    criterion: LotCriterion
    moderated: ModeratedScore
    redacted: dict[Reader, str]

    def original(self, reader: Reader) -> str:
        """What stands there before anything is taken out for this reader.

        What the bidder is not to read, the others are not to read either.
        """
        if reader is Reader.BIDDER_NEEDED:
            return self.moderated.needed
        if reader is Reader.OTHERS:
            return self.redacted.get(Reader.BIDDER_REASON, self.moderated.reason)
        return self.moderated.reason

    def read_by(self, reader: Reader) -> str:
        """The text as this reader gets it."""
        return self.redacted.get(reader, self.original(reader))


def told_by_bid(award: Award) -> dict[UUID, list[Told]]:
    """Every moderated score by bid, in the order of the criteria."""
    agreed = queries.moderated(award.evaluation)
    redacted: dict[tuple[UUID, UUID], dict[Reader, str]] = {}
    for each in redactions(award.id):
        redacted.setdefault((each.bid_id, each.criterion_id), {})[each.reader] = each.text
    by_bid: dict[UUID, list[Told]] = {}
    for criterion in award.lot.criteria:
        for cell, score in agreed.items():
            if cell[1] == criterion.id:
                told = Told(criterion, score, redacted.get(cell, {}))
                by_bid.setdefault(cell[0], []).append(told)
    return by_bid


def redactions(award_id: UUID) -> list[Redaction]:
    """Every text that a review changed."""
    return list(db.session.scalars(select(Redaction).where(Redaction.award_id == award_id)))


def only_takes_out(original: str, text: str) -> bool:
    """Whether `text` holds nothing but words of the original in their order, and [brackets]."""
    left = iter(WORD.findall(original))
    return bool(text.strip()) and all(
        word in left for word in WORD.findall(LEFT_OUT.sub(" ", text))
    )
