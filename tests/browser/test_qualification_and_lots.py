"""Qualifying, designing a lot with funders, and asking about one: in Chromium and by keyboard."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page as Window
from playwright.sync_api import expect

from tests.journeys import asking, designing, qualifying
from tests.journeys.thread import Walk
from tests.journeys.visitors import BrowserVisitor
from tests.support.browser import NARROW, WIDE, Inspector, OpenPage, tab_to

JOURNEY = (*qualifying.QUALIFYING, qualifying.decide, *designing.DESIGNING, *asking.ASKING)
SHARED = "Families of people in prison"
pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("javascript", "width"),
    [(True, WIDE), (False, NARROW)],
    ids=["scripts-wide", "no-scripts-narrow"],
)
def test_qualifying_designing_and_asking_in_a_browser(
    javascript: bool,
    width: int,
    demonstrated: str,
    browser_page: OpenPage,
) -> None:
    inspector = Inspector(javascript, width)
    window = browser_page(demonstrated, javascript=javascript, width=width)
    walk = Walk(BrowserVisitor(window, inspector), datetime.now(UTC).date())
    for step in JOURNEY:
        step(walk)

    assert not inspector.found, "\n".join(inspector.found)


@pytest.fixture
def officer(demonstrated: str, browser_page: OpenPage) -> Window:
    """A window in which the officer of the North East region is signed in."""
    window = browser_page(demonstrated)
    BrowserVisitor(window, Inspector(javascript=True, width=WIDE)).sign_in(*designing.OFFICER)
    return window


def test_shares_are_changed_by_keyboard_and_the_check_follows_what_is_typed(
    officer: Window,
) -> None:
    officer.goto("/lots")
    tab_to(officer, SHARED)
    officer.keyboard.press("Enter")
    expect(officer.locator("h1")).to_contain_text(SHARED)
    tab_to(officer, "Funders")
    officer.keyboard.press("Enter")
    expect(officer.locator("h1")).to_have_text("Funders")
    tab_to(officer, "share_")
    tab_to(officer, "share_")
    officer.keyboard.press("ControlOrMeta+a")
    officer.keyboard.type("20,000")
    tab_to(officer, "Put the rest on")
    officer.keyboard.press("Enter")
    expect(officer.get_by_role("main")).to_contain_text("Saved.")
    expect(officer.get_by_role("table", name="Who pays")).to_contain_text("£20,000")

    officer.goto(officer.url.replace("/funders", "/term"))
    short = "The initial term is 6 months"
    expect(officer.locator("#live-check")).not_to_contain_text(short)
    officer.get_by_label("Initial term in months").fill("6")
    expect(officer.locator("#live-check")).to_contain_text(short)
    officer.reload()
    expect(officer.get_by_label("Initial term in months")).not_to_have_value("6")
