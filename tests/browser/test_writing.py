"""Writing an answer in Chromium: counted as on the server, saved by itself, no words lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Route, expect
from playwright.sync_api import Page as Window

from bids.writing import actions
from marketplace.database import db, write
from marketplace.web.words import cleaned, count_words
from tests.support.bid_writing import Together, together
from tests.support.bids import bid_as_stored
from tests.support.browser import NARROW, WIDE, Inspector, OpenPage, signed_in, tab_to

pytestmark = pytest.mark.browser

NASTY = [
    "",
    " ",
    "one",
    "one two",
    "one\r\ntwo\rthree\nfour",
    "one\x85two",
    "one\u2028two\u2029three",
    "one\u200btwo",
    "one\ufefftwo \ufeff three",
    "one\u00a0two\u2007three\u202ffour\u3000five\u1680six",
    "one\x1ctwo \x1d three",
    "one\x0btwo\x0cthree",
    "one\x00two",
    "one\u202etwo \u2066 three",
    "prison—community – hand – over",
    "Gŵyl Ddewi 👩‍👩‍👧 🙂🙂",
    "\u200d \u00ad \u180e",
    "  leading and trailing\t\n",
]
UNUSUAL = st.text(
    st.sampled_from("ab é🙂—'\t\n\r \x00\x0b\x1c\x1f\x7f\x85\xa0\xad\u1680\u180e\u2003\u200b\u200d")
    | st.sampled_from("\u2028\u2029\u202a\u202e\u202f\u205f\u2060\u2066\u2069\u3000\ufeff\ufffe"),
    max_size=40,
)


@pytest.fixture
def setting(product: Flask) -> Iterator[Together]:
    """A bid begun for a lot with two questions, of 500 words."""
    with product.app_context():
        yield together()


def answers(setting: Together) -> list[str]:
    db.session.rollback()  # what the server committed since is read, not what stood before
    return [each.text for each in bid_as_stored(setting.bid_id).answers]


def theirs(setting: Together, text: str) -> None:
    """The colleague saves the first answer."""
    kept = bid_as_stored(setting.bid_id).answers
    with write():
        actions.save_answer(
            setting.bid_id,
            setting.lot.questions[0].id,
            text,
            kept[0].edition if kept else 0,
            setting.by(setting.colleague),
        )


@pytest.fixture
def window(address: str, setting: Together, browser_page: OpenPage) -> Window:
    """The manager's window on the first question."""
    window = signed_in(browser_page(address), setting.manager)
    window.goto(setting.question())
    return window


def test_words_are_counted_on_the_page_as_on_the_server(
    address: str, setting: Together, browser: Browser
) -> None:
    # Only so that the page's own function can be called from outside.
    context = browser.new_context(base_url=address, bypass_csp=True)
    window = context.new_page()
    window.goto("/sign-in")

    def on_page(texts: list[str]) -> list[list[int]]:
        return window.evaluate(
            "async texts => { const {countWords, countCharacters} = await import('words');"
            " return texts.map(text => [countWords(text), countCharacters(text)]) }",
            texts,
        )

    def on_server(texts: list[str]) -> list[list[int]]:
        kept = [cleaned(text, lines=True) for text in texts]
        return [[count_words(text), len(text)] for text in kept]

    @settings(max_examples=60)
    @given(st.lists(UNUSUAL, min_size=20, max_size=20))
    def alike(texts: list[str]) -> None:
        assert on_page(texts) == on_server(texts)

    assert on_page(NASTY) == on_server(NASTY)
    alike()
    context.close()


@pytest.mark.parametrize("text", ["one\u200btwo three", "a\u3000b\ufeffc d", "— – one\x85two"])
def test_the_count_shown_is_the_servers_before_and_after_saving(
    window: Window, setting: Together, text: str
) -> None:
    field = window.get_by_role("textbox", name="How will")
    words = count_words(cleaned(text, lines=True))
    field.fill(text)
    left = f"You have {500 - words} words left"
    expect(window.locator(".govuk-character-count__status")).to_have_text(left)
    window.get_by_role("button", name="Save and go back to the list").click()
    expect(window.locator("main")).to_contain_text(f"{words} of 500 words")


def test_what_is_typed_is_saved_by_itself_and_said_politely(
    window: Window, setting: Together
) -> None:
    assert window.locator("#saved").get_attribute("role") == "status"
    window.get_by_role("textbox", name="How will").press_sequentially("We listen")
    expect(window.locator("#saved")).to_contain_text("Saved at ")
    assert answers(setting) == ["We listen"]
    # Going on after that is no clash with oneself.
    window.get_by_role("textbox", name="How will").fill("We listen first")
    window.get_by_role("button", name="Save and continue").click()
    expect(window.locator("h1")).to_have_text("Question 2 of 2")
    assert answers(setting) == ["We listen first"]


