"""A lot that demands a document, a certificate or its equivalent, and a turnover."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from bids.checklist import missing
from bids.queries import own_bid
from bids.submitting import actions as submitting
from bids.submitting.content import DECLARATIONS
from bids.writing import actions as answering
from lots.models import Lot
from lots.vocabulary import Demand
from marketplace.accounts.models import Person
from marketplace.acting import Acting, Role
from marketplace.database import db, write
from tests.support.bids import bidder, fill_in, seen_of
from tests.support.demands import DEMANDS
from tests.support.lots import make_open_lot
from tests.support.people import acting_as, make_person


@dataclass
class Bidding:
    """A bidder with its draft for the lot, nothing sent yet."""

    lot: Lot
    person: Person
    by: Acting
    colleague: Acting
    bid_id: UUID

    def demand(self, kind: Demand) -> UUID:
        """The id of the lot's demand of this kind."""
        return next(each.id for each in self.lot.demands if each.kind == kind)

    def problems(self) -> list[str]:
        """What keeps the bid from being submitted."""
        db.session.expire_all()
        return missing(own_bid(self.bid_id, self.by), self.by.organisation_id)

    def submit(self) -> Any:
        """Submit what stands."""
        with write():
            return submitting.submit_bid(self.bid_id, DECLARATIONS, seen_of(self.bid_id), self.by)


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """Settings that a test changes are set back."""
    before = app.extensions["settings"]
    app.extensions["settings"] = before.model_copy()
    yield app
    app.extensions["settings"] = before


def _bidding(make: Any) -> Bidding:
    lot = make_open_lot(demands=DEMANDS)
    organisation, person = bidder()
    by = acting_as(person)
    colleague = acting_as(make_person(Role.TRUSTEE, organisation), organisation)
    return Bidding(lot, person, by, colleague, make(lot, by))


def _started(lot: Lot, by: Acting) -> UUID:
    with write():
        return answering.start_bid(lot.id, by).id


@pytest.fixture
def begun(app: Flask) -> Bidding:
    """A draft with nothing in it."""
    return _bidding(_started)


@pytest.fixture
def whole(app: Flask) -> Bidding:
    """A draft with everything in it."""
    return _bidding(fill_in)
