"""Money in Chromium: from an award to a partner that confirms, each person in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page as Window

from marketplace.database import db
from tests.journeys import money_early, money_monday, money_shared
from tests.journeys.money_scene import set_up
from tests.journeys.visitors import BrowserVisitor, Visitor
from tests.support.browser import NARROW, WIDE, Inspector, OpenPage
from tests.support.client import Client
from tests.support.live import served

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("javascript", "width"),
    [(True, WIDE), (False, NARROW)],
    ids=["scripts-wide", "no-scripts-narrow"],
)
def test_money_in_browsers(
    javascript: bool,
    width: int,
    new_product: Callable[[str], Flask],
    browser_page: OpenPage,
) -> None:
    product = new_product(f"money-{width}")
    inspector = Inspector(javascript, width)

    def inspect(window: Window) -> None:
        inspector(window)
        # What the steps read before this page is of its moment.
        db.session.rollback()

    with served(product) as address, product.app_context():

        def enter(_client: Client) -> Visitor:
            window = browser_page(address, javascript=javascript, width=width)
            return BrowserVisitor(window, inspect)

        scene = set_up(product, enter)
        for step in (*money_early.STEPS, *money_monday.STEPS, *money_shared.STEPS):
            step(scene)
            db.session.remove()

    assert not inspector.found, "\n".join(inspector.found)
