"""Text as people type it: what is kept of it, and how its words are counted."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x85]")


def count_words(text: str) -> int:
    """Words are what stands between white space; the page's script counts the same way."""
    return len(text.split())


def cleaned(text: str, *, lines: bool) -> str:
    """The text without NULs, control and invisible direction characters; line ends as one \\n.

    `lines` keeps line ends and tabs, otherwise they become spaces.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = text if lines else text.replace("\n", " ").replace("\t", " ")
    return "".join(each for each in text if each in "\n\t" or _kept(each)).strip()


def _kept(character: str) -> bool:
    # Joiners (Cf) belong to several scripts and to emoji; only the ones that reorder text go.
    reorders = "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"
    return unicodedata.category(character) not in ("Cc", "Cs") and not reorders
