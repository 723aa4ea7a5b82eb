"""What everybody takes away from a lot without an account."""

from __future__ import annotations

import io
import json
import zipfile
from xml.etree import ElementTree

import pytest
from sqlalchemy import update

from lots import actions
from lots.competition import papers
from lots.vocabulary import LotState
from marketplace.database import db, write
from marketplace.files.models import File, FileState
from tests.support.competition import (
    answer,
    approved_lot,
    asked,
    director_of,
    materially_changed,
    move_to,
    officer_of,
)
from tests.support.drafting import with_document
from tests.support.lots import make_lot, make_open_lot

HOSTILE = "<b>&amp; “O’Brien” \x0b]]></b>\nSecond line"


@pytest.fixture
def lot(app):
    """An open lot with a document, an answer and a change."""
    draft = make_lot(LotState.DRAFT)
    document_id = with_document(draft.id, officer_of(draft))
    with write():
        actions.publish_lot(draft.id, director_of(draft))
    answer(asked(draft, question=HOSTILE), officer_of(draft), "An answer.")
    materially_changed(draft, values={"summary": "Clearer."})
    return draft, document_id


def test_text_word_and_data_hold_questions_answers_and_changes(client, lot):
    shown, _document = lot
    texts = {}
    for ending in ("txt", "json"):
        texts[ending] = client.get(f"/opportunities/{shown.id}/lot.{ending}").get_data(as_text=True)
    word = client.get(f"/opportunities/{shown.id}/lot.docx").get_data()
    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
        texts["docx"] = archive.read("word/document.xml").decode()
    for text in texts.values():
        for words in ("An answer.", "Clearer.", "How will you deliver the service?"):
            assert words in text
    data = json.loads(texts["json"])
    assert data["closes_at"] and data["questions"][0]["word_limit"] == 500
    assert len(data["answers"]) == len(data["changes"]) == 1


def test_the_data_say_of_a_state_what_the_page_says(app, client):
    def state(lot_id):
        return json.loads(client.get(f"/opportunities/{lot_id}/lot.json").text)["state"]

    approved, opened = approved_lot(), make_open_lot()
    assert (state(approved.id), state(opened.id)) == ("planned", "open")
    move_to(opened.closes_at)
    assert state(opened.id) == "closed"


def test_everything_comes_in_one_archive(client, lot):
    shown, _document = lot
    archive = client.get(f"/opportunities/{shown.id}/everything.zip").get_data()
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        endings = sorted(name.rpartition(".")[2] for name in opened.namelist())
    assert endings == ["docx", "json", "pdf", "txt"]


def test_too_much_for_one_archive_is_said(client, lot, monkeypatch):
    monkeypatch.setattr(papers, "MOST_ZIPPED_BYTES", 3)
    response = client.get(f"/opportunities/{lot[0].id}/everything.zip")
    assert response.status_code == 409 and "one by one" in response.text


def test_a_document_is_saved_never_shown_and_not_while_it_is_checked(client, lot):
    shown, document_id = lot
    path = f"/opportunities/{shown.id}/documents/{document_id}"
    response = client.get(path)
    assert response.headers["Content-Disposition"].startswith("attachment")
    with write():
        db.session.execute(update(File).values(state=FileState.QUARANTINED, scanned_at=None))
    assert client.get(path).status_code == 409
    archive = client.get(f"/opportunities/{shown.id}/everything.zip").get_data()
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert not any(name.endswith(".pdf") for name in opened.namelist())


def test_a_draft_and_its_documents_do_not_exist_for_the_public(client, lot):
    draft = make_lot(LotState.DRAFT)
    document_id = with_document(draft.id, officer_of(draft))
    other = make_open_lot()
    for path in (
        *(f"/opportunities/{draft.id}/lot.{ending}" for ending in ("txt", "json", "docx")),
        f"/opportunities/{draft.id}/everything.zip",
        f"/opportunities/{draft.id}/documents/{document_id}",
        f"/opportunities/{other.id}/documents/{document_id}",
    ):
        assert client.get(path).status_code == 404, path
