"""Lots whose key is divided among people, and their codes, by the product's own actions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lots import actions as lot_actions
from lots.keyholders import actions
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace.accounts.models import Person
from marketplace.acting import Acting, Role
from tests.support.lots import make_lot, whole_lot
from tests.support.people import acting_as, make_person, written


@dataclass
class Divided:
    """A lot with a divided key; `codes` by the holders' order, as they wrote them down."""

    lot: Lot
    officer: Person
    director: Person
    holders: list[Person]
    codes: list[str]

    def acting(self, person: Person) -> Acting:
        """The person, acting for the lead buyer."""
        return acting_as(person, self.lot.lead_buyer)

    def publish(self) -> Lot:
        """Open the lot for bids."""
        with written():
            lot_actions.publish_lot(self.lot.id, self.acting(self.director))
        self.lot = whole_lot(self.lot.id)
        return self.lot


def divided_draft(people: int = 3, confirmed: int | None = None, **facts: Any) -> Divided:
    """A draft with this many holders, of whom the first `confirmed` (all) confirmed their codes."""
    lot = make_lot(LotState.DRAFT, **facts)
    officer = make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer)
    director = make_person(Role.DIRECTOR, lot.lead_buyer)
    holders = [
        make_person(Role.COMMISSIONING_OFFICER, lot.lead_buyer, name=f"Holder {number}")
        for number in range(people)
    ]
    made = Divided(lot, officer, director, holders, [])
    with written():
        actions.choose_splitting(lot.id, True, made.acting(officer))
        for person in holders:
            actions.add_holder(lot.id, person.id, made.acting(officer))
    for person in holders[:confirmed]:
        by = made.acting(person)
        with written():
            code = actions.make_code(lot.id, by)
        with written():
            actions.confirm_code(lot.id, code.lower().replace(" ", ""), by)
        made.codes.append(code)
    return made


def divided_lot(people: int = 3, **facts: Any) -> Divided:
    """An open lot with a divided key."""
    made = divided_draft(people, **facts)
    made.publish()
    return made


def add_to(world: Any) -> None:
    """A draft whose key the region's officer and director hold."""
    lot = make_lot(LotState.DRAFT, buyer=world.people["director"][1])
    officer, director = world.by("commissioning officer"), world.by("director")
    with written():
        actions.choose_splitting(lot.id, True, officer)
        mine = actions.add_holder(lot.id, officer.person_id, officer)
        actions.add_holder(lot.id, director.person_id, officer)
    world.things["draft with a divided key"] = {"lot_id": lot.id, "holder_id": mine.id}
