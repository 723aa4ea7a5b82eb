"""How bids are sealed until their opening, and what is written down meanwhile.

A submitted version is encrypted to the lot's public key, its price to the lot's price key
(libsodium sealed boxes). The SHA-256 on the receipt is that of the canonical content, which holds
the hash of the canonical price, so that one figure vouches for both while the price stays closed.
Both hold a random value: nobody can find a price or an answer by trying hashes.

While a bid is sealed, no row may tie its organisation or its people to the lot. So its audit
events name the system and the bid's opaque id only; who submitted is kept encrypted with the
version, and the opening records the organisation in the audit trail afterwards.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from bids.kept import ANSWER_BYTES, VERSION_BYTES
from marketplace.keyring import keyring


class BrokenSeal(Exception):
    """A sealed version that its key does not open, or whose hash does not match."""


def bidder_key(lot_id: UUID, organisation_id: UUID) -> bytes:
    """The keyed hash under which this organisation's bid for this lot is found."""
    return keyring().lookup_hash("bid.bidder", f"{lot_id}:{organisation_id}")


def canonical(content: dict[str, Any]) -> bytes:
    """The one form of a content: JSON in UTF-8, keys sorted, no spaces, no escapes."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return sha256(data).hexdigest()


@dataclass(frozen=True)
class OwnCopy:
    """The bidder's copy of a version: its two parts in the canonical text that was hashed.

    A version submitted before costs, partners and demands were part of a bid holds none of them.
    """

    content: str
    price: str

    @classmethod
    def of(cls, stored: str) -> OwnCopy:
        """A stored copy."""
        return cls(**json.loads(stored))

    def stored(self) -> str:
        """As it is stored: JSON."""
        return json.dumps({"content": self.content, "price": self.price})

    def read_content(self) -> dict[str, Any]:
        """What the content's part says."""
        return json.loads(self.content)

    def read_price(self) -> dict[str, Any]:
        """What the price's part says."""
        return json.loads(self.price)


@dataclass(frozen=True)
class Sealed:
    """A version ready to be stored; `own_copy` is what the bidder downloads (`OwnCopy`)."""

    content: bytes
    price: bytes
    sha256: str
    own_copy: str


def seal(
    content: dict[str, Any], price: dict[str, Any], public_key: bytes, price_public_key: bytes
) -> Sealed:
    """Seal content and price each to its key, filled up so that lengths tell nothing."""
    plain_price = canonical(price | {"random": secrets.token_hex(16)})
    plain = canonical(
        content | {"random": secrets.token_hex(16), "price_sha256": digest(plain_price)}
    )
    return Sealed(
        SealedBox(PublicKey(public_key)).encrypt(sodium_pad(plain, VERSION_BYTES)),
        SealedBox(PublicKey(price_public_key)).encrypt(sodium_pad(plain_price, ANSWER_BYTES)),
        digest(plain),
        OwnCopy(plain.decode(), plain_price.decode()).stored(),
    )


def unseal(sealed: bytes, private_key: PrivateKey, expected_sha256: str) -> dict[str, Any]:
    """The content behind a seal, its hash compared. Raises BrokenSeal."""
    try:
        plain = SealedBox(private_key).decrypt(sealed)
    except CryptoError as error:
        raise BrokenSeal from error
    # A version sealed before versions were filled up ends with its content.
    if not plain.endswith(b"}"):
        plain = sodium_unpad(plain, len(plain))
    if digest(plain) != expected_sha256:
        raise BrokenSeal
    return json.loads(plain)
