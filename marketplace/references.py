"""References that people read out: made at random, free of look-alikes.

Whether one is taken is decided by the unique index of its table; the caller tries another.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Protocol

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "0123456789"
LOOK_ALIKES = ({"0", "O"}, {"1", "I"}, {"5", "S"}, {"8", "B"})
SERVICE_LETTERS = {
    "accommodation": "AC",
    "ete": "ET",
    "personal-wellbeing": "PW",
    "womens-services": "WM",
}


class Chooser(Protocol):
    """A source of chance such as `secrets` or a `random.Random`."""

    def choice(self, seq: Sequence[str], /) -> str: ...


def referral_reference(service_code: str, chance: Chooser = secrets) -> str:
    """Two letters, four digits, two letters of the service, as in "KT4729PW" (domain, 8)."""
    ending = SERVICE_LETTERS.get(service_code) or _letters_of(service_code)
    letters = _without(LETTERS, ending)
    start = chance.choice(letters) + chance.choice(letters)
    digits = _without(DIGITS, start + ending)
    return start + "".join(chance.choice(digits) for _ in range(4)) + ending


def is_clear(reference: str) -> bool:
    """Whether no two of its characters can be taken for one another."""
    return not any(pair <= set(reference) for pair in LOOK_ALIKES)


def _letters_of(service_code: str) -> str:
    letters = [letter for letter in service_code.upper() if letter in LETTERS]
    return "".join(letters[:2]).ljust(2, "X")


def _without(choices: str, standing: str) -> str:
    """The choices that make no look-alike pair with what already stands."""
    return "".join(choice for choice in choices if is_clear(standing + choice))
