"""Whether an event comes from Stripe, by Stripe's own library; and the names in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from marketplace.payments.bodies.models import StripeAccount

LONGEST_NAME = 120


class NotFromStripe(Exception):
    """Tampered, too old, signed with another secret, or no event at all."""


@dataclass(frozen=True)
class Told:
    """The names in an event: which it is, of what type, about which object of which account."""

    id: str
    kind: str
    object_id: str
    account_id: str | None


def verified(account: StripeAccount, payload: bytes, signature: str | None) -> Told:
    """The names in an event signed with one of the body's secrets within five minutes.

    Raises NotFromStripe.
    """
    secrets = [account.webhook_secret, account.connect_webhook_secret]
    if not any(_is_signed(payload, signature, secret) for secret in secrets if secret):
        raise NotFromStripe
    try:
        return _names(json.loads(payload))
    except (KeyError, TypeError, ValueError) as error:
        raise NotFromStripe from error


def _is_signed(payload: bytes, signature: str | None, secret: str) -> bool:
    from stripe import SignatureVerificationError, Webhook, WebhookSignature

    if not (signature or "").isascii():
        # The library compares texts of ASCII only, and fails at others.
        return False
    try:
        return WebhookSignature.verify_header(payload, signature, secret, Webhook.DEFAULT_TOLERANCE)
    except (SignatureVerificationError, UnicodeDecodeError):
        return False


def _names(event: dict[str, Any]) -> Told:
    """Raises KeyError, TypeError or ValueError where this is no event as Stripe sends them."""
    about = dict(event["data"]["object"])
    told = Told(event["id"], event["type"], about.get("id", ""), event.get("account"))
    names = (told.id, told.kind, told.object_id, told.account_id or "")
    if not all(isinstance(each, str) and len(each) <= LONGEST_NAME for each in names):
        raise ValueError("names of another kind or length")
    if not told.id or not told.kind:
        raise ValueError("an event without a name")
    return told
