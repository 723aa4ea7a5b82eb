"""A file whose owner is hidden: no row ties it to anybody, and all else is as with any file."""

from __future__ import annotations

import base64
import gzip
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from marketplace import clock, files
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, new_id, write
from marketplace.files import File, FileState
from marketplace.files.actions import content_of, remove_loose
from marketplace.files.models import FileContent, Owner
from marketplace.files.scanning import scan_waiting
from marketplace.keyring import UnreadableSecret
from marketplace.lifecycle import Refusal
from marketplace.outbox.models import OutboxMessage
from tests.support.files import PDF, VIRUS, make_file
from tests.support.people import acting_as, make_person

NAME = "Zwetschgen plan.pdf"
CONTENT = PDF + b"% Quittenmus is our recipe\n" * 200


@pytest.fixture
def scope(app):
    return new_id()


def stored(file: File) -> File:
    return db.session.get_one(File, file.id)


def dump() -> bytes:
    """Everything in the database, as text and as bytes."""
    found = bytearray()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(text(f'SELECT * FROM "{table.name}"')):
            for value in row:
                is_bytes = isinstance(value, bytes | memoryview)
                found += bytes(value) if is_bytes else str(value).encode()
                found += b"\n"
    return bytes(found)


def test_what_was_sent_is_read_again_by_its_owner(by, scope):
    file = stored(make_file(by, NAME, CONTENT, hidden_in=scope))
    assert file.name == NAME
    assert file.owner == Owner(by.organisation_id, by.person_id)
    assert content_of(file) == CONTENT
    assert files.readable(file, file.key) == CONTENT


def test_an_open_file_tells_its_owner_the_same_way(by):
    file = stored(make_file(by, NAME))
    assert not file.is_hidden
    assert file.owner == Owner(by.organisation_id, by.person_id)


def test_a_dump_shows_neither_name_nor_content_nor_owner(by, scope):
    before = {each: dump().count(each) for each in _of(by)}
    make_file(by, NAME, CONTENT, hidden_in=scope)
    seen = dump()
    for marker in (b"Zwetschgen plan", b"Quittenmus is our recipe"):
        assert marker not in seen
        for pad in (b"", b"x", b"xx"):
            assert base64.b64encode(pad + marker)[4:-4] not in seen
    assert gzip.compress(CONTENT, mtime=0)[10:200] not in seen
    assert {each: seen.count(each) for each in _of(by)} == before


def _of(by) -> list[bytes]:
    ids = (by.organisation_id, by.person_id)
    return [form.encode() for each in ids for form in (str(each), each.hex)]


def test_two_files_for_two_things_share_nothing(by, scope):
    """A hash of the organisation alone would tie what it does here to what it does there."""
    one = stored(make_file(by, hidden_in=scope))
    other = stored(make_file(by, hidden_in=new_id()))
    same = stored(make_file(by, hidden_in=scope))
    assert one.scope_hash != other.scope_hash
    assert one.scope_hash == same.scope_hash
    assert one.key != same.key


def test_the_audit_names_nobody(by, scope):
    file = make_file(by, hidden_in=scope)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "file:received")).one()
    assert event.subject_id == str(file.id)
    assert event.person_id is None
    assert event.organisation_id is None


def test_the_wrong_key_opens_nothing_and_content_cannot_be_moved(by, scope):
    one = stored(make_file(by, hidden_in=scope))
    other = stored(make_file(by, "other.pdf", PDF + b"other", hidden_in=scope))
    with pytest.raises(UnreadableSecret):
        content_of(one, other.key)
    with write():
        kept = {each.file_id: each for each in db.session.scalars(select(FileContent))}
        kept[one.id].sealed = kept[other.id].sealed
    with pytest.raises(UnreadableSecret):
        content_of(stored(one))


def test_a_name_cannot_be_read_under_another_owner(by, scope):
    one = stored(make_file(by, hidden_in=scope))
    stranger = acting_as(make_person(Role.BID_MANAGER))
    other = stored(make_file(stranger, hidden_in=scope))
    with write():
        stored(one).hidden_owner = other.hidden_owner
    with pytest.raises(UnreadableSecret):
        _ = stored(one).name


@pytest.mark.parametrize(
    "mixed",
    [
        {"hidden_owner": "{}"},
        {"organisation_id": None},
        {"organisation_id": None, "uploaded_by": None, "open_name": None},
        {"scope_hash": bytes(32)},
    ],
)
def test_the_database_holds_exactly_one_sort_of_owner(by, mixed):
    file = make_file(by)
    with pytest.raises(IntegrityError, match="one_sort_of_owner"), write():
        db.session.execute(update(File).where(File.id == file.id).values(**mixed))


def test_each_thing_takes_so_many_files_a_day(app, by, scope):
    app.extensions["settings"].files_per_day = 2
    for _ in range(2):
        make_file(by, hidden_in=scope)
    with pytest.raises(Refusal, match="2 files within a day"):
        make_file(by, hidden_in=scope)
    make_file(by, hidden_in=new_id())
    make_file(by)
    with write():
        db.session.execute(update(File).values(uploaded_at=clock.now() - timedelta(days=1)))
    make_file(by, hidden_in=scope)


def test_a_loose_one_is_removed_as_any_other(by, scope):
    make_file(by, hidden_in=scope)
    kept = make_file(by, hidden_in=scope)
    with write():
        files.attach(stored(kept))
    assert remove_loose(clock.now() + timedelta(hours=25)) == 1
    assert db.session.scalars(select(File.id)).all() == [kept.id]
    assert db.session.scalars(select(FileContent.file_id)).all() == [kept.id]


def test_it_waits_in_quarantine_and_is_then_clean(by, scope, scanner):
    file = make_file(by, content=CONTENT, hidden_in=scope)
    with pytest.raises(Refusal, match="being checked"):
        files.send(stored(file))
    scan_waiting(clock.now())
    assert scanner.scanned == [CONTENT]
    assert stored(file).state is FileState.CLEAN
    assert files.readable(stored(file)) == CONTENT


def test_a_virus_is_told_to_its_sender_in_a_mail_that_names_nothing(by, scope, scanner):
    file = make_file(by, NAME, PDF + VIRUS, hidden_in=scope)
    scan_waiting(clock.now())
    assert stored(file).state is FileState.INFECTED
    with pytest.raises(Refusal, match="a virus was found"):
        files.readable(stored(file), stored(file).key)
    mail = db.session.scalars(select(OutboxMessage)).one()
    assert mail.recipient == "sender@example.org"
    assert "Zwetschgen" not in mail.facts
