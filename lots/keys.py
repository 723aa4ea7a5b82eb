"""The key pairs that seal a lot's bids, and the one way back to their private halves.

A bid is encrypted to the lot's public key, its price to a second one, so that nobody can read
either before the closing moment, and a price not before its own opening (domain, section 5).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey

from lots.keyholders import splitting
from lots.keyholders.models import FEWEST
from lots.keyholders.queries import able
from lots.keyholders.splitting import Halves
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.database import db
from marketplace.keyring import keyring
from marketplace.lifecycle import Refusal

BIDS = "lot.private_key"
PRICES = "lot.price_key"


class LostKey(Refusal):
    """The shares that two holders gave do not make the key of this lot."""

    def __init__(self) -> None:
        super().__init__(
            _("The two codes do not open this lot. Nothing was opened. Tell the framework team.")
        )


def make_keys(lot: Lot) -> dict[str, Any]:
    """Two fresh X25519 pairs as columns of a lot that opens.

    The private halves are wrapped by the key ring. Where the lot divides its key they are stored
    nowhere but in the shares of its holders; raises Refusal where fewer than two could open.
    """
    bids, prices = PrivateKey.generate(), PrivateKey.generate()
    public = {
        "public_key": bytes(bids.public_key),
        "price_public_key": bytes(prices.public_key),
    }
    if not lot.splits_key:
        return public | {
            "wrapped_private_key": keyring().encrypt(BIDS, bytes(bids)),
            "wrapped_price_key": keyring().encrypt(PRICES, bytes(prices)),
        }
    holders = able(lot)
    if len(holders) < FEWEST:
        raise Refusal(_("Fewer than two people have confirmed their opening code."))
    db.session.add_all(splitting.divided(bids, prices, holders))
    return public | {"wrapped_private_key": None, "wrapped_price_key": None}


def private_key(lot: Lot) -> PrivateKey:
    """The key that opens bids; raises Refusal before the closing moment, or if cancelled."""
    _expect_closed(lot)
    return _unwrap(BIDS, lot.wrapped_private_key)


def joined_key(lot: Lot, one: Halves, other: Halves) -> PrivateKey:
    """The key that opens bids, from two holders' halves; raises Refusal as `private_key` does.

    The price key comes to light with it, and is wrapped by the key ring until scores are locked:
    the holders need not come a second time.
    """
    _expect_closed(lot)
    try:
        bids, prices = splitting.joined(one, other)
    except CryptoError as error:
        raise LostKey() from error
    found = (bytes(bids.public_key), bytes(prices.public_key))
    if found != (lot.public_key, lot.price_public_key):
        raise LostKey()
    lot.wrapped_price_key = keyring().encrypt(PRICES, bytes(prices))
    return bids


def price_key(lot: Lot, scores_locked_at: datetime | None) -> PrivateKey:
    """The key that opens prices, once quality scores are locked; else raises Refusal.

    Scores live a floor above, so the caller says since when they are locked.
    """
    _expect_closed(lot)
    if scores_locked_at is None or scores_locked_at > clock.judged_now():
        raise Refusal(_("Prices stay sealed until the quality scores are locked."))
    return _unwrap(PRICES, lot.wrapped_price_key)


def _expect_closed(lot: Lot) -> None:
    if lot.closes_at is None or lot.public_key is None:
        raise Refusal(_("This lot has not been published, so there is nothing to open."))
    if lot.state == LotState.OPEN or clock.judged_now() < lot.closes_at:
        raise Refusal(_("Bids stay sealed until the lot has closed. Come back after closing."))
    if lot.state == LotState.CANCELLED:
        raise Refusal(_("This lot was cancelled. Its bids stay sealed."))


def _unwrap(purpose: str, wrapped: bytes | None) -> PrivateKey:
    if wrapped is None:
        raise Refusal(_("The key of this lot is divided: two people open it with their codes."))
    return PrivateKey(keyring().decrypt(purpose, wrapped))
