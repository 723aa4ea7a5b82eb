"""A bid written together, sealed and opened, in Chromium; and one written by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.journeys.bidding import Story
from tests.journeys.partnering import BIDDING
from tests.journeys.thread import Walk
from tests.journeys.visitors import BrowserVisitor
from tests.support.browser import NARROW, WIDE, Inspector, OpenPage
from tests.support.server import Product

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("javascript", "width"),
    [(True, WIDE), (False, NARROW)],
    ids=["scripts-wide", "no-scripts-narrow"],
)
def test_a_bid_is_written_together_in_browsers(
    javascript: bool,
    width: int,
    start_product: Callable[..., Product],
    browser_page: OpenPage,
) -> None:
    address = start_product(demonstration="true").address
    inspector = Inspector(javascript, width)
    today = datetime.now(UTC).date()

    def enter() -> Walk:
        window = browser_page(address, javascript=javascript, width=width)
        return Walk(BrowserVisitor(window, inspector), today)

    story = Story(enter(), enter())
    for step in BIDDING:
        step(story)

    assert not inspector.found, "\n".join(inspector.found)
