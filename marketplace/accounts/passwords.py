"""Passwords: argon2id, and the same work done whether or not there is an account."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask_babel import gettext as _

SHORTEST = 12
LONGEST = 200
_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The argon2id hash with its parameters and salt."""
    return _hasher.hash(password)


def password_matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; takes as long where nothing is stored."""
    try:
        matches = _hasher.verify(stored or _hash_of_nobody(), password)
    except VerificationError:
        return False
    return matches and stored is not None


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash("the password of nobody")


def problem_with(password: str, email: str, name: str = "") -> str | None:
    """What is wrong with a new password, for the user; None where it is good enough."""
    if len(password) < SHORTEST:
        return _("Password must be %(least)s characters or more", least=SHORTEST)
    folded = password.casefold()
    about = [part for part in (email.casefold(), name.casefold()) if part]
    if len(set(folded)) < 5 or any(folded in part or part in folded for part in about):
        return _("Choose a password that is harder to guess, for example three random words")
    return None
