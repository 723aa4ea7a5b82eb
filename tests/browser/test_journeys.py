"""The tour in Chromium: with and without scripts, wide and narrow, and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page as Window
from playwright.sync_api import expect

from tests.journeys import thread, using
from tests.journeys.thread import Walk
from tests.journeys.visitors import BrowserVisitor
from tests.support.browser import NARROW, WIDE, OpenPage, breaches, scrolls_sideways
from tests.support.server import Product

IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("javascript", "width"),
    [(True, WIDE), (False, NARROW)],
    ids=["scripts-wide", "no-scripts-narrow"],
)
def test_the_thread_in_a_browser(
    javascript: bool,
    width: int,
    start_product: Callable[..., Product],
    browser_page: OpenPage,
) -> None:
    address = start_product(demonstration="true").address
    found: list[str] = []
    judged: set[tuple[str, str]] = set()

    def inspect(window: Window) -> None:
        # Somebody signs in thirty times: each kind of page is judged once.
        kind = (IDS.sub("", urlsplit(window.url).path), window.locator("h1").inner_text())
        if javascript and kind not in judged:
            judged.add(kind)
            found.extend(breaches(window))
        if scrolls_sideways(window):
            found.append(f"{window.url} scrolls sideways at {width} px")

    window = browser_page(address, javascript=javascript, width=width)
    walk = Walk(BrowserVisitor(window, inspect), datetime.now(UTC).date())
    for step in (*thread.BUYING, *using.USING):
        step(walk)

    assert not found, "\n".join(found)


def _tab_to(window: Window, text: str) -> None:
    """Press Tab until the focus is on what has this text or name; as somebody without a mouse."""
    for _press in range(200):
        window.keyboard.press("Tab")
        here = window.evaluate("document.activeElement.innerText || document.activeElement.name")
        if here and here.startswith(text):
            return
    raise AssertionError(f"{window.url}: Tab never comes to {text!r}")


def test_sign_in_a_form_and_a_table_by_keyboard_alone(
    start_product: Callable[..., Product], browser_page: OpenPage
) -> None:
    address = start_product(demonstration="true").address
    window = browser_page(address)
    window.goto("/sign-in")
    _tab_to(window, "Skip to main content")
    window.keyboard.press("Enter")
    _tab_to(window, "Gwenllian ap Huw")
    window.keyboard.press("Enter")
    expect(window.get_by_role("banner")).to_contain_text("Gwenllian ap Huw")

    window.goto("/lots/new")
    _tab_to(window, "title")
    window.keyboard.type("A lot typed without a mouse")
    _tab_to(window, "service_code")
    window.keyboard.press("Space")
    window.keyboard.press("ArrowDown")
    _tab_to(window, "Start the draft")
    window.keyboard.press("Enter")
    expect(window.locator("h1")).to_have_text("A lot typed without a mouse")

    window.goto("/contracts")
    _tab_to(window, "CON-")
    window.keyboard.press("Enter")
    expect(window.locator("h1")).to_contain_text("CON-")
