"""Opening bids whose key is divided: two holders with their codes, and nobody else."""

from __future__ import annotations

import json
from itertools import combinations

import pytest
from sqlalchemy import select

from bids import sealing
from bids.evaluation.actions import open_prices
from bids.evaluation.queries import content_of, evaluation_of, opened_bid
from bids.models import BidOpening, BidState, OpeningState
from bids.opening.actions import confirm_opening
from lots import keys
from lots.keyholders.actions import WrongCode
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.keyring import keyring
from marketplace.lifecycle import Refusal
from tests.support.bids import bid_as_stored, submitted_bid
from tests.support.keyholders import Divided, divided_lot
from tests.support.lots import pass_closing, whole_lot
from tests.support.people import make_person, sign_in


def confirm(made: Divided, number: int, code: str | None = None) -> str:
    by = made.acting(made.holders[number])
    with write():
        return confirm_opening(made.lot.id, by, made.codes[number] if code is None else code).state


@pytest.fixture
def closed(app) -> tuple[Divided, list]:
    made = divided_lot(3)
    bids = [submitted_bid(made.lot, answer=f"Answer {number}.") for number in (1, 2)]
    pass_closing(made.lot)
    return made, bids


def stored() -> BidOpening:
    found = select(BidOpening).execution_options(populate_existing=True)
    return db.session.scalars(found).one()


@pytest.mark.parametrize(("first", "second"), [*combinations(range(3), 2), (2, 0)])
def test_any_two_holders_open_with_their_codes(closed, first, second):
    made, bids = closed
    assert confirm(made, first) == OpeningState.CONFIRMED_ONCE
    assert {bid_as_stored(bid_id).state for bid_id in bids} == {BidState.SUBMITTED}
    assert stored().first_halves is not None
    assert confirm(made, second) == OpeningState.OPENED
    evaluation = evaluation_of(made.lot.id)
    answers = {
        content_of(opened_bid(evaluation, bid_id))["answers"][0]["answer"] for bid_id in bids
    }
    assert answers == {"Answer 1. 1", "Answer 2. 1"}
    assert stored().first_halves is None, "the first holder's part is let go of"


def test_the_ring_and_the_whole_database_do_not_open_before_the_second_holder(closed):
    made, bids = closed
    confirm(made, 0)
    lot = whole_lot(made.lot.id)
    assert (lot.wrapped_private_key, lot.wrapped_price_key) == (None, None)
    with pytest.raises(Refusal, match="divided"):
        keys.private_key(lot)
    halves = json.loads(stored().first_halves)["halves"].values()
    version = bid_as_stored(bids[0]).latest
    for half in halves:
        with pytest.raises(sealing.BrokenSeal):
            sealing.unseal(
                version.sealed_content, keys.PrivateKey(bytes.fromhex(half)[:32]), version.sha256
            )


def test_a_wrong_code_confirms_nothing(closed):
    made, bids = closed
    for wrong in ("", "not a code", made.codes[1]):
        with pytest.raises(WrongCode):
            confirm(made, 0, wrong)
    assert not db.session.scalars(select(BidOpening)).all()
    confirm(made, 0)
    with pytest.raises(WrongCode):
        confirm(made, 1, made.codes[0])
    assert stored().state == OpeningState.CONFIRMED_ONCE
    assert {bid_as_stored(bid_id).state for bid_id in bids} == {BidState.SUBMITTED}


def test_who_holds_no_part_cannot_confirm_and_a_holder_not_twice(closed):
    made, _bids = closed
    with pytest.raises(Refusal, match="no part"), write():
        confirm_opening(made.lot.id, made.acting(made.director), made.codes[0])
    confirm(made, 0)
    with pytest.raises(Refusal, match="Another officer"):
        confirm(made, 0)


def test_codes_open_nothing_before_the_deadline(app):
    made = divided_lot(2)
    bid_id = submitted_bid(made.lot)
    for number in (0, 1):
        with pytest.raises(Refusal):
            confirm(made, number)
    assert bid_as_stored(bid_id).state == BidState.SUBMITTED


def test_the_price_key_comes_to_the_ring_with_the_opening_and_waits_for_the_scores(closed):
    made, _bids = closed
    confirm(made, 0)
    confirm(made, 1)
    lot = whole_lot(made.lot.id)
    assert lot.wrapped_private_key is None
    assert keyring().decrypt(keys.PRICES, lot.wrapped_price_key)
    with pytest.raises(Refusal, match="until the quality scores are locked"):
        keys.price_key(lot, None)
    key = keys.price_key(lot, clock.judged_now())
    assert bytes(key.public_key) == lot.price_public_key
    officer = made.acting(made.officer)
    with pytest.raises(Refusal), write():
        open_prices(evaluation_of(lot.id).id, officer)


def test_two_holders_open_on_screen(closed, client):
    made, _bids = closed
    address = f"/lots/{made.lot.id}/opening"
    sign_in(client, made.director)
    page = client.show(address)
    assert "Holder 0" in page.text
    assert "Confirm with your opening code" not in page.text
    for number in (0, 2):
        sign_in(client, made.holders[number])
        assert "Confirm with your opening code" in client.show(address).text
        wrong = client.submit(f"{address}/code", code="AAAA " * 8)
        assert "This is not your opening code" in wrong.page.text
        answer = client.submit(wrong.page, code=made.codes[number])
        assert answer.status_code == 200
    assert "Both confirmations are on record" in answer.page.text
    assert evaluation_of(made.lot.id) is not None


def test_trying_codes_is_limited(closed, client):
    made, _bids = closed
    sign_in(client, made.holders[0])
    address = f"/lots/{made.lot.id}/opening/code"
    page = client.show(address)
    answers = [client.submit(page, code="AAAA " * 8).status_code for _each in range(11)]
    assert answers[-1] == 429
    assert set(answers[:10]) == {200}
    other = make_person(Role.DIRECTOR, made.lot.lead_buyer)
    sign_in(client, other)
    assert client.get(address).status_code == 200
