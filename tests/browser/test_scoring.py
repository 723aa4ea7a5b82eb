"""Scoring in Chromium by keyboard alone: with the keys of the page, and without any script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page as Window
from playwright.sync_api import expect

from bids.evaluation import queries
from marketplace.database import db
from tests.support.bids import Competition, opened_competition
from tests.support.browser import NARROW, WIDE, Inspector, OpenPage, tab_to, take_session
from tests.support.people import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def competition(product: Flask) -> Iterator[Competition]:
    """Two bids under two criteria, nothing scored."""
    with product.app_context():
        yield opened_competition()


def window_of(competition: Competition, product: Flask, window: Window, address: str) -> Window:
    """The first evaluator's window on what is to be scored."""
    client = product.test_client()
    sign_in(client, competition.evaluators[0], competition.buyer)
    take_session(window, client, address)
    window.goto(f"/evaluations/{competition.evaluation_id}/scores")
    return window


def given(competition: Competition) -> list[tuple[int, str]]:
    """The scores kept, in the order of the bids and criteria."""
    db.session.rollback()  # what the server committed since is read
    by = competition.acting(competition.evaluators[0])
    member = queries.seat(competition.evaluation_id, by)
    kept = [queries.score_of(member, cell) for cell in queries.to_score(member)]
    return [(score.score, score.reason) for score in kept]


def test_four_answers_are_scored_with_four_digits_four_reasons_and_ctrl_enter(
    product: Flask, address: str, competition: Competition, browser_page: OpenPage
) -> None:
    window = window_of(competition, product, browser_page(address), address)
    look = Inspector(True, WIDE)
    look(window)
    tab_to(window, "Score the next one")
    window.keyboard.press("Enter")
    for number, score in enumerate("4130", 1):
        expect(window.locator("main")).to_contain_text(f"{number} of 4.")
        expect(window.locator("#score-form")).to_have_attribute("data-keys", "on")
        if number < 3:
            look(window)
        window.keyboard.press(score)
        # Digits that are typed belong to the reason from now on.
        window.keyboard.type(f"Because of {number}0 visits")
        window.keyboard.press("Control+Enter")
    expect(window.locator("h1")).to_contain_text("My scores")
    look(window)
    assert given(competition) == [
        (int(score), f"Because of {number}0 visits") for number, score in enumerate("4130", 1)
    ]
    tab_to(window, "Lock my scores")
    window.keyboard.press("Enter")
    expect(window.locator("main")).to_contain_text("Scores locked")
    assert not look.found, "\n".join(look.found)


def test_without_scripts_tab_arrows_and_enter_do_the_same(
    product: Flask, address: str, competition: Competition, browser_page: OpenPage
) -> None:
    window = browser_page(address, javascript=False, width=NARROW)
    window_of(competition, product, window, address)
    look = Inspector(False, NARROW)
    window.get_by_role("button", name="Score the next one").press("Enter")
    for _number in range(4):
        look(window)
        window.get_by_label("4: excellent").focus()
        window.keyboard.press("ArrowDown")
        window.keyboard.press("Tab")
        window.keyboard.type("Good")
        window.keyboard.press("Tab")
        window.keyboard.press("Enter")
    expect(window.locator("h1")).to_contain_text("My scores")
    assert given(competition) == [(3, "Good")] * 4
    assert not look.found, "\n".join(look.found)


def test_whoever_turns_the_keys_off_can_press_digits_without_choosing(
    product: Flask, address: str, competition: Competition, browser_page: OpenPage
) -> None:
    window = window_of(competition, product, browser_page(address), address)
    window.get_by_role("button", name="Score the next one").click()
    window.get_by_role("button", name="Turn these keys off").click()
    expect(window.locator("main")).to_contain_text("1 of 4.")
    window.keyboard.press("4")
    assert not window.locator("input[name=score]:checked").count()
