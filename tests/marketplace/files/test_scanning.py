"""Nobody has a file before it was scanned, and nothing that was not scanned is called clean."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from marketplace import clock
from marketplace.database import db
from marketplace.files import File, FileState, scanning, send
from marketplace.files.actions import content_of, remove_loose
from marketplace.files.models import FileContent
from marketplace.files.scanning import scan_waiting
from marketplace.lifecycle import Refusal
from marketplace.outbox.actions import compose
from marketplace.settings import Settings
from tests.marketplace.files.scanner import Scanner
from tests.support.files import PDF, VIRUS, make_file
from tests.support.mails import facts_of_last_mail, mails_to

NOBODY_LISTENS = "tcp://127.0.0.1:1"


def state_of(file: File) -> FileState:
    db.session.expire_all()
    return db.session.get_one(File, file.id).state


def infected(by):
    return make_file(by, "cv.pdf", PDF + VIRUS)


def test_with_a_scanner_a_file_waits_until_it_was_found_clean(by, scanner):
    file = make_file(by)
    assert state_of(file) is FileState.QUARANTINED
    with pytest.raises(Refusal, match="being checked for viruses"):
        send(file)
    assert scan_waiting(clock.now()) == 1
    assert scanner.scanned == [PDF]
    assert state_of(file) is FileState.CLEAN
    assert db.session.get_one(File, file.id).scanned_at
    assert scan_waiting(clock.now()) == 0
    assert len(scanner.scanned) == 1


def test_a_virus_is_removed_and_its_sender_told(by, scanner):
    bad, good = infected(by), make_file(by)
    assert scan_waiting(clock.now()) == 2
    assert (state_of(bad), state_of(good)) == (FileState.INFECTED, FileState.CLEAN)
    kept = db.session.scalars(select(FileContent.file_id)).all()
    assert kept == [good.id]
    with pytest.raises(Refusal, match="a virus was found"):
        send(db.session.get_one(File, bad.id))
    assert facts_of_last_mail("sender@example.org") == {"name": "cv.pdf"}


def test_the_mail_says_what_happened_and_names_the_file_only_inside(app, by, scanner):
    infected(by)
    scan_waiting(clock.now())
    mail = compose(mails_to("sender@example.org")[0])
    assert mail["Subject"] == "A file you sent was removed"
    assert "“cv.pdf”" in mail.get_content()


def test_while_the_scanner_is_away_files_wait_for_the_next_round(app, by, scanner):
    app.extensions["settings"].clamd = NOBODY_LISTENS
    file = make_file(by)
    assert scan_waiting(clock.now()) == 0
    assert state_of(file) is FileState.QUARANTINED
    app.extensions["settings"].clamd = scanner.address
    assert scan_waiting(clock.now()) == 1
    assert state_of(file) is FileState.CLEAN


@pytest.mark.parametrize(
    "answer", [b"", b"\0", b"INSTREAM size limit exceeded. ERROR\0", b"OK" * 9]
)
def test_any_other_answer_is_no_verdict(by, scanner, answer):
    file = make_file(by)
    scanner.answer = answer
    assert scan_waiting(clock.now()) == 0
    assert state_of(file) is FileState.QUARANTINED


def test_one_file_without_a_verdict_holds_up_no_other(by, scanner, monkeypatch):
    odd, good = make_file(by, content=PDF + b"odd"), make_file(by)
    judge = scanner.verdict
    monkeypatch.setattr(
        scanner, "verdict", lambda sent: b"ERROR\0" if sent.endswith(b"odd") else judge(sent)
    )
    assert scan_waiting(clock.now()) == 1
    assert (state_of(odd), state_of(good)) == (FileState.QUARANTINED, FileState.CLEAN)


def test_a_file_removed_while_it_was_scanned_stays_removed(by, scanner, monkeypatch):
    make_file(by)
    next_week = clock.now() + timedelta(days=7)

    def slow(content, address):
        assert remove_loose(next_week) == 1
        return True

    monkeypatch.setattr(scanning, "holds_virus", slow)
    assert scan_waiting(clock.now()) == 0
    assert mails_to("sender@example.org") == []


def test_without_a_scanner_a_file_is_had_at_once_but_never_called_clean(by):
    file = make_file(by)
    assert scan_waiting(clock.now()) == 0
    assert state_of(file) is FileState.UNSCANNED
    assert content_of(file) == PDF


def test_a_scanner_set_up_later_judges_what_nobody_scanned(app, by):
    file = make_file(by, "cv.pdf", PDF + VIRUS)
    with Scanner() as running:
        app.extensions["settings"].clamd = running.address
        assert scan_waiting(clock.now()) == 1
    assert state_of(file) is FileState.INFECTED


def test_a_scanner_on_this_machine_is_asked_through_its_socket(app, by, tmp_path):
    file = make_file(by)
    with Scanner(str(tmp_path / "clamd")) as running:
        app.extensions["settings"].clamd = running.address
        assert scan_waiting(clock.now()) == 1
    assert state_of(file) is FileState.CLEAN


def test_a_scanner_taken_away_leaves_nothing_waiting_for_ever(app, by, scanner):
    file = make_file(by)
    app.extensions["settings"].clamd = ""
    assert scan_waiting(clock.now()) == 1
    assert state_of(file) is FileState.UNSCANNED


def test_the_round_of_jobs_scans(app):
    assert {"scan files", "remove loose files"} <= {job.name for job in app.extensions["jobs"]}


@pytest.mark.parametrize("address", ["clamd", "tcp://host", "http://host:3310", "unix://"])
def test_an_address_that_is_none_is_refused_at_start(address):
    with pytest.raises(ValidationError, match="tcp://host:port or unix:///path"):
        Settings(clamd=address)
