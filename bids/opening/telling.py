"""Who is told that a lot's bids can be opened."""

from __future__ import annotations

from flask import Flask

from lots.lifecycle import CLOSE
from lots.models import Lot
from lots.permissions import DECIDERS, DRAFTERS
from marketplace import events, outbox
from marketplace.accounts.queries import people_with
from marketplace.acting import Acting


def tell_closed(lot: Lot, by: Acting | None) -> None:
    """Write to all of the lead buyer who may confirm an opening, whether or not anybody bid."""
    for person in people_with(lot.lead_buyer_id, (*DRAFTERS, *DECIDERS)):
        outbox.post(
            "bids/mail/closed.txt",
            to=person.email,
            subject_id=lot.id,
            facts={"lot_id": str(lot.id), "title": lot.title},
        )


def register(app: Flask) -> None:
    """Hear of a lot's closing."""
    events.when(app, CLOSE, tell_closed)
