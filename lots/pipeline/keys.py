"""Keys of links in mails that work without signing in; nothing is stored for them."""

from __future__ import annotations

import hmac
from uuid import UUID

from marketplace.keyring import keyring
from marketplace.permissions import NotYours

LENGTH = 32
STOP = "stop"
CONFIRM = "confirm"
WHY_NOT = "why_not"


def link_key(purpose: str, thing_id: UUID) -> str:
    """What proves in an address that the holder got the mail about this thing; 128 bits."""
    return keyring().lookup_hash(f"lot_mail.{purpose}", str(thing_id)).hex()[:LENGTH]


def check_key(purpose: str, thing_id: UUID, given: str) -> None:
    """Raise NotYours unless the key is the thing's."""
    if not hmac.compare_digest(link_key(purpose, thing_id).encode(), given.encode()):
        raise NotYours()