def test_without_a_network_the_words_stay_and_are_saved_when_it_is_back(
    window: Window, setting: Together
) -> None:
    field = window.get_by_role("textbox", name="How will")
    window.context.set_offline(True)
    field.fill("Typed in a tunnel")
    expect(window.locator("#saved")).to_contain_text("Could not save")
    expect(field).to_have_value("Typed in a tunnel")
    window.context.set_offline(False)
    expect(window.locator("#saved")).to_contain_text("Saved at ", timeout=20_000)
    assert answers(setting) == ["Typed in a tunnel"]


def test_whoever_is_signed_out_while_typing_loses_nothing(
    window: Window, setting: Together
) -> None:
    field = window.get_by_role("textbox", name="How will")
    window.context.clear_cookies()
    field.fill("Typed for too long")
    expect(window.locator("#saved")).to_contain_text("You are signed out")
    # Not the button of below: one pressed twice within a second is taken to be pressed once.
    window.get_by_role("button", name="Save and go back to the list").click()
    expect(field).to_have_value("Typed for too long")
    assert answers(setting) == []
    signed_in(window.context.new_page(), setting.manager)
    window.get_by_role("button", name="Save and continue").click()
    expect(window.locator("h1")).to_have_text("Question 2 of 2")
    assert answers(setting) == ["Typed for too long"]


def test_a_save_whose_answer_got_lost_is_not_taken_for_a_colleagues(
    window: Window, setting: Together
) -> None:
    lost = []

    def arrive_and_be_lost(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    window.route("**/questions/*", arrive_and_be_lost)
    field = window.get_by_role("textbox", name="How will")
    field.fill("It arrived")
    expect(window.locator("#saved")).to_contain_text("Could not save")
    assert answers(setting) == ["It arrived"]
    field.fill("It arrived, and goes on")
    window.get_by_role("button", name="Save and continue").click()
    expect(window.locator("h1")).to_have_text("Question 2 of 2")
    assert answers(setting) == ["It arrived, and goes on"]


def test_a_colleagues_words_stop_the_saving_and_both_texts_are_compared(
    window: Window, setting: Together
) -> None:
    theirs(setting, "We are his")
    field = window.get_by_role("textbox", name="How will")
    field.fill("We are hers")
    expect(window.locator("#saved")).to_contain_text("saved since you opened the page")
    assert answers(setting) == ["We are his"]
    window.get_by_role("button", name="Save and continue").click()
    expect(window.get_by_text("What was saved")).to_be_visible()
    expect(window.locator("mark")).to_have_text(["his", "hers"])
    expect(field).to_have_value("We are hers")
    inspector = Inspector(javascript=True, width=WIDE)
    inspector(window)
    assert not inspector.found, "\n".join(inspector.found)
    field.fill("We are both")
    window.get_by_role("button", name="Save and continue").click()
    expect(window.locator("h1")).to_have_text("Question 2 of 2")
    assert answers(setting) == ["We are both"]


def test_leaving_by_a_link_saves_what_was_typed_last(window: Window, setting: Together) -> None:
    window.get_by_role("textbox", name="How will").fill("Typed and gone")
    window.get_by_role("link", name="Back to the bid").click()
    expect(window.locator("h1")).to_contain_text("Your bid")
    # The browser finishes what the page left behind while the next one is shown.
    window.wait_for_function(
        "async () => (await (await fetch(location.href)).text()).includes('3 of 500 words')"
    )


@pytest.mark.parametrize(("javascript", "width"), [(True, WIDE), (False, NARROW), (True, NARROW)])
def test_every_page_of_writing_with_and_without_scripts(
    address: str,
    setting: Together,
    browser_page: OpenPage,
    javascript: bool,
    width: int,
) -> None:
    inspector = Inspector(javascript, width)
    window = signed_in(browser_page(address, javascript=javascript, width=width), setting.manager)
    window.goto(setting.question())
    inspector(window)
    window.get_by_role("textbox", name="How will").fill("We listen. " * 5)
    window.get_by_role("textbox", name="Add a comment").fill("Is it enough?")
    window.get_by_role("button", name="Save and add the comment").click()
    expect(window.locator("main")).to_contain_text("1 comment")
    inspector(window)
    window.get_by_role("button", name="Save and go back to the list").click()
    expect(window.locator("main")).to_contain_text("10 of 500 words")
    inspector(window)
    window.get_by_role("link", name="Choose who does what").click()
    inspector(window)
    window.get_by_label("Question 2").select_option("Fay Finance")
    window.get_by_role("button", name="Save").click()
    expect(window.locator("main")).to_contain_text("For Fay Finance")
    window.goto("/bids")
    inspector(window)
    window.goto("/qualification")
    inspector(window)
    assert not inspector.found, "\n".join(inspector.found)


def test_an_answer_is_written_by_keyboard_alone(window: Window, setting: Together) -> None:
    tab_to(window, "text")
    window.keyboard.type("Typed without a mouse")
    tab_to(window, "Save and go back to the list")
    window.keyboard.press("Enter")
    expect(window.locator("main")).to_contain_text("4 of 500 words")
    assert answers(setting) == ["Typed without a mouse"]
