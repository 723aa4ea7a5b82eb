"""Secrets that travel in a cookie or a mail, and how people are found by their address."""

from __future__ import annotations

import secrets
import unicodedata
from hashlib import sha256

from marketplace.keyring import keyring

TOKEN_BYTES = 32


def new_token() -> str:
    """A fresh secret of 256 bits; only its hash is stored."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """What is stored of a token; it is long and random, so a plain SHA-256 is enough."""
    return sha256(token.encode()).digest()


def normalised(email: str) -> str:
    """The address as it is compared: one form of each character, in small letters."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def email_hash(email: str) -> bytes:
    """The keyed hash by which a person is found from an address."""
    return keyring().lookup_hash("person.email", normalised(email))
