"""A decision and what follows from it in Chromium, some of those who take part without a mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page as Window

from marketplace.database import db
from tests.journeys.deciding_scene import (
    CHALLENGER,
    CORRECTS,
    FIRST,
    PARTNERS,
    SECOND,
    SET_ASIDE,
    SUPPORTED,
    WINNER,
    Size,
    set_up,
)
from tests.journeys.examples import STEPS
from tests.journeys.judging import CRITERIA
from tests.journeys.living import CLOSED, STAY
from tests.journeys.visitors import BrowserVisitor, Values, Visitor
from tests.support.browser import NARROW, WIDE, Inspector, OpenPage, tab_to, take_session
from tests.support.client import Client
from tests.support.live import served
from tests.support.pages import Form

# Everybody whom a step names; the tie and the nine cases are walked without a screen.
FEW = Size(
    bidders=(WINNER, SECOND, FIRST, CORRECTS, CHALLENGER, SET_ASIDE),
    partners=PARTNERS[:1],
    supported=(SUPPORTED[0], CLOSED, STAY[0]),
)
# Co-signs, challenges, signs a change and decides on cases.
WITHOUT_A_MOUSE = ("pcc", CHALLENGER, "practitioner")
ACTIVE = "(() => { const e = document.activeElement; return [e.type, e.value, e.checked] })()"
pytestmark = pytest.mark.browser


class KeyboardVisitor(BrowserVisitor):
    """Walks with Tab, Enter, Space and the arrows alone."""

    def follow(self, text: str) -> None:
        with self.window.expect_navigation():
            tab_to(self.window, text)
            self.window.keyboard.press("Enter")
        self._arrived()

    def _send(self, form: Form, button: str, values: Values) -> None:
        for name, value in values.items():
            tab_to(self.window, name)
            self._choose_or_type(name, value)
        tab_to(self.window, button)
        with self.window.expect_navigation():
            self.window.keyboard.press("Enter")
        self._arrived()

    def _choose_or_type(self, name: str, value: Any) -> None:
        keys = self.window.keyboard
        kind, here, checked = self.window.evaluate(ACTIVE)
        if kind == "radio":
            if not checked:
                keys.press("Space")
            choices = self.window.locator(f'[name="{name}"]').count()
            for _press in range(choices):
                if self.window.evaluate(ACTIVE)[1] == value:
                    return
                keys.press("ArrowDown")
            raise AssertionError(f"{self.window.url}: the arrows never come to {value!r}")
        if kind == "checkbox":
            assert isinstance(value, bool), f"{name}: a lone box is ticked here, not {value!r}"
            if checked != value:
                keys.press("Space")
        else:
            keys.press("ControlOrMeta+a")
            keys.type(value)


@pytest.mark.parametrize(
    ("javascript", "width"),
    [(True, WIDE), (False, NARROW)],
    ids=["scripts-wide", "no-scripts-narrow"],
)
def test_a_decision_and_its_contracts_in_browsers(
    javascript: bool,
    width: int,
    new_product: Callable[[str], Flask],
    browser_page: OpenPage,
) -> None:
    product = new_product(f"decided-{width}")
    inspector = Inspector(javascript, width, (*FEW.bidders, *FEW.supported, *CRITERIA))

    def inspect(window: Window) -> None:
        inspector(window)
        # What the steps read before this page is of its moment.
        db.session.rollback()

    with served(product) as address, product.app_context():

        def enter(who: str, client: Client) -> Visitor:
            window = browser_page(address, javascript=javascript, width=width)
            take_session(window, client, address)
            # Where the focus is can only be asked with scripts.
            keyboard = javascript and who in WITHOUT_A_MOUSE
            return (KeyboardVisitor if keyboard else BrowserVisitor)(window, inspect)

        scene = set_up(product, FEW, enter)
        for step in STEPS:
            step(scene)
            db.session.remove()

    assert not inspector.found, "\n".join(inspector.found)
