"""Where two texts differ, word by word, for eyes that must bring them together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# Comparing costs the product of both numbers of pieces. Beyond this many words in both together
# lines are compared, and beyond as many lines nothing is.
MOST_PIECES = 4_000
_WORDS = re.compile(r"\S+\s*|\s+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True)
class Piece:
    """A run of a text; `differs` where the other text has not the same here."""

    text: str
    differs: bool


def compared(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces; the pieces of each, put together, are that text."""
    first, second = _WORDS.findall(one), _WORDS.findall(other)
    if len(first) + len(second) > MOST_PIECES:
        first, second = _LINES.findall(one), _LINES.findall(other)
    if len(first) + len(second) > MOST_PIECES:
        first, second = [one], [other]
    # White space alone is no difference; only what is around the words is left out.
    matcher = SequenceMatcher(
        None, [each.strip() for each in first], [each.strip() for each in second], autojunk=False
    )
    left, right = [], []
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        left.append(Piece("".join(first[start:end]), kind != "equal"))
        right.append(Piece("".join(second[other_start:other_end]), kind != "equal"))
    return [each for each in left if each.text], [each for each in right if each.text]
