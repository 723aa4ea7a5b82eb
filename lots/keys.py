"""The key pairs that seal a lot's bids, and the one way back to their private halves.

A bid is encrypted to the lot's public key, its price to a second one, so that nobody can read
either before the closing moment, and a price not before its own opening (domain, section 5).
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from nacl.public import PrivateKey

from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.keyring import keyring
from marketplace.lifecycle import Refusal

BIDS = "lot.private_key"
PRICES = "lot.price_key"


def make_keys() -> dict[str, Any]:
    """Two fresh X25519 pairs as columns of a lot; the private halves wrapped by the key ring."""
    bids, prices = PrivateKey.generate(), PrivateKey.generate()
    return {
        "public_key": bytes(bids.public_key),
        "wrapped_private_key": keyring().encrypt(BIDS, bytes(bids)),
        "price_public_key": bytes(prices.public_key),
        "wrapped_price_key": keyring().encrypt(PRICES, bytes(prices)),
    }


def private_key(lot: Lot) -> PrivateKey:
    """The key that opens bids; raises Refusal before the closing moment, or if cancelled."""
    return _unwrap(lot, BIDS, lot.wrapped_private_key)


def price_key(lot: Lot) -> PrivateKey:
    """The key that opens prices; raises Refusal as `private_key` does.

    That quality scores are locked first is for the caller's guard: scores live a floor above.
    """
    return _unwrap(lot, PRICES, lot.wrapped_price_key)


def _unwrap(lot: Lot, purpose: str, wrapped: bytes | None) -> PrivateKey:
    if lot.closes_at is None or wrapped is None:
        raise Refusal(_("This lot has not been published, so there is nothing to open."))
    if lot.state == LotState.OPEN or clock.judged_now() < lot.closes_at:
        raise Refusal(_("Bids stay sealed until the lot has closed. Come back after closing."))
    if lot.state == LotState.CANCELLED:
        raise Refusal(_("This lot was cancelled. Its bids stay sealed."))
    return PrivateKey(keyring().decrypt(purpose, wrapped))
