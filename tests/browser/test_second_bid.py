"""A second bid retypes nothing, in Chromium: at 320 px without scripts and at 1280 with them."""

from __future__ import annotations

import pytest
from flask import Flask

from bids.models import BidState
from bids.queries import own_bids
from tests.journeys.rebidding import ANSWERS, Steps, first_bid, second_bid, small_lot
from tests.journeys.visitors import BrowserVisitor
from tests.support.bids import bidder
from tests.support.browser import NARROW, WIDE, Inspector, OpenPage
from tests.support.people import PASSWORD, acting_as, totp_code
from tests.support.qualification import complete_profile

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("javascript", "width"), [(False, NARROW), (True, WIDE)])
def test_a_second_bid_retypes_nothing(
    product: Flask, address: str, browser_page: OpenPage, javascript: bool, width: int
) -> None:
    looked_at = Inspector(javascript, width)
    with product.app_context():
        organisation, person = bidder(qualified=False)
        by = acting_as(person, organisation)
        complete_profile(by)
        first, second = small_lot(0), small_lot(1)
    visitor = BrowserVisitor(browser_page(address, javascript=javascript, width=width), looked_at)
    visitor.go("/sign-in")
    visitor.press("Sign in", email=person.email, password=PASSWORD)
    visitor.go("/sign-in/second-factor")
    visitor.press("Continue", code=totp_code(person))
    first_bid(visitor, first, Steps())
    second_bid(visitor, second, Steps())
    with product.app_context():
        made = own_bids(by)
        assert [bid.state for bid in made] == [BidState.SUBMITTED] * 2
        for bid in made:
            assert {answer.text for answer in bid.answers} == set(ANSWERS)
    assert not looked_at.found
