"""Opening codes: 160 random bits in words a person can write down, and the key made of them."""

from __future__ import annotations

import base64
import secrets
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.public import PrivateKey

CODE_BYTES = 20
GROUP = 4
# Base 32 has no 0, 1 and 8, so whoever reads them on paper means these.
MISREAD = str.maketrans("018", "OIB")


def fresh_code() -> str:
    """A new code: 32 letters and digits in groups of four."""
    text = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    return " ".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


def key_of(code: str, holder_id: UUID) -> PrivateKey | None:
    """The X25519 key that this holder's code stands for; None for what cannot be a code.

    The code has full strength of its own, so HKDF suffices where a password would need a slow
    function. The holder's id salts it: a code is good for one lot only.
    """
    bare = "".join(each for each in code.upper() if each.isalnum()).translate(MISREAD)
    try:
        data = base64.b32decode(bare)
    except ValueError:
        return None
    if len(data) != CODE_BYTES:
        return None
    derived = HKDF(algorithm=SHA256(), length=32, salt=holder_id.bytes, info=b"opening code")
    return PrivateKey.from_seed(derived.derive(data))


def fits(code: str, holder_id: UUID, public_key: bytes | None) -> PrivateKey | None:
    """The holder's private key, where the code is the one whose public half is stored."""
    key = key_of(code, holder_id)
    if key is None or public_key is None or bytes(key.public_key) != bytes(public_key):
        return None
    return key
