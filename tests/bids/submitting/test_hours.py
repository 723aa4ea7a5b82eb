"""The hours spent on a bid: told if one likes, published as a median from three bids up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from bids.models import OpenedBid
from bids.opening import actions as opening
from bids.sealing import OwnCopy
from bids.submitting import actions as submitting
from bids.submitting.content import DECLARATIONS, MOST_HOURS
from bids.submitting.hours import hours_by_lot, median_hours
from lots.models import Lot
from lots.proportionality import burden_of
from lots.proportionality.burden import HOURS_SPENT
from lots.vocabulary import LotState
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.registry import measures
from tests.support.bids import bid_as_stored, bidder, fill_in, opened_competition, seen_of
from tests.support.lots import make_lot, make_open_lot, pass_closing
from tests.support.pages import Page
from tests.support.people import acting_as, make_person, sign_in


@pytest.fixture
def to_check(app, client):
    """(the client signed in, the bid's id) of a bid that is ready."""
    lot = make_open_lot()
    organisation, person = bidder()
    bid_id = fill_in(lot, acting_as(person))
    sign_in(client, person, organisation)
    return client, bid_id


def press(client, bid_id, **values):
    page = Page(client.get(f"/bids/{bid_id}/check").text)
    sent = dict(page.form("Submit the bid").values()) | {"declarations": list(DECLARATIONS)}
    sent |= values
    return client.post(f"/bids/{bid_id}/check", data=sent)


def told_lot(*hours):
    """An awarded lot whose opened bids said they took so many hours; None says nothing."""
    competition = opened_competition(
        prices=tuple(9_000_00 + number for number in range(len(hours)))
    )
    with write():
        for bid_id, told in zip(competition.bids, hours, strict=True):
            opened = db.session.scalars(select(OpenedBid).where(OpenedBid.bid_id == bid_id)).one()
            opened.hours_spent = told
        lot = db.session.get_one(Lot, competition.lot.id)
        lot.state = LotState.AWARDED
    return lot


def content(bid_id):
    version = bid_as_stored(bid_id).latest
    return OwnCopy.of(version.own_copy).read_content()


def test_the_hours_are_sealed_with_the_bid(to_check):
    client, bid_id = to_check
    assert press(client, bid_id, hours="12").status_code == 303
    assert content(bid_id)["hours_spent"] == 12


def test_nobody_has_to_say_them(to_check):
    client, bid_id = to_check
    assert press(client, bid_id, hours="").status_code == 303
    assert "hours_spent" not in content(bid_id)


def test_what_was_said_last_need_not_be_typed_again(to_check):
    client, bid_id = to_check
    press(client, bid_id, hours="12")
    assert press(client, bid_id).status_code == 303
    assert content(bid_id)["hours_spent"] == 12
    press(client, bid_id, hours="")
    assert press(client, bid_id).status_code == 303
    assert "hours_spent" not in content(bid_id)


@pytest.mark.parametrize("hours", ["0", "-3", "1.5", "many", str(MOST_HOURS + 1), "9" * 40])
def test_hours_that_cannot_be_are_told_and_what_was_ticked_is_kept(to_check, hours):
    client, bid_id = to_check
    answer = press(client, bid_id, hours=hours)
    page = Page(answer.text)
    assert answer.status_code == 200
    assert "The hours must be" in page.text
    kept = page.form("Submit the bid").values()
    assert ("hours", hours) in kept
    assert [key for name, key in kept if name == "declarations"] == list(DECLARATIONS)
    assert bid_as_stored(bid_id).versions == []


@pytest.mark.parametrize("hours", [-1, 0, MOST_HOURS + 1])
def test_hours_that_cannot_be_are_never_sealed_to_stop_the_opening(app, hours):
    _organisation, person = bidder()
    by = acting_as(person)
    bid_id = fill_in(make_open_lot(), by)
    with pytest.raises(Refusal, match="from 1 to 2,000"), write():
        submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), by, hours=hours)
    assert bid_as_stored(bid_id).versions == []


def test_the_median_is_shown_from_three_bids_up_after_the_award(app, client):
    lot = told_lot(10, 30, 14)
    assert median_hours(lot) == (Decimal(14), 3)
    page = Page(client.get(f"/opportunities/{lot.id}").text)
    assert "took them 14 hours" in page.text
    assert median_hours(told_lot(10, 13, 14, 30)) == (Decimal("13.5"), 4)


def test_two_bids_stay_their_own_secret(app, client):
    lot = told_lot(10, 30, None)
    assert median_hours(lot) is None
    assert hours_by_lot() == []
    assert "What bidding took" not in client.get(f"/opportunities/{lot.id}").text


def test_nothing_is_shown_or_measured_before_the_award(app):
    lot = told_lot(10, 30, 14)
    with write():
        lot = db.session.get_one(Lot, lot.id)
        lot.state = LotState.EVALUATING
    assert median_hours(lot) is None
    assert hours_by_lot() == []


def test_the_burden_meter_learns_from_them(app):
    measured = make_lot(LotState.OPEN)
    lot = told_lot(200, 200, 200)
    assert sorted(measures()[HOURS_SPENT]()) == [(lot.id, Decimal(200))] * 3
    found = burden_of(measured)
    assert found.told == 3
    assert found.factor > 1


def test_the_opening_brings_the_hours_to_light(app):
    lot = make_open_lot()
    told = []
    for hours in (8, None):
        organisation, person = bidder()
        by = acting_as(person)
        bid_id = fill_in(lot, by)
        with write():
            submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), by, hours=hours)
        told.append(bid_id)
    _open(lot)
    assert [
        db.session.scalar(select(OpenedBid.hours_spent).where(OpenedBid.bid_id == bid_id))
        for bid_id in told
    ] == [8, None]


def _open(lot):
    pass_closing(lot)
    for role in (Role.COMMISSIONING_OFFICER, Role.DIRECTOR):
        person = make_person(role, lot.lead_buyer)
        with write():
            opening.confirm_opening(lot.id, acting_as(person, lot.lead_buyer))
