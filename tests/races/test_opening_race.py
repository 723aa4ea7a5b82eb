"""Two people who press to open at the same moment: one opening, in whichever order they come."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from bids.evaluation.models import Evaluation
from bids.models import BidOpening, BidState, OpenedBid, OpeningState
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace.acting import Role
from marketplace.audit import AuditEvent, verify
from marketplace.database import db, write
from tests.races.conftest import Race
from tests.races.together import at_once
from tests.support.bids import bid_as_stored, submitted_bid
from tests.support.keyholders import divided_lot
from tests.support.lots import make_open_lot, whole_lot
from tests.support.people import make_person

pytestmark = pytest.mark.race


def closed(lot: Lot) -> None:
    """Close this lot alone: the races share their clock."""
    with write():
        stored = db.session.get_one(Lot, lot.id)
        stored.closes_at = stored.published_at
        stored.state = LotState.CLOSED


def opening_of(lot: Lot) -> BidOpening:
    return db.session.scalars(select(BidOpening).where(BidOpening.lot_id == lot.id)).one()


def test_two_people_press_first_at_the_same_moment(race: Race) -> None:
    lot = make_open_lot()
    bids = [submitted_bid(lot) for _each in range(3)]
    closed(lot)
    presses = []
    for role in (Role.COMMISSIONING_OFFICER, Role.DIRECTOR):
        visitor = race.visitor(make_person(role, lot.lead_buyer))
        form = visitor.form_at(f"/lots/{lot.id}/opening", "Confirm the opening")
        presses.append((visitor, *form))

    answers = at_once([partial(visitor.post, *form) for visitor, *form in presses])

    race.look_again()
    assert {answer.status_code for answer in answers} == {200}
    expect_opened_once(lot, bids)


def test_one_person_presses_twice_at_the_same_moment(race: Race) -> None:
    lot = make_open_lot()
    bid_id = submitted_bid(lot)
    closed(lot)
    visitor = race.visitor(make_person(Role.DIRECTOR, lot.lead_buyer))
    form = visitor.form_at(f"/lots/{lot.id}/opening", "Confirm the opening")

    answers = at_once([partial(visitor.post, *form) for _each in range(4)])

    race.look_again()
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert opening_of(lot).state == OpeningState.CONFIRMED_ONCE
    assert bid_as_stored(bid_id).state == BidState.SUBMITTED


def test_two_holders_type_their_codes_at_the_same_moment(race: Race) -> None:
    made = divided_lot(3)
    bids = [submitted_bid(made.lot) for _each in range(2)]
    closed(made.lot)
    presses = []
    for person, code in zip(made.holders, made.codes, strict=True):
        visitor = race.visitor(person)
        action, values = visitor.form_at(f"/lots/{made.lot.id}/opening/code", "Confirm the opening")
        presses.append((visitor, action, values | {"code": code}))

    answers = at_once([partial(visitor.post, *form) for visitor, *form in presses])

    race.look_again()
    assert sorted(answer.status_code for answer in answers) == [200, 200, 409], "three came"
    assert opening_of(made.lot).first_halves is None
    expect_opened_once(made.lot, bids)


def expect_opened_once(lot: Lot, bids: list) -> None:
    opening = opening_of(lot)
    assert (opening.state, opening.bids) == (OpeningState.OPENED, len(bids))
    assert opening.first_by_id != opening.second_by_id
    assert whole_lot(lot.id).state == LotState.EVALUATING
    found = select(Evaluation).where(Evaluation.lot_id == lot.id)
    assert len(db.session.scalars(found).all()) == 1
    opened = select(OpenedBid.bid_id).where(OpenedBid.bid_id.in_(bids))
    assert set(db.session.scalars(opened)) == set(bids)
    unsealed = select(AuditEvent.subject_id).where(
        AuditEvent.action == "bid:unsealed", AuditEvent.subject_id.in_([str(each) for each in bids])
    )
    assert len(db.session.scalars(unsealed).all()) == len(bids)
    assert verify().holds
