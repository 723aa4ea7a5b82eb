"""Dividing a lot's two private keys so that any two holders open, and one alone learns nothing.

For each pair of holders the keys are divided anew by XOR with random bytes: either half by itself
is random, whatever one knows of the other pairs. Each half is sealed (libsodium) to its holder.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from lots.keyholders.models import KeyHolder, LotKeyShare

KEY_BYTES = 32


@dataclass(frozen=True)
class Halves:
    """What one holder brings to an opening: the halves by the other holder of the pair."""

    holder_id: UUID
    halves: Mapping[UUID, bytes]


def divided(
    bids: PrivateKey, prices: PrivateKey, holders: Sequence[KeyHolder]
) -> list[LotKeyShare]:
    """Two shares for each pair of holders, one sealed to each of the two."""
    both = bytes(bids) + bytes(prices)
    shares = []
    for one, other in combinations(holders, 2):
        half = secrets.token_bytes(len(both))
        shares.append(_share(one, other, half))
        shares.append(_share(other, one, _xor(both, half)))
    return shares


def _share(holder: KeyHolder, other: KeyHolder, half: bytes) -> LotKeyShare:
    if holder.public_key is None:
        raise ValueError("a holder without a code cannot hold a share")
    sealed = SealedBox(PublicKey(bytes(holder.public_key))).encrypt(half)
    return LotKeyShare(holder_id=holder.id, other_id=other.id, sealed=sealed)


def unsealed(holder_id: UUID, shares: Sequence[LotKeyShare], key: PrivateKey) -> Halves:
    """A holder's halves. Raises CryptoError for another's key."""
    opened = {share.other_id: SealedBox(key).decrypt(bytes(share.sealed)) for share in shares}
    return Halves(holder_id, opened)


def joined(one: Halves, other: Halves) -> tuple[PrivateKey, PrivateKey]:
    """The keys of bids and of prices, from the halves of one pair. Raises CryptoError."""
    if other.holder_id not in one.halves or one.holder_id not in other.halves:
        raise CryptoError("these two hold no pair")
    both = _xor(one.halves[other.holder_id], other.halves[one.holder_id])
    return PrivateKey(both[:KEY_BYTES]), PrivateKey(both[KEY_BYTES:])


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
