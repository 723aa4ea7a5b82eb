"""Many bidders around one deadline: what each pressed, what it was told, what is on record."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Condition
from typing import Any

import requests
from sqlalchemy import select

from bids.models import BidVersion
from bids.submitting.content import DECLARATIONS
from lots.models import Lot
from marketplace.audit import AuditEvent
from marketplace.database import db
from tests.races.conftest import ANSWER_WITHIN_SECONDS, Race, Visitor
from tests.support.bids import bidder, fill_in
from tests.support.people import acting_as

SUBMIT = "Submit the bid"
HASH = re.compile(r"\b[0-9a-f]{64}\b")
CLOSED = re.compile(r"<h1[^>]*>\s*This lot has closed\s*</h1>")

# An organisation's bid manager and their browser.
Manager = tuple[Any, Visitor]


class Answered:
    """How many submissions have been answered so far, to wait for."""

    def __init__(self) -> None:
        self.count = 0
        self._more = Condition()

    def one_more(self) -> None:
        """One was answered."""
        with self._more:
            self.count += 1
            self._more.notify_all()

    def wait_for(self, count: int) -> None:
        """Return once so many were answered. Raises AssertionError where no more answers come."""
        with self._more:
            while self.count < count:
                assert self._more.wait(ANSWER_WITHIN_SECONDS), f"{self.count} of {count} answered"


@dataclass
class Bidder:
    """One organisation's finished bid, with the form that submits it open in a browser."""

    bid_id: uuid.UUID
    visitor: Visitor
    action: str
    values: dict[str, Any]
    accepted: int = 0
    told_late: list[str] = field(default_factory=list)
    receipts: set[str] = field(default_factory=set)

    def press(self) -> None:
        """Submit once, as from a page that was opened anew, and note what the bidder is told.

        Raises requests.RequestException where no answer came.
        """
        answer = self.visitor.post(self.action, self.values | {"once": uuid.uuid4().hex}, False)
        if answer.status_code == 303:
            assert answer.headers["Location"] == f"/bids/{self.bid_id}/receipt"
            self.accepted += 1
            return
        assert answer.status_code == 409, answer.status_code
        assert CLOSED.search(answer.text), answer.text
        self.told_late.append(answer.text)

    def press_often(self, times: int, answered: Answered) -> None:
        """Submit again and again."""
        for _time in range(times):
            self.press()
            answered.one_more()

    def read_receipts(self) -> None:
        """Open the page of receipts and note each figure on it."""
        answer = self.visitor.get(f"/bids/{self.bid_id}/receipt")
        assert answer.status_code == 200, answer.status_code
        self.receipts |= set(HASH.findall(answer.text))

    def press_until_cut_off(self, times: int, answered: Answered) -> int:
        """Submit and read the receipt so many times; returns how many are left when it is gone."""
        for done in range(times):
            try:
                self.press()
                answered.one_more()
                self.read_receipts()
            except requests.RequestException:
                return times - done - 1
        return 0


def managers(race: Race, count: int) -> list[Manager]:
    """So many organisations' bid managers, each signed in."""
    people = [bidder()[1] for _number in range(count)]
    return [(person, race.visitor(person)) for person in people]


def bidders(lot: Lot, people: Sequence[Manager]) -> list[Bidder]:
    """A finished bid of each for this lot, ready to be submitted."""
    ready = []
    for person, visitor in people:
        bid_id = fill_in(lot, acting_as(person))
        action, values = visitor.form_at(f"/bids/{bid_id}/check", SUBMIT)
        values["declarations"] = list(DECLARATIONS)
        ready.append(Bidder(bid_id, visitor, action, values))
    return ready


def versions_of(bid_id: uuid.UUID) -> list[BidVersion]:
    """Every submitted version of this bid, in order."""
    found = select(BidVersion).where(BidVersion.bid_id == bid_id).order_by(BidVersion.number)
    return list(db.session.scalars(found))


def refusals_of(bid_id: uuid.UUID) -> list[tuple[datetime, datetime]]:
    """(when it was judged, the deadline then in force) of each submission that came too late."""
    found = select(AuditEvent.details).where(
        AuditEvent.subject_id == str(bid_id), AuditEvent.action == "bid:too_late"
    )
    return [
        (datetime.fromisoformat(each["judged_at"]), datetime.fromisoformat(each["closes_at"]))
        for each in db.session.scalars(found)
    ]
