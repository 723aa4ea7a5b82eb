"""Files and the virus scanner: clamd's INSTREAM command, and the job that asks it."""

from __future__ import annotations

import logging
import socket
import struct
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app
from sqlalchemy import delete, select

from marketplace import clock, outbox
from marketplace.accounts.models import Person
from marketplace.database import db, write
from marketplace.files.actions import content_of
from marketplace.files.lifecycle import CLEAR, FILE, RELEASE, REMOVE, UNJUDGED
from marketplace.files.models import File, FileContent, FileState

CONNECT_SECONDS = 3
ANSWER_SECONDS = 60
CHUNK_BYTES = 64 * 1024
MOST_ANSWER_BYTES = 4096
log = logging.getLogger(__name__)


class ScannerAway(Exception):
    """The scanner could not be reached, or broke off."""


class NoVerdict(Exception):
    """The scanner was reached and could not judge this file."""


def holds_virus(content: bytes, address: str) -> bool:
    """Ask clamd (`tcp://host:port` or `unix:///path`). Raises ScannerAway or NoVerdict."""
    try:
        with _connected(address) as scanner:
            scanner.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK_BYTES):
                chunk = content[start : start + CHUNK_BYTES]
                scanner.sendall(struct.pack("!L", len(chunk)) + chunk)
            scanner.sendall(struct.pack("!L", 0))
            answer = _answer(scanner)
    except OSError as error:
        raise ScannerAway(type(error).__name__) from error
    if answer.endswith(" FOUND"):
        return True
    if answer.endswith(": OK"):
        return False
    raise NoVerdict(answer) if answer else ScannerAway("no answer")


def _connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        scanner.settimeout(CONNECT_SECONDS)
        scanner.connect(parts.path)
    else:
        place = (parts.hostname or "", parts.port or 3310)
        scanner = socket.create_connection(place, CONNECT_SECONDS)
    scanner.settimeout(ANSWER_SECONDS)
    return scanner


def _answer(scanner: socket.socket) -> str:
    answer = b""
    while len(answer) < MOST_ANSWER_BYTES and (part := scanner.recv(MOST_ANSWER_BYTES)):
        answer += part
        if b"\0" in part:
            break
    return answer.partition(b"\0")[0].decode(errors="replace").strip()


def scan_waiting(now: datetime) -> int:
    """The job: have every unjudged file scanned; without a scanner, let none wait for it.

    Returns how many changed. While the scanner is away they wait for the next round.
    """
    address = current_app.extensions["settings"].clamd
    if not address:
        return sum(map(_release, _ids(FileState.QUARANTINED)))
    judged = 0
    for file_id in _ids(*UNJUDGED):
        try:
            judged += _scan(file_id, address)
        except ScannerAway as error:
            log.error("scanner away", extra={"kind": str(error)})
            break
        except NoVerdict:
            log.error("scanner gave no verdict", extra={"file": str(file_id)})
    return judged


def _ids(*states: FileState) -> list[UUID]:
    found = select(File.id).where(File.state.in_(states)).order_by(File.uploaded_at, File.id)
    return list(db.session.scalars(found))


def _scan(file_id: UUID, address: str) -> bool:
    file = db.session.get(File, file_id)
    content = content_of(file) if file else None
    # No transaction stays open while the scanner thinks.
    db.session.rollback()
    if content is None:
        return False
    infected = holds_virus(content, address)
    with write():
        file = db.session.get(File, file_id, with_for_update=True)
        if file is None or file.state not in UNJUDGED:
            return False
        FILE.take(REMOVE if infected else CLEAR, file, None, {"scanned_at": clock.now()})
        if infected:
            _tell_and_empty(file)
    return True


def _tell_and_empty(file: File) -> None:
    db.session.execute(delete(FileContent).where(FileContent.file_id == file.id))
    outbox.post(
        "marketplace/files/mail/infected.txt",
        to=db.session.get_one(Person, file.owner.person_id).email,
        subject_id=file.id,
        # A name may tell what the file is for, and with its reader whose it is.
        facts={"name": "" if file.is_hidden else file.name},
    )


def _release(file_id: UUID) -> bool:
    with write():
        file = db.session.get(File, file_id, with_for_update=True)
        if file is None or file.state is not FileState.QUARANTINED:
            return False
        FILE.take(RELEASE, file, None)
    return True
