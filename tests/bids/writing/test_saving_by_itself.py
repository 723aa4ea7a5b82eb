"""What the page's script sends while somebody types: the same form, answered in JSON."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bids.writing import actions
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from tests.support.bid_writing import together
from tests.support.bids import bid_as_stored, bidder
from tests.support.lots import pass_closing
from tests.support.people import browser_of

JSON = {"Accept": "application/json"}


def send(client, setting, text, page=None, **changed):
    page = page or client.show(setting.question())
    values = dict(page.form("Save and continue").values())
    data = {"csrf_token": values["csrf_token"], "edition": values["edition"], "text": text}
    return client.post(setting.question(), data=data | changed, headers=JSON)


def stored(setting):
    return [each.text for each in bid_as_stored(setting.bid_id).answers]


@pytest.mark.parametrize(
    "text",
    [
        "Gŵyl Ddewi 🙂",
        "one\r\ntwo\rthree",
        "'; DROP TABLE bid; --",
        "word " * 3_000,
        "\ufdd0 \u200b",
    ],
    ids=["welsh", "line ends", "hostile", "over the limit", "unusual"],
)
def test_whatever_is_typed_is_kept_though_it_is_too_long_or_odd(app, text):
    setting = together()
    client = browser_of(app, setting.manager)
    answer = send(client, setting, text)
    assert answer.status_code == 200
    assert answer.json["edition"] == 1 and answer.json["said"].startswith("Saved at ")
    assert answer.headers["Cache-Control"] == "no-store"
    assert [each.split() for each in stored(setting)] == [text.split()]


def test_the_next_save_goes_on_from_the_edition_answered(app):
    setting = together()
    client = browser_of(app, setting.manager)
    page = client.show(setting.question())
    first = send(client, setting, "One", page)
    second = send(client, setting, "One two", page, edition=str(first.json["edition"]))
    assert (second.status_code, second.json["edition"], stored(setting)) == (200, 2, ["One two"])


def test_the_same_text_again_changes_nothing_and_leaves_no_event(app):
    setting = together()
    client = browser_of(app, setting.manager)
    page = client.show(setting.question())
    events = select(func.count()).where(AuditEvent.action == "bid:answer_saved")
    for _time in range(3):
        assert send(client, setting, "One", page).status_code == 200
    assert db.session.scalar(events) == 1


def test_a_colleagues_words_are_not_overwritten_and_the_button_then_shows_both(app):
    setting = together()
    client = browser_of(app, setting.manager)
    page = client.show(setting.question())
    with write():
        actions.save_answer(
            setting.bid_id,
            setting.lot.questions[0].id,
            "We are his",
            0,
            setting.by(setting.colleague),
        )
    answer = send(client, setting, "We are hers", page)
    assert (answer.status_code, answer.json["theirs"]) == (409, "We are his")
    assert "Save and continue" in answer.json["said"]
    assert stored(setting) == ["We are his"]
    clash = client.submit(page, "Save and continue", text="We are hers")
    assert clash.status_code == 409
    assert "<mark>his</mark>" in clash.page.html and "<mark>hers</mark>" in clash.page.html
    # This page does not save by itself: that would overwrite before anybody has compared.
    assert "data-autosave" not in clash.page.html
    client.submit(clash.page, "Save and continue", text="We are both")
    assert stored(setting) == ["We are both"]


def test_ones_own_words_of_another_page_are_not_called_a_colleagues(app):
    setting = together()
    client = browser_of(app, setting.manager)
    page = client.show(setting.question())
    assert send(client, setting, "Saved as the page was left", page).status_code == 200
    answer = send(client, setting, "Typed on the old page", page)
    clash = client.submit(page, "Save and continue", text="Typed on the old page")
    for said in (answer.json["said"], clash.page.text):
        assert "by you in another page or by a colleague" in said
        assert "your colleague saved" not in said
    assert stored(setting) == ["Saved as the page was left"]


def test_a_text_of_absurd_length_is_not_saved_and_the_script_is_told(app):
    setting = together()
    client = browser_of(app, setting.manager)
    answer = send(client, setting, "x" * 200_000)
    assert answer.status_code == 422 and "Not saved" in answer.json["said"]
    assert stored(setting) == []


def test_after_closing_the_draft_is_kept_and_the_script_is_told(app):
    setting = together()
    client = browser_of(app, setting.manager)
    page = client.show(setting.question())
    pass_closing(setting.lot)
    answer = send(client, setting, "A last thought", page)
    assert "has closed" in answer.json["said"] and stored(setting) == ["A last thought"]


def test_neither_a_forged_form_nor_a_stranger_saves(app):
    setting = together()
    client = browser_of(app, setting.manager)
    assert send(client, setting, "Forged", csrf_token="wrong").status_code == 400
    _other, person = bidder()
    stranger = browser_of(app, person)
    page = client.show(setting.question())
    token = dict(stranger.show("/bids").forms()[0].values())["csrf_token"]
    assert send(stranger, setting, "Mine", page, csrf_token=token).status_code == 404
    assert stored(setting) == []


def test_a_taken_over_answer_counts_as_read_by_the_button_only(app):
    setting = together()
    client = browser_of(app, setting.manager)
    send(client, setting, "From before")
    with write():
        bid_as_stored(setting.bid_id).answers[0].unreviewed = True
    send(client, setting, "From before, changed")
    assert "comes from an earlier one" in client.show(setting.address).text
    page = client.show(setting.question())
    client.submit(page, "Save and go back to the list")
    assert "comes from an earlier one" not in client.show(setting.address).text
