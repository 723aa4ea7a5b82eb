"""The short-form agreement: written once from the lot and the bid, then kept with its hash."""

from __future__ import annotations

from hashlib import sha256

from flask import current_app

from lots.contracts.models import Contract
from lots.models import Lot
from marketplace.organisations.models import Organisation


def write_text(contract: Contract, lot: Lot, buyer: Organisation, provider: Organisation) -> str:
    """The agreement as plain text."""
    # Not by render_template: what stands around a page needs a request, and a job has none.
    template = current_app.jinja_env.get_template("lots/contracts/agreement.txt")
    text = template.render(contract=contract, lot=lot, buyer=buyer, provider=provider)
    return text.strip() + "\n"


def hash_of(text: str) -> str:
    """SHA-256 of the text as UTF-8, in hexadecimal."""
    return sha256(text.encode()).hexdigest()
