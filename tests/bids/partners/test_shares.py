"""Shares of the price: the lead's is the rest, and the voluntary share that a lot asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bids.partners import answering
from bids.partners.checklist import Share, Sharing, sharing_of
from bids.partners.parts import Part, loaded
from bids.partners.queries import partners_of
from bids.price import actions as price
from bids.price.arithmetic import Costs
from marketplace.database import write
from marketplace.lifecycle import Refusal
from tests.support.bid_partners import (
    confirm,
    confirmed_partner,
    drafted_bid,
    missing,
    organisation_of,
    submit,
)
from tests.support.bids import PRICE, bid_as_stored
from tests.support.people import make_organisation


def test_the_lead_has_what_its_partners_leave(app):
    bid_id, lead = drafted_bid()
    confirmed_partner(bid_id, lead, pence=60_000_01)
    sharing = sharing_of(bid_as_stored(bid_id), partners_of(bid_as_stored(bid_id)))
    assert sharing.total_pence == PRICE * 36
    assert [each.pence for each in sharing.shares] == [PRICE * 36 - 60_000_01, 60_000_01]


@given(
    total=st.integers(1, 10**12),
    taken=st.lists(st.tuples(st.integers(0, 10**12), st.booleans()), max_size=6),
    lead_is_voluntary=st.booleans(),
)
def test_percents_add_up_and_nobody_voluntary_counts_for_more_than_is_there(
    total, taken, lead_is_voluntary
):
    rest = total - sum(pence for pence, _voluntary in taken)
    shares = [Share("lead", rest, lead_is_voluntary, is_lead=True)]
    shares += [Share("partner", pence, voluntary) for pence, voluntary in taken]
    sharing = Sharing(total, tuple(shares))
    assert sum(sharing.percents) == 100
    assert sharing.over_pence == max(-rest, 0)
    if rest >= 0:
        assert 0 <= sharing.voluntary_pence <= total
        assert sharing.voluntary_percent <= 100
        assert sharing.voluntary_percent * total <= sharing.voluntary_pence * 100


def test_the_voluntary_share_that_a_lot_asks_for_is_counted_in_pence(app):
    bid_id, lead = drafted_bid()
    bid = bid_as_stored(bid_id)
    total = 9_000_00 * bid.lot.term_months
    with write():
        bid = bid_as_stored(bid_id)
        bid.lot.voluntary_share_percent = 30
    assert "At least 30% of the price" in missing(bid_id, lead)
    short = -(-total * 30 // 100) - 1
    voluntary = make_organisation(is_voluntary=True)
    partner_id, by = confirmed_partner(bid_id, lead, voluntary, pence=short)
    assert "At least 30% of the price" in missing(bid_id, lead)
    with write():
        answering.change(partner_id, by)
    confirm(partner_id, by, short + 1)
    assert missing(bid_id, lead) == ""


def test_a_voluntary_lead_counts_with_what_its_partners_leave(app):
    bid_id, lead = drafted_bid()
    with write():
        organisation_of(lead).is_voluntary = True
        bid_as_stored(bid_id).lot.voluntary_share_percent = 90
    assert missing(bid_id, lead) == ""
    confirmed_partner(bid_id, lead, pence=60_000_00)
    assert "At least 90% of the price" in missing(bid_id, lead)


def test_shares_above_the_price_keep_a_bid_from_being_submitted(app):
    bid_id, lead = drafted_bid()
    confirmed_partner(bid_id, lead, pence=9_000_00 * 36 + 1)
    with pytest.raises(Refusal):
        submit(bid_id, lead)


def test_a_partner_s_share_is_no_cost_of_the_lead_s_own(app):
    bid_id, lead = drafted_bid()
    with write():
        price.save_costs(bid_id, Costs(), int(bid_as_stored(bid_id).costs_edition), lead)
    total = PRICE * 36
    partner_id, by = confirmed_partner(bid_id, lead, pence=total - 1)
    assert "Your own costs are missing" in missing(bid_id, lead)
    with write():
        answering.change(partner_id, by)
    confirm(partner_id, by, total)
    assert "costs" not in missing(bid_id, lead), "the whole price is the partner's"


def test_a_stored_part_comes_back_as_it_was():
    kept = Part("Ein Gruß’ <b>", ("F", "F:derbyshire"), 0, ("agreed",))
    assert loaded(kept.dumped()) == kept
