"""Chromium, driven by Playwright; never downloaded, always the machine's own."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from marketplace.accounts.models import Person
from tests.support.client import Client
from tests.support.people import PASSWORD

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
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
NARROW = 320
WIDE = 1280
# A limit that a busy machine keeps; nothing is ever waited for that long on an idle one.
LONGEST_MILLISECONDS = 180_000

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
        page = window.new_page()
        page.set_default_timeout(LONGEST_MILLISECONDS)
        return page

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


class Inspector:
    """Looks at each page that a journey reaches; `found` are the faults, a line each.

    Headings that differ only in one of these `names` head the same kind of page.
    """

    def __init__(self, javascript: bool, width: int, names: Iterable[str] = ()):
        self.javascript = javascript
        self.width = width
        self.names = re.compile("|".join(map(re.escape, names)) or "(?!)")
        self.found: list[str] = []
        self._judged: set[tuple[str, str]] = set()

    def __call__(self, window: Page) -> None:
        """Judge accessibility once for each kind of page, and its width every time."""
        heading = self.names.sub("", window.locator("h1").inner_text())
        kind = (IDS.sub("", urlsplit(window.url).path), heading)
        if self.javascript and kind not in self._judged:
            self._judged.add(kind)
            self.found.extend(breaches(window))
        if scrolls_sideways(window):
            self.found.append(f"{window.url} scrolls sideways at {self.width} px")


def signed_in(window: Page, person: Person) -> Page:
    """The window, after this person has signed in with their password alone."""
    window.goto("/sign-in")
    window.get_by_label("Email address").fill(person.email)
    window.get_by_label("Password", exact=True).fill(PASSWORD)
    window.get_by_role("button", name="Sign in").click()
    # Their other windows are signed in from here on, too.
    window.wait_for_url(lambda address: not address.endswith("/sign-in"))
    return window


def take_session(window: Page, client: Client, address: str) -> None:
    """Be whoever is signed in with this client; nobody, where nobody is."""
    cookie = client.get_cookie(client.application.config["SESSION_COOKIE_NAME"])
    if cookie is not None:
        window.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])


def tab_to(window: Page, text: str) -> None:
    """Press Tab until the focus is on what has this text or name; as somebody without a mouse."""
    for _press in range(200):
        window.keyboard.press("Tab")
        here = window.evaluate("document.activeElement.innerText || document.activeElement.name")
        if here and here.startswith(text):
            return
    raise AssertionError(f"{window.url}: Tab never comes to {text!r}")
