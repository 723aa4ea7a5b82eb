"""Files are received with their row, kept unreadable, only ever saved, and removed when loose."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import Column, ForeignKey, MetaData, Table, Uuid, func, select, text, update
from sqlalchemy.exc import IntegrityError

from marketplace import clock, files
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.files import File, FileState
from marketplace.files.actions import content_of, next_loose, remove_loose
from marketplace.files.models import FileContent
from marketplace.keyring import UnreadableSecret
from marketplace.lifecycle import Refusal
from tests.support.files import PDF, SAMPLES, make_file, xlsx
from tests.support.people import acting_as, make_person, sign_in

PAGE = "/example/files"


@pytest.fixture
def sender(client):
    person = make_person(Role.BID_MANAGER)
    sign_in(client, person)
    return person


def send_file(client, name, content):
    return client.submit(PAGE, "Send", document=(BytesIO(content), name))


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize("name", SAMPLES)
def test_what_was_sent_is_saved_again_byte_for_byte(client, sender, name):
    page = send_file(client, name, SAMPLES[name]).page
    assert name in page.text
    assert "Not scanned for viruses" in page.text
    stored = db.session.scalars(select(File)).one()
    answer = client.get(f"{PAGE}/{stored.id}")
    assert answer.data == SAMPLES[name]
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.mimetype != "text/html"


def test_a_name_with_an_apostrophe_and_welsh_letters_is_carried_safely(client, sender):
    send_file(client, "Tŷ; O'Neill.pdf", PDF)
    stored = db.session.scalars(select(File)).one()
    told = client.get(f"{PAGE}/{stored.id}").headers["Content-Disposition"]
    assert "filename*=UTF-8''T%C5%B7%3B%20O%27Neill.pdf" in told


def test_the_page_says_what_is_wrong_with_a_file_beside_its_field(client, sender):
    page = send_file(client, "staff costs.pdf", xlsx()).page
    assert "There is a problem" in page.text
    assert "a spreadsheet (XLSX) though its name ends in .pdf" in page.text
    page = send_file(client, "none.pdf", b"").page
    assert "The selected file is empty" in page.text
    page = client.submit(PAGE, "Send").page
    assert "Choose a file" in page.text
    assert count(File) == 0


def test_a_file_that_is_too_large_is_answered_on_its_page(client, sender):
    page = send_file(client, "large.pdf", PDF + bytes(10_000_001)).page
    assert "must be 10 MB or smaller" in page.text


def test_one_larger_than_any_request_gets_a_clear_page(client, sender):
    answer = send_file(client, "huge.pdf", PDF + bytes(20_000_001))
    assert answer.status_code == 413
    assert "at most 10 MB" in answer.page.text
    assert answer.page.h1 == "The file is too large"
    assert "Go back to the page you came from" in answer.page.text


def test_other_pages_take_no_more_than_before(client, sender):
    answer = client.post("/account/switch", data={"organisation": "x" * 5_000_000})
    assert answer.status_code == 413
    assert "shorten the text" in answer.page.text


def test_the_database_shows_neither_name_nor_content(by):
    make_file(by, "Secret plan.pdf", PDF)
    rows = db.session.execute(text("SELECT name, sha256 FROM file")).one()
    sealed = db.session.scalars(select(FileContent.sealed)).one()
    assert b"Secret" not in bytes(rows.name)
    assert PDF not in bytes(sealed) and b"%PDF" not in bytes(sealed)


def test_content_cannot_be_moved_to_another_file(by):
    first, second = make_file(by), make_file(by, "other.pdf", PDF + b"other")
    with write():
        kept = {each.file_id: each for each in db.session.scalars(select(FileContent))}
        kept[first.id].sealed = kept[second.id].sealed
    with pytest.raises(UnreadableSecret):
        content_of(first)


def test_the_audit_tells_of_a_file_without_its_name(by):
    file = make_file(by, "Jane Doe’s record.pdf")
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "file:received")).one()
    assert event.subject_id == str(file.id)
    assert "Jane" not in str(event.details)


def test_an_organisation_sends_so_many_a_day_and_others_none_the_less(app, by):
    app.extensions["settings"].files_per_day = 2
    for _ in range(2):
        make_file(by)
    with pytest.raises(Refusal, match="2 files within a day"):
        make_file(by)
    make_file(acting_as(make_person(Role.BID_MANAGER)))
    with write():
        db.session.execute(update(File).values(uploaded_at=clock.now() - timedelta(days=1)))
    make_file(by)


def test_a_file_that_belongs_to_nothing_is_removed_after_a_day(by):
    loose, kept = make_file(by), make_file(by)
    with write():
        files.attach(db.session.get_one(File, kept.id))
    now = clock.now()
    assert next_loose(now) == loose.loose_since + timedelta(days=1)
    assert remove_loose(now + timedelta(hours=23)) == 0
    assert remove_loose(now + timedelta(hours=25)) == 1
    assert remove_loose(now + timedelta(hours=25)) == 0
    assert db.session.scalars(select(File.id)).all() == [kept.id]
    assert count(FileContent) == 1
    assert next_loose(now) is None


def test_one_let_go_is_removed_a_day_later(by):
    file = make_file(by)
    with write():
        files.attach(db.session.get_one(File, file.id))
    assert remove_loose(clock.now() + timedelta(days=9)) == 0
    with write():
        files.let_go(file.id)
    assert remove_loose(clock.now() + timedelta(days=1, seconds=1)) == 1


def test_one_that_a_row_still_refers_to_stays(by):
    """As after copying a lot with its documents, and letting go of them in one of the two."""
    file = make_file(by)
    refers = ForeignKey(File.__table__.c.id)
    holder = Table("holder", MetaData(), Column("file_id", Uuid, refers))
    with write():
        holder.create(db.session.connection())
        db.session.execute(holder.insert().values(file_id=file.id))
    assert remove_loose(clock.now() + timedelta(days=2)) == 0
    db.session.expire_all()
    assert db.session.get_one(File, file.id).loose_since is None
    assert content_of(file) == PDF


def test_sizes_are_shown_as_people_say_them():
    assert files.shown_size(1) == "1 kB"
    assert files.shown_size(120_400) == "121 kB"
    assert files.shown_size(3_440_000) == "3.4 MB"


def test_the_state_of_a_file_is_never_clean_without_a_scan(by):
    file = make_file(by)
    with pytest.raises(IntegrityError, match="scanned_or_not"), write():
        db.session.get_one(File, file.id).state = FileState.CLEAN


def test_what_is_refused_is_read_to_its_end_so_that_the_browser_shows_the_page(client):
    sent = BytesIO(bytes(25_000_000))
    answer = client.post(
        PAGE, input_stream=sent, content_length=25_000_000, content_type="multipart/form-data"
    )
    assert answer.status_code == 413
    assert sent.read() == b""
