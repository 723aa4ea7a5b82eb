"""Practitioners, a caseworker and a service manager in Chromium, in one started product each."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.journeys import caseworking, referring
from tests.journeys.thread import Walk
from tests.journeys.visitors import BrowserVisitor
from tests.support.browser import NARROW, WIDE, Inspector, OpenPage

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("javascript", "width"),
    [(True, WIDE), (False, NARROW)],
    ids=["scripts-wide", "no-scripts-narrow"],
)
def test_cases_are_referred_and_worked_on_in_a_browser(
    javascript: bool,
    width: int,
    demonstrated: str,
    browser_page: OpenPage,
) -> None:
    inspector = Inspector(javascript, width)
    window = browser_page(demonstrated, javascript=javascript, width=width)
    walk = Walk(BrowserVisitor(window, inspector), datetime.now(UTC).date())
    for step in (*referring.STEPS, *caseworking.WORKING):
        step(walk)

    assert not inspector.found, "\n".join(inspector.found)
