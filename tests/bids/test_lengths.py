"""A dump shows lengths, so that lengths must not tell one bidder from another."""

from __future__ import annotations

from sqlalchemy import func, select

from bids.models import Bid, BidAnswer, BidVersion
from marketplace.database import db
from tests.support.bids import submitted_bid
from tests.support.lots import make_open_lot


def stored_lengths(column) -> set[int]:
    """How many bytes each row holds in this column."""
    return set(db.session.scalars(select(func.length(column))))


def test_bids_of_different_words_and_prices_are_stored_in_the_same_lengths(app):
    lot = make_open_lot()
    submitted_bid(lot, answer="Short.", price=1_00)
    submitted_bid(lot, answer="Llŷr’s friends are met where they are. " * 12, price=9_876_54)
    for column in (
        BidAnswer.sealed_text,
        Bid.sealed_price_pence,
        Bid.sealed_costs,
        Bid.organisation,
        BidVersion.sealed_content,
        BidVersion.sealed_price,
        BidVersion.sealed_own_copy,
        BidVersion.submitted_by,
    ):
        assert len(stored_lengths(column)) == 1, column
