"""People who write a bid together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bids.writing import actions
from lots.models import Lot
from marketplace.accounts.models import Person
from marketplace.acting import Acting, Role
from marketplace.database import write
from marketplace.organisations.models import Organisation
from tests.support.bids import bidder
from tests.support.lots import make_open_lot
from tests.support.people import acting_as, make_person

FIRST, SECOND = "How will you deliver the service?", "How well do you know the area?"


@dataclass
class Together:
    """A begun bid, its manager, and a colleague from finance."""

    lot: Lot
    organisation: Organisation
    manager: Person
    colleague: Person
    bid_id: UUID

    def by(self, person: Person) -> Acting:
        """The person, acting for the bidder."""
        return acting_as(person, self.organisation)

    @property
    def address(self) -> str:
        """Of the bid's page."""
        return f"/bids/{self.bid_id}"

    def question(self, number: int = 1) -> str:
        """The address of a question's page."""
        return f"{self.address}/questions/{self.lot.questions[number - 1].id}"


def together(**facts: Any) -> Together:
    """A bid that a manager has begun for an open lot; facts are the lot's."""
    lot = make_open_lot(**facts)
    organisation, manager = bidder()
    colleague = make_person(Role.FINANCE, organisation, name="Fay Finance")
    with write():
        bid_id = actions.start_bid(lot.id, acting_as(manager)).id
    return Together(lot, organisation, manager, colleague, bid_id)
