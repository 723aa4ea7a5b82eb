"""Names and CRNs as they are compared in a search, and the prefixes that are kept of them.

Case, accents, apostrophes and hyphens make no difference; nor does what else is neither a letter
nor a digit, such as an emoji or a mark of direction.
"""

from __future__ import annotations

import unicodedata

# From how many letters on a prefix is kept and can be searched for, and up to how many.
FEWEST, LONGEST_PREFIX = 3, 10
# Letters that no decomposition takes apart.
_FOLDED = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_JOINED = "'’‘ʼʻ`´-‐‑‒–—־"


def words(text: str) -> list[str]:
    """The words of a name, folded; a double-barrelled name is one word and each of its parts."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(_FOLDED)
    kept = "".join(each if each.isalnum() else "" if _vanishes(each) else " " for each in plain)
    return kept.split()


def _vanishes(character: str) -> bool:
    """Accents, apostrophes, hyphens and invisible marks leave the letters beside them together."""
    return character in _JOINED or unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")


def whole(text: str) -> str:
    """The folded words in one, as a whole name is compared."""
    return "".join(words(text))


def prefixes(name: str, crn: str) -> set[str]:
    """What is kept of a person: how each word, the whole name and the CRN begin."""
    return {
        term[:length]
        for term in (*_terms(name), whole(crn))
        for length in range(FEWEST, min(len(term), LONGEST_PREFIX) + 1)
    }


def _terms(name: str) -> list[str]:
    parts = words("".join(" " if each in _JOINED else each for each in name))
    return [*words(name), *parts, whole(name)]


def matches(typed: str, name: str, crn: str, reference: str) -> bool:
    """Whether this person or case is meant: every word typed begins a word, or all the whole."""
    together = whole(typed)
    if not together:
        return False
    if any(whole(each).startswith(together) for each in (name, crn, reference)):
        return True
    terms = _terms(name)
    return all(any(term.startswith(word) for term in terms) for word in words(typed))


def sought(typed: str) -> list[list[str]]:
    """The prefixes to look for: all of one of these lists must be kept of a case."""
    together = [whole(typed)[:LONGEST_PREFIX]]
    apart = [word[:LONGEST_PREFIX] for word in words(typed) if len(word) >= FEWEST]
    return [together] if not apart or apart == together else [together, apart]
