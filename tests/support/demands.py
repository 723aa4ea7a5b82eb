"""Lots that demand something, and bids that meet it, for tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from bids.attachments import actions
from bids.attachments.queries import asked_of
from bids.attachments.wording import statement
from bids.queries import own_bid
from lots.models import Lot
from lots.vocabulary import Demand
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.files import inspect
from tests.support.files import PDF
from tests.support.people import written

POLICY = (Demand.DOCUMENT, "Your safeguarding policy", None, False)
LICENCE = (Demand.CERTIFICATE, "Housing adviser, level 3", None, True)
TURNOVER = (Demand.TURNOVER, "", 60_000_00, False)
DEMANDS = [POLICY, LICENCE, TURNOVER]


def send(
    bid_id: UUID, demand_id: UUID, by: Acting, name: str = "policy.pdf", content: bytes = PDF
) -> UUID:
    """Send a file for a demand; returns the id of its row in the bid."""
    with written():
        sent_id = actions.add_file(bid_id, demand_id, inspect(name, content), by).id
        db.session.flush()
    return sent_id


def meet_all(bid_id: UUID, lot: Lot, by: Acting) -> None:
    """Send a file wherever one is taken, and confirm the rest; inside a write."""
    for demand in lot.demands:
        if demand.kind in (Demand.DOCUMENT, Demand.CERTIFICATE):
            send(bid_id, demand.id, by)
        else:
            actions.save_words(bid_id, demand.id, statement(demand), 0, by)


def held(bid_id: UUID, by: Acting) -> list[Any]:
    """What the bid holds against each demand now."""
    db.session.expire_all()
    return asked_of(own_bid(bid_id, by))
