"""The short-form agreement: written once from the lot and the bid, then kept with its hash."""

from __future__ import annotations

from hashlib import sha256

from flask import render_template

from lots.contracts.models import Contract
from lots.models import Lot
from marketplace.organisations.models import Organisation


def write_text(contract: Contract, lot: Lot, buyer: Organisation, provider: Organisation) -> str:
    """The agreement as plain text."""
    text = render_template(
        "lots/contracts/agreement.txt", contract=contract, lot=lot, buyer=buyer, provider=provider
    )
    return text.strip() + "\n"


def hash_of(text: str) -> str:
    """SHA-256 of the text as UTF-8, in hexadecimal."""
    return sha256(text.encode()).hexdigest()
