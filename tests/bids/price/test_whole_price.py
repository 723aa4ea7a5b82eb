"""One amount for the whole term: what follows from it is shown before the bid is sealed."""

from __future__ import annotations

from bids.price.sheet import content_of
from lots.vocabulary import PriceBasis
from tests.support.bids import bid_as_stored, bidder, fill_in
from tests.support.lots import make_open_lot
from tests.support.people import acting_as, sign_in

MIXTURE = {
    "price_basis": PriceBasis.MIXED,
    "instalment_percent": 40,
    "fee_percent": 30,
    "start_percent": 30,
    "factor_low": 50,
    "factor_high": 175,
}


def test_a_bidder_gives_one_price_and_sees_what_each_thing_would_pay(client):
    organisation, person = bidder()
    lot = make_open_lot(**MIXTURE)
    bid_id = fill_in(lot, acting_as(person, organisation), price=360_000_00)
    content = content_of(bid_as_stored(bid_id))
    assert (content["basis"], content["times"], content["total_pence"]) == ("mixed", 1, 360_000_00)
    sign_in(client, person)
    page = client.show(f"/bids/{bid_id}/price").text
    assert "What is your price for the whole term, without VAT?" in page
    assert "Amounts for one month or start" not in page
    # 3 × 50% + 5 + 2 × 175% come to ten starts a month: 360 at £300 are 30% of the price.
    for label, amount in (
        ("Fee for each month", "£3,000"),
        ("Each person who starts, low complexity", "£150"),
        ("Each person who starts, high complexity", "£525"),
        ("Instalments in advance", "36 of £4,000"),
    ):
        assert label in page and amount in page
    check = client.show(f"/bids/{bid_id}/check").text
    assert "Each person who starts, high complexity" in check and "£525" in check


def test_a_monthly_fee_alone_is_shown_without_a_list(client):
    organisation, person = bidder()
    bid_id = fill_in(make_open_lot(), acting_as(person, organisation))
    sign_in(client, person)
    page = client.show(f"/bids/{bid_id}/price").text
    assert "Each month" in page and "What you would be paid" not in page
