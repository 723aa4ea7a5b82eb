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
# Whole words: “can’t” and “1,000” are one each, so that neither loses its end.
WORDS = re.compile(LEFT_OUT.pattern + r"|\w+(?:['’.,/-]\w+)*")
MARK = "[]"
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

    def others_beside(self, own: str, text: str) -> str:
        """What the others read beside the bidder's new text `own`, `text` being asked for them.

        Where nobody has touched their text, it loses what the bidder's loses.
        """
        untouched = Reader.OTHERS not in self.redacted and text == self.read_by(Reader.OTHERS)
        return own if untouched and only_takes_out(text, own) else text

    @property
    def holds(self) -> bool:
        """Whether each reader gets the panel's words or fewer, the others none beyond the bidder.

        A text without any word is read as it is.
        """
        return all(
            self.read_by(each) == self.original(each)
            or only_takes_out(self.original(each), self.read_by(each))
            for each in Reader
        )


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
    """Whether `text` is the original without some whole words, each gap marked by [brackets].

    Every pair of brackets stands for one word or more of the original, or for its own brackets.
    """
    left = _words(original)
    runs: list[list[str]] = [[]]
    gaps = [0]
    for word in _words(text):
        if word != MARK:
            runs[-1].append(word)
        elif runs[-1] or len(runs) == 1:
            runs.append([])
            gaps.append(1)
        else:
            gaps[-1] += 1
    if not text.strip() or left[: len(runs[0])] != runs[0]:
        return False
    at = len(runs[0])
    for gap, run in zip(gaps[1:-1], runs[1:-1], strict=True):
        found = _find(left, run, at + gap)
        if found is None:
            return False
        at = found + len(run)
    if len(runs) == 1:
        return at == len(left)
    end = len(left) - len(runs[-1])
    return end >= at + gaps[-1] and left[end:] == runs[-1]


def _words(text: str) -> list[str]:
    return [MARK if LEFT_OUT.fullmatch(each) else each for each in WORDS.findall(text)]


def _find(words: list[str], run: list[str], start: int) -> int | None:
    """Where `run` stands first from `start` on: the earliest leaves most for what follows."""
    places = range(start, len(words) - len(run) + 1)
    return next((at for at in places if words[at : at + len(run)] == run), None)
