"""The tour in Chromium: with and without scripts, wide and narrow, and by keyboard."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.journeys import thread, using
from tests.journeys.thread import Walk
from tests.journeys.visitors import BrowserVisitor
from tests.support.browser import NARROW, WIDE, Inspector, OpenPage, tab_to

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("javascript", "width"),
    [(True, WIDE), (False, NARROW)],
    ids=["scripts-wide", "no-scripts-narrow"],
)
def test_the_thread_in_a_browser(
    javascript: bool,
    width: int,
    demonstrated: str,
    browser_page: OpenPage,
) -> None:
    inspector = Inspector(javascript, width)
    window = browser_page(demonstrated, javascript=javascript, width=width)
    walk = Walk(BrowserVisitor(window, inspector), datetime.now(UTC).date())
    for step in (*thread.BUYING, *using.USING):
        step(walk)

    assert not inspector.found, "\n".join(inspector.found)


def test_sign_in_a_form_and_a_table_by_keyboard_alone(
    demonstrated: str, browser_page: OpenPage
) -> None:
    window = browser_page(demonstrated)
    window.goto("/sign-in")
    tab_to(window, "Skip to main content")
    window.keyboard.press("Enter")
    tab_to(window, "Gwenllian ap Huw")
    window.keyboard.press("Enter")
    expect(window.get_by_role("banner")).to_contain_text("Gwenllian ap Huw")

    window.goto("/lots/new")
    tab_to(window, "title")
    window.keyboard.type("A lot typed without a mouse")
    tab_to(window, "service_code")
    window.keyboard.press("Space")
    window.keyboard.press("ArrowDown")
    tab_to(window, "Start the draft")
    window.keyboard.press("Enter")
    expect(window.locator("h1")).to_have_text("A lot typed without a mouse")

    window.goto("/contracts")
    tab_to(window, "CON-")
    window.keyboard.press("Enter")
    expect(window.locator("h1")).to_contain_text("CON-")
