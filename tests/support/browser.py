"""Chromium, driven by Playwright; never downloaded, always the machine's own."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FAILURES = Path(__file__).resolve().parent.parent / ".failures"
# Chromium calls home at every start unless told not to; tests talk to this machine only.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
NARROW = 320
WIDE = 1280

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser(missing: Callable[[str], None]) -> Iterator[Browser]:
    """One Chromium for all browser tests of this process."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        missing("No Chromium found. Install the system's package (Debian: chromium).")
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def browser_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Opens windows: `browser_page(server.address, javascript=True, width=1280)` -> Page.

    Each is a browser without cookies. Where the test fails, a trace and a picture of every window
    stay in tests/.failures.
    """
    windows: list[BrowserContext] = []

    def open_page(address: str, javascript: bool = True, width: int = WIDE) -> Page:
        window = browser.new_context(
            base_url=address,
            java_script_enabled=javascript,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            timezone_id="Europe/London",
        )
        window.tracing.start(screenshots=javascript, snapshots=javascript)
        windows.append(window)
        return window.new_page()

    yield open_page
    report = getattr(request.node, "report", None)
    failed = report is not None and report.failed
    for number, window in enumerate(windows):
        _finish(window, failed, f"{_file_name(request.node.name)}-{number}")


def _finish(window: BrowserContext, failed: bool, name: str) -> None:
    if failed:
        FAILURES.mkdir(exist_ok=True)
        window.tracing.stop(path=FAILURES / f"{name}.zip")
        for page in window.pages:
            page.screenshot(path=FAILURES / f"{name}.png", full_page=True)
    else:
        window.tracing.stop()
    window.close()


def _file_name(test: str) -> str:
    return re.sub(r"[^\w-]+", "_", test)


def breaches(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, a line each; it hangs where JavaScript is off."""
    found: list[dict[str, Any]] = Axe().run(page, options=WCAG).response["violations"]
    return [
        f"{page.url}: {rule['id']}: {rule['help']}: {[node['html'] for node in rule['nodes'][:3]]}"
        for rule in found
    ]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window, so that readers must scroll in two directions."""
    element = page.locator("html")
    box = element.bounding_box()
    viewport = page.viewport_size
    assert box and viewport
    session = page.context.new_cdp_session(page)
    width = session.send("Page.getLayoutMetrics")["cssContentSize"]["width"]
    return max(width, box["width"]) > viewport["width"]
