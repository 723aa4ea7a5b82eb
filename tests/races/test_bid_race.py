"""Bids submitted twice at once, and around the closing moment."""

from __future__ import annotations

import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from requests import Response
from sqlalchemy import select, update

from bids.models import BidState, BidVersion
from bids.submitting.content import DECLARATIONS
from lots.jobs import close_due
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.acting import Role
from marketplace.audit import AuditEvent, verify
from marketplace.database import db, write
from tests.races.conftest import Race, Visitor
from tests.races.together import at_once
from tests.support.bids import bid_as_stored, bidder, fill_in
from tests.support.lots import make_open_lot
from tests.support.people import acting_as, make_person

pytestmark = pytest.mark.race

SUBMIT = "Submit the bid"
BIDDERS = 8
OPEN_FOR = timedelta(seconds=3)

Press = tuple[Visitor, str, dict[str, Any]]


def ready_to_submit(race: Race, lot: Lot, people: int = 1) -> tuple[Any, list[Press]]:
    """A finished bid, and for so many colleagues the form that submits it."""
    organisation, manager = bidder()
    bid_id = fill_in(lot, acting_as(manager))
    managers = [manager, *(make_person(Role.BID_MANAGER, organisation) for _ in range(people - 1))]
    presses = []
    for each in managers:
        visitor = race.visitor(each)
        action, values = visitor.form_at(f"/bids/{bid_id}/check", SUBMIT)
        values["declarations"] = list(DECLARATIONS)
        presses.append((visitor, action, values))
    return bid_id, presses


def test_one_bid_submitted_by_two_colleagues_at_once(race: Race) -> None:
    lot = make_open_lot()
    bid_id, presses = ready_to_submit(race, lot, people=2)

    answers = at_once([partial(visitor.post, *form) for visitor, *form in presses])

    race.look_again()
    assert {answer.status_code for answer in answers} == {200}
    bid = bid_as_stored(bid_id)
    versions = versions_of([bid_id])
    assert sorted(each.number for each in versions) == [1, 2]
    assert len({each.sha256 for each in versions}) == 2
    assert (bid.state, bid.edited) == (BidState.SUBMITTED, False)
    assert verify().holds


def versions_of(bid_ids: list[Any]) -> list[BidVersion]:
    """Every submitted version of these bids."""
    return list(db.session.scalars(select(BidVersion).where(BidVersion.bid_id.in_(bid_ids))))


def test_what_is_accepted_around_the_closing_moment_was_in_time(race: Race) -> None:
    lot = make_open_lot()
    bids, presses = [], []
    for _number in range(BIDDERS):
        bid_id, ((visitor, *form),) = ready_to_submit(race, lot)
        bids.append(bid_id)
        presses.append(partial(submit_until_refused, visitor, *form))
    with write():
        closes_at = clock.judged_now() + OPEN_FOR
        db.session.execute(update(Lot).where(Lot.id == lot.id).values(closes_at=closes_at))

    accepted = at_once([*presses, partial(close_when_due, race, lot)])

    race.look_again()
    versions = versions_of(bids)
    assert len(versions) == sum(accepted)
    assert all(each.submitted_at < closes_at for each in versions)
    assert happened_last(lot, bids) == "lot:close"
    assert verify().holds


def submit_until_refused(visitor: Visitor, action: str, values: dict[str, Any]) -> int:
    """Submit again and again until the lot has closed; how many were accepted."""
    accepted = 0
    while (answer := press_anew(visitor, action, values)).status_code == 303:
        accepted += 1
    assert answer.status_code == 409
    return accepted


def press_anew(visitor: Visitor, action: str, values: dict[str, Any]) -> Response:
    """Submit as from a page opened anew: one page submits once, then leads to its receipt."""
    return visitor.post(action, values | {"once": uuid.uuid4().hex}, follow=False)


def close_when_due(race: Race, lot: Lot) -> int:
    """Run the closing job over and over until it has closed the lot."""
    state = LotState.OPEN
    while state is LotState.OPEN:
        with race.app.app_context():
            close_due(clock.now())
            state = db.session.get_one(Lot, lot.id).state
    return 0


def happened_last(lot: Lot, bids: list[Any]) -> str:
    """The last of everything done to the lot and these bids; a refusal does nothing to them."""
    about = [str(each) for each in (lot.id, *bids)]
    return db.session.scalars(
        select(AuditEvent.action)
        .where(AuditEvent.subject_id.in_(about), AuditEvent.action != "bid:too_late")
        .order_by(AuditEvent.number.desc())
        .limit(1)
    ).one()
