"""The fields of every object: the names of Stripe's published fixtures, carried over."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

PREFIXES = {
    "account": "acct",
    "balance_transaction": "txn",
    "charge": "ch",
    "customer": "cus",
    "dispute": "dp",
    "event": "evt",
    "invoice": "in",
    "invoice_payment": "inpay",
    "invoiceitem": "ii",
    "line_item": "il",
    "payment_intent": "pi",
    "payout": "po",
    "topup": "tu",
    "transfer": "tr",
    "transfer_reversal": "trr",
    "webhook_endpoint": "we",
}


@cache
def fields() -> dict[str, list[str]]:
    """From an object's name to the names of its fields."""
    return json.loads(Path(__file__).with_name("shapes.json").read_text())


def shape(kind: str, **values: Any) -> dict[str, Any]:
    """An object with all its fields, empty where nothing is given. Refuses any other field."""
    names = fields()[kind]
    body: dict[str, Any] = dict.fromkeys(names)
    body["object"] = kind
    if "livemode" in body:
        body["livemode"] = False
    if "metadata" in body:
        body["metadata"] = {}
    strange = set(values) - set(names)
    assert not strange, f"{kind} has no {strange}"
    return body | values


def listed(data: list[dict[str, Any]], url: str, has_more: bool = False) -> dict[str, Any]:
    """A list as the API answers it."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
