"""A bid written together, sealed and opened, in Chromium; and one written by keyboard alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page as Window
from playwright.sync_api import expect

from tests.journeys.bidding import Story
from tests.journeys.partnering import BIDDING
from tests.journeys.thread import Walk
from tests.journeys.visitors import BrowserVisitor
from tests.support.browser import NARROW, WIDE, Inspector, OpenPage, tab_to

DRAFTED_BY = ("Maggie O’Dowd", "Bid manager")
DRAFTED = "Women’s services in Cleveland"
WORDS = "We ring the same day, and again in the evening."
# For slow machines; an answer is saved by itself a few seconds after the last key.
SLOW_MILLISECONDS = 60_000
pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("javascript", "width"),
    [(True, WIDE), (False, NARROW)],
    ids=["scripts-wide", "no-scripts-narrow"],
)
def test_a_bid_is_written_together_in_browsers(
    javascript: bool,
    width: int,
    demonstrated: str,
    browser_page: OpenPage,
) -> None:
    inspector = Inspector(javascript, width)
    today = datetime.now(UTC).date()

    def enter() -> Walk:
        window = browser_page(demonstrated, javascript=javascript, width=width)
        return Walk(BrowserVisitor(window, inspector), today)

    story = Story(enter(), enter())
    for step in BIDDING:
        step(story)

    assert not inspector.found, "\n".join(inspector.found)


@pytest.fixture
def task_list(demonstrated: str, browser_page: OpenPage) -> Window:
    """A window on the task list of a bid of which one answer is written."""
    window = browser_page(demonstrated)
    visitor = BrowserVisitor(window, Inspector(javascript=True, width=WIDE))
    visitor.sign_in(*DRAFTED_BY)
    visitor.go("/bids")
    visitor.follow(DRAFTED)
    return window


def test_a_bid_is_written_priced_and_submitted_by_keyboard_alone(task_list: Window) -> None:
    window = task_list
    _press(window, "Question 2", "Question 2 of 3")
    _answer_while_it_saves_itself(window)
    _press(window, "Save and continue", "Question 3 of 3")
    _type(window, "text", WORDS)
    _press(window, "Save and continue", "Price and costs")
    for field, typed in (
        ("amount", "5,700"),
        ("staff-what-1", "Women’s workers"),
        ("staff-pence-1", "180,000"),
    ):
        _type(window, field, typed)
    _press(window, "Save and continue", f"Your bid: {DRAFTED}")
    _press(window, "Check and submit", "Check your bid before you submit it")
    for _statement in window.locator("[name=declarations]").all():
        tab_to(window, "declarations")
        window.keyboard.press("Space")
    _type(window, "hours", "9")
    _press(window, "Submit the bid", "Your bid is submitted")


def _answer_while_it_saves_itself(window: Window) -> None:
    """The page tells those who cannot see it that it has saved; nothing was pressed."""
    _type(window, "text", WORDS)
    status = window.get_by_role("status")
    expect(status).to_contain_text("Saved at", timeout=SLOW_MILLISECONDS)
    expect(window.locator(".govuk-character-count__status")).to_have_text("You have 290 words left")
    window.reload()
    expect(window.locator("[name=text]")).to_have_value(WORDS)


def _type(window: Window, field: str, text: str) -> None:
    tab_to(window, field)
    window.keyboard.press("ControlOrMeta+a")
    window.keyboard.type(text)


def _press(window: Window, what: str, then: str) -> None:
    """A link or a button; `then` is the heading of the page it leads to."""
    tab_to(window, what)
    window.keyboard.press("Enter")
    expect(window.locator("h1")).to_have_text(then, timeout=SLOW_MILLISECONDS)
