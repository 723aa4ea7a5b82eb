"""The bid as a document, opened again as a word processor would."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from bids.writing import actions, documents
from marketplace.acting import Role
from marketplace.database import write
from tests.support.bid_writing import together
from tests.support.bids import bid_as_stored, submitted_bid
from tests.support.lots import make_open_lot
from tests.support.people import browser_of, make_person


def opened(content):
    return [paragraph.text for paragraph in Document(BytesIO(content)).paragraphs]


def saved(setting, text, number=1):
    with write():
        question = setting.lot.questions[number - 1].id
        actions.save_answer(setting.bid_id, question, text, 0, setting.by(setting.manager))


def test_the_download_holds_the_lot_and_every_question_with_its_own_words_in_order(app):
    setting = together()
    saved(setting, "Gŵyl 🙂\n\nTwo – 'lines' & <b>all</b>")
    answer = browser_of(app, setting.manager).get(f"{setting.address}/download")
    assert answer.mimetype == documents.MIMETYPE
    assert answer.headers["Cache-Control"] == "no-store"
    assert f"bid-{setting.lot.reference}.docx" in answer.headers["Content-Disposition"]
    text = opened(answer.data)
    assert text[0] == setting.lot.title
    asked = [f"Question {each.position}: {each.text}" for each in setting.lot.questions]
    places = [text.index(each) for each in asked]
    assert places == sorted(places)
    first = text[places[0] : places[1]]
    assert first[2:] == ["Gŵyl 🙂", "", "Two – 'lines' & <b>all</b>"]
    assert "Not answered yet" in text[places[1] :]
    assert f"Lot: {setting.lot.reference}" in text


def test_a_submitted_version_is_named_with_its_hash(app):
    lot = make_open_lot()
    bid_id = submitted_bid(lot)
    with app.test_request_context():
        text = opened(documents.as_document(bid_as_stored(bid_id)))
    assert any(bid_as_stored(bid_id).latest.sha256 in line for line in text)


@pytest.mark.parametrize("nasty", ["\x00", "\x0b", "\ufffe", "\uffff", "\ud800", "\x1f"])
def test_what_a_document_cannot_hold_is_left_out_and_nothing_else(nasty):
    assert documents.printable(f"before{nasty}after") == "beforeafter"


@given(st.text())
def test_any_text_can_be_written_and_read_again(text):
    document = Document()
    printable = documents.printable(text)
    document.add_paragraph(printable)
    written = BytesIO()
    document.save(written)
    assert opened(written.getvalue()) == [printable.replace("\r", "\n")]


def test_price_and_costs_stand_after_the_answers(app):
    lot = make_open_lot()
    bid_id = submitted_bid(lot, price=9_000_50)
    with app.test_request_context():
        text = opened(documents.as_document(bid_as_stored(bid_id)))
    priced = text.index("Price and costs")
    assert priced > text.index(f"Question 2: {lot.questions[1].text}")
    assert any("£9,000.50" in line for line in text[priced:])


def test_somebody_elses_bid_cannot_be_downloaded(app):
    setting = together()
    other = browser_of(app, make_person(Role.BID_MANAGER))
    assert other.get(f"{setting.address}/download").status_code == 404
