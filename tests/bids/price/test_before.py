"""A second bid need not name again what its costs are for."""

from __future__ import annotations

from bids.price.arithmetic import costs_of
from tests.support.bid_library import begun
from tests.support.bids import COSTS, bid_as_stored, bidder, submitted_bid
from tests.support.lots import make_open_lot
from tests.support.people import acting_as, sign_in

STAFF, OVERHEADS = COSTS.staff[0].what, COSTS.overheads[0].what


def second_bid(client):
    organisation, person = bidder()
    first = submitted_bid(make_open_lot(), organisation)
    sign_in(client, person, organisation)
    second = begun(make_open_lot(), acting_as(person, organisation))
    return first, second


def test_the_lines_of_the_last_bid_stand_there_without_its_amounts(client):
    first, second = second_bid(client)
    page = client.show(f"/bids/{second}/price")
    assert f"as in your bid for “{bid_as_stored(first).lot.title}”" in page.text
    assert f'value="{STAFF}"' in page.html
    assert "150,000" not in page.html
    fields = {"staff-pence-1": "160,000"}
    client.submit(page, "Save and continue", fields, amount="9,000")
    kept = costs_of(bid_as_stored(second).costs)
    assert [(each.what, each.pence) for each in kept.staff] == [(STAFF, 160_000_00)]
    # A line that was only offered and got no amount is left out, and is not offered again.
    assert kept.overheads == ()
    assert OVERHEADS not in client.show(f"/bids/{second}/price").html


def test_a_line_that_somebody_typed_still_needs_its_amount(client):
    _first, second = second_bid(client)
    typed = {"staff-what-1": "A night worker"}
    page = client.submit(f"/bids/{second}/price", "Save and continue", typed, amount="9,000").page
    assert "Enter what “A night worker” costs" in page.text


def test_nobody_is_offered_the_lines_of_another_organisation(client):
    submitted_bid(make_open_lot())
    organisation, person = bidder()
    sign_in(client, person, organisation)
    bid_id = begun(make_open_lot(), acting_as(person, organisation))
    assert f'value="{STAFF}"' not in client.show(f"/bids/{bid_id}/price").html
