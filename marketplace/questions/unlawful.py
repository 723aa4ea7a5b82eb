"""What may never be asked of an applicant or a bidder: one table, each line with its law."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

LAW = "Procurement Act 2023, s.22(3), s.36(2)"


@dataclass(frozen=True)
class Unlawful:
    """One thing that may not be asked: the words that give it away, and what to do instead."""

    code: str
    words: re.Pattern[str]
    says: Any
    instead: Any
    source: str = LAW


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


RULES = (
    Unlawful(
        "insurance",
        _words(r"\binsur(?:ance|ed|er)|\bindemnity\b|\byswiri"),
        _l("Insurance may not be asked for before the award."),
        _l("Ask for it when the contract starts: it is part of getting ready."),
    ),
    Unlawful(
        "audited-accounts",
        _words(r"\baudited\b|\bauditor.s report\b|\bcyfrifon\b.{0,40}\barchwili"),
        _l("Audited accounts may not be asked of those who need not have them audited."),
        _l("Ask for the income band in the organisation’s profile, or for any accounts there are."),
    ),
    Unlawful(
        "named-authority",
        _words(
            r"\b(?:previous|prior|past|earlier|existing|current)\W+(?:\w+\W+){0,4}?contracts?\b"
            r"|\bcontracts?\W+(?:\w+\W+){0,3}?(?:with|from|by|for)\W+(?:\w+\W+){0,3}?"
            r"(?:HMPPS|ministry of justice|MoJ|probation|authority|council|government|NHS)\b"
            r"|\bcontract(?:au)?\b.{0,40}\b(?:blaenorol|gyda’r awdurdod)"
        ),
        _l("A contract with a named authority may not be asked for."),
        _l("Ask what they have done, for anybody, paid or not, and what came of it."),
    ),
)


def unlawful(texts: Iterable[str]) -> list[Unlawful]:
    """The rules that these texts seem to break; a hint for who writes, never a bar."""
    whole = "\n".join(text for text in texts if text)
    return [each for each in RULES if each.words.search(whole)]
