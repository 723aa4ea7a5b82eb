"""Sending what a lot asks besides answers, in Chromium: with and without scripts, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, expect
from playwright.sync_api import Page as Window

from lots.vocabulary import Demand
from marketplace.files import readable
from tests.support.bid_writing import Together, together
from tests.support.browser import NARROW, WIDE, Inspector, OpenPage, signed_in, tab_to
from tests.support.demands import DEMANDS, held
from tests.support.files import PDF

pytestmark = pytest.mark.browser

FIRST = FilePayload(name="policy.pdf", mimeType="application/pdf", buffer=PDF)
SECOND = FilePayload(name="newer.pdf", mimeType="application/pdf", buffer=PDF + b"newer")


@pytest.fixture
def setting(product: Flask) -> Iterator[Together]:
    """A bid begun for a lot that demands a document, a certificate and a turnover."""
    with product.app_context():
        yield together(demands=DEMANDS)


def button(window: Window, name: str) -> None:
    window.get_by_role("button", name=name).click()


def the_demand(window: Window, name: str) -> None:
    window.get_by_role("link", name=name).click()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_everything_that_is_asked_is_given(
    address: str, setting: Together, browser_page: OpenPage, javascript: bool, width: int
) -> None:
    window = signed_in(browser_page(address, javascript=javascript, width=width), setting.manager)
    window.goto(setting.address)
    looked_at = Inspector(javascript, width)
    main = window.locator("main")
    expect(main).to_contain_text("The document “Your safeguarding policy” is missing.")
    the_demand(window, "Document: Your safeguarding policy")
    button(window, "Send the file")
    expect(window.get_by_role("alert")).to_contain_text("Choose a file")
    looked_at(window)
    window.get_by_label("File").set_input_files(FIRST)
    button(window, "Send the file")
    expect(main).to_contain_text("policy.pdf (1 kB)")
    the_demand(window, "Document: Your safeguarding policy")
    looked_at(window)
    the_demand(window, "Replace policy.pdf")
    looked_at(window)
    window.get_by_label("File").set_input_files(SECOND)
    button(window, "Replace the file")
    expect(main).to_contain_text("newer.pdf (1 kB)")
    the_demand(window, "Certificate: Housing adviser, level 3")
    window.get_by_label("What you have instead").fill("We sit the examination in March.")
    looked_at(window)
    button(window, "Save and continue")
    expect(main).to_contain_text("Said in words")
    the_demand(window, "A yearly turnover: £60,000")
    looked_at(window)
    window.get_by_label("Our turnover is at least £60,000 a year").check()
    button(window, "Save and continue")
    expect(main).not_to_contain_text("Not confirmed yet")
    looked_at(window)
    document, certificate, turnover = held(setting.bid_id, setting.by(setting.manager))
    assert [readable(each.file) for each in document.files] == [PDF + b"newer"]
    assert certificate.words == "We sit the examination in March."
    assert turnover.is_met
    assert looked_at.found == []


def test_a_file_is_sent_without_a_mouse(
    address: str, setting: Together, browser_page: OpenPage
) -> None:
    window = signed_in(browser_page(address), setting.manager)
    demand = next(each for each in setting.lot.demands if each.kind == Demand.DOCUMENT)
    window.goto(f"{setting.address}/asked/{demand.id}")
    tab_to(window, "file")
    with window.expect_file_chooser() as chooser:
        window.keyboard.press("Enter")
    chooser.value.set_files(FIRST)
    tab_to(window, "Send the file")
    window.keyboard.press("Enter")
    expect(window.locator("main")).to_contain_text("policy.pdf (1 kB)")
