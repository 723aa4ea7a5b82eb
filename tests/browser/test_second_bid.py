"""A second bid retypes nothing, in Chromium: at 320 px without scripts and at 1280 with them."""

from __future__ import annotations

import pytest
from flask import Flask

from bids.models import BidState
from bids.queries import own_bids
from tests.journeys.rebidding import ANSWERS, Steps, first_bid, second_bid, small_lot
from tests.journeys.visitors import BrowserVisitor
from tests.support import apps
from tests.support.bids import bidder
from tests.support.browser import NARROW, WIDE, Inspector, OpenPage
from tests.support.databases import SqliteDatabases
from tests.support.live import served
from tests.support.people import PASSWORD, acting_as, totp_code
from tests.support.qualification import complete_profile

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The product on a database of these tests' own."""
    databases = SqliteDatabases(tmp_path_factory.mktemp("second-bid"))
    databases.prepare()
    return apps.make_app(databases.prepared("second-bid"), databases.folder)


@pytest.mark.parametrize(("javascript", "width"), [(False, NARROW), (True, WIDE)])
def test_a_second_bid_retypes_nothing(
    product: Flask, browser_page: OpenPage, javascript: bool, width: int
) -> None:
    looked_at = Inspector(javascript, width)
    with product.app_context():
        organisation, person = bidder(qualified=False)
        by = acting_as(person, organisation)
        complete_profile(by)
        first, second = small_lot(0), small_lot(1)
    with served(product) as address:
        window = browser_page(address, javascript=javascript, width=width)
        visitor = BrowserVisitor(window, looked_at)
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
